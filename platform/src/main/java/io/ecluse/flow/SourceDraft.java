package io.ecluse.flow;

import io.ecluse.source.Discovery;
import io.ecluse.source.Discovery.Found;
import io.ecluse.source.Discovery.FoundColumn;
import io.ecluse.text.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of {@code sources/NAME.yaml} that a discovery proposes. What is the same writes the same
 * text, so that two proposals can be compared.
 */
public final class SourceDraft {
  /** Plain words that YAML reads as something else. */
  private static final Set<String> NOT_TEXT =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private SourceDraft() {}

  /** What is said above all else. */
  static String top(Discovery discovery) {
    return """
        # What ecluse source discover found: %s, %d streams.
        # Rows and sizes are the server's estimates. What is marked as personal data is a guess,
        # with its reason: correct it, and add what it missed.
        """
        .formatted(comment(discovery.system()), discovery.streams().size());
  }

  /** What a discovery proposes in the place of {@code streams} of a file that is there. */
  public static String streams(Discovery discovery) {
    StringBuilder yaml = new StringBuilder();
    if (!discovery.streams().isEmpty()) {
      yaml.append("streams:\n");
      discovery.streams().forEach(s -> stream(yaml, s));
    }
    discovery.notes().forEach(n -> yaml.append("# ").append(comment(n)).append('\n'));
    if (!discovery.leftOut().isEmpty()) {
      yaml.append("# Left out:\n");
      discovery
          .leftOut()
          .forEach(l -> yaml.append("#   %s: %s\n".formatted(comment(l.name()), comment(l.why()))));
    }
    return yaml.toString();
  }

  /** The text of a file that is there, its streams as they were found. */
  public static String anew(String text, Discovery found) {
    StringBuilder kept = new StringBuilder();
    boolean streams = false;
    for (String line : text.lines().toList()) {
      boolean key = line.matches("[A-Za-z_].*");
      streams = key ? line.startsWith("streams:") : streams;
      if (!streams) {
        kept.append(line).append('\n');
      }
    }
    return kept + streams(found);
  }

  static void entry(StringBuilder yaml, String key, String value) {
    yaml.append("  ").append(key).append(": ").append(value).append('\n');
  }

  private static void stream(StringBuilder yaml, Found stream) {
    List<String> facts = new ArrayList<>();
    facts.add(
        stream
            .rows()
            .map(
                r ->
                    "about %s rows, %s".formatted(Amounts.number(r), Amounts.bytes(stream.bytes())))
            .orElse("rows never counted"));
    facts.addAll(stream.notes());
    yaml.append("  %s:  # %s\n".formatted(text(stream.name()), comment(String.join("; ", facts))));
    if (!stream.description().isBlank()) {
      yaml.append("    description: ").append(text(stream.description())).append('\n');
    }
    if (!stream.primaryKey().isEmpty()) {
      yaml.append(
          stream.primaryKey().stream()
              .map(SourceDraft::text)
              .collect(Collectors.joining(", ", "    primary_key: [", "]\n")));
    }
    List<FoundColumn> telling = stream.columns().stream().filter(SourceDraft::isTelling).toList();
    if (!telling.isEmpty()) {
      yaml.append("    columns:\n");
      stream.columns().stream()
          .filter(c -> telling.contains(c) || isKey(stream, c))
          .forEach(c -> column(yaml, c));
    }
  }

  /** Whether there is something to say of it. */
  private static boolean isTelling(FoundColumn column) {
    return column.personal().isPresent()
        || column.landing().isPresent()
        || !column.description().isBlank();
  }

  private static boolean isKey(Found stream, FoundColumn column) {
    return stream.primaryKey().contains(column.staged().column().name());
  }

  private static void column(StringBuilder yaml, FoundColumn column) {
    List<String> entries = new ArrayList<>();
    column.personal().ifPresent(p -> entries.add("personal: " + text(p.category())));
    if (!column.description().isBlank()) {
      entries.add("description: " + text(column.description()));
    }
    List<String> reasons = new ArrayList<>();
    column.personal().ifPresent(p -> reasons.add(p.why()));
    column.landing().ifPresent(reasons::add);
    if (entries.isEmpty() && reasons.isEmpty()) {
      reasons.add(column.staged().sourceType());
    }
    yaml.append("      ").append(text(column.staged().column().name())).append(':');
    if (!entries.isEmpty()) {
      yaml.append(" {").append(String.join(", ", entries)).append('}');
    }
    if (!reasons.isEmpty()) {
      yaml.append("  # ").append(comment(String.join("; ", reasons)));
    }
    yaml.append('\n');
  }

  /** A scalar that YAML reads back as this text. */
  static String text(String value) {
    if (value.matches("[\\p{L}_]([\\p{L}0-9_.'’()/ -]*[\\p{L}0-9_.)])?")
        && !NOT_TEXT.contains(value.toLowerCase(Locale.ROOT))) {
      return value;
    }
    StringBuilder quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            c -> {
              Optional<String> escaped = escape(c);
              if (escaped.isPresent()) {
                quoted.append(escaped.get());
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  private static Optional<String> escape(int c) {
    if (c == '"' || c == '\\') {
      return Optional.of("\\" + (char) c);
    }
    if (c == '\n') {
      return Optional.of("\\n");
    }
    // what YAML does not print: controls, line separators, surrogates, the byte order mark
    boolean printable =
        (c >= 0x20 && c < 0x7f)
            || (c >= 0xa0 && c < 0xd800 && c != 0x2028 && c != 0x2029)
            || (c >= 0xe000 && c < 0xfffe && c != 0xfeff)
            || c >= 0x10000;
    return printable ? Optional.empty() : Optional.of("\\u%04x".formatted(c));
  }

  /** Text that ends no line. */
  private static String comment(String value) {
    return value.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\ufeff]+", " ").strip();
  }
}
