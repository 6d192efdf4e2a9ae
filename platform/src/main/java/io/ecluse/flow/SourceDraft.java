package io.ecluse.flow;

import io.ecluse.project.ReadingHours;
import io.ecluse.project.SourceFile;
import io.ecluse.source.Discovery;
import io.ecluse.source.Discovery.Found;
import io.ecluse.source.Discovery.FoundColumn;
import io.ecluse.text.Amounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The file {@code sources/NAME.yaml} that a discovery proposes. What is the same writes the same
 * text, so that two proposals can be compared.
 */
public record SourceDraft(SourceTarget target, Discovery discovery) {
  /** Plain words that YAML reads as something else. */
  private static final Set<String> NOT_TEXT =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  /** The text of the file. */
  public String yaml() {
    StringBuilder yaml = new StringBuilder(top(discovery));
    yaml.append("type: postgres\n");
    connection(yaml);
    yaml.append("schema: ").append(text(target.schema())).append('\n');
    extraction(yaml);
    return yaml.append(streams(discovery)).toString();
  }

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

  private void connection(StringBuilder yaml) {
    SourceFile.Connection connection = target.connection();
    yaml.append("connection:\n");
    entry(yaml, "host", text(connection.host().text()));
    String port = connection.port().text();
    entry(yaml, "port", port.matches("[0-9]+") ? port : text(port));
    entry(yaml, "database", text(connection.database().text()));
    entry(yaml, "user", text(connection.user().text()));
    connection.password().ifPresent(p -> entry(yaml, "password", p.text()));
    connection.options().forEach((name, value) -> entry(yaml, name, text(value.text())));
  }

  /** Only what is not as usual. */
  private void extraction(StringBuilder yaml) {
    SourceFile.Extraction set = target.extraction();
    SourceFile.Extraction usual = SourceFile.Extraction.DEFAULT;
    StringBuilder extract = new StringBuilder();
    if (set.connections() != usual.connections()) {
      entry(extract, "connections", String.valueOf(set.connections()));
    }
    duration(extract, "statement_timeout", set.statementTimeout(), usual.statementTimeout());
    duration(extract, "lock_timeout", set.lockTimeout(), usual.lockTimeout());
    duration(extract, "connect_timeout", set.connectTimeout(), usual.connectTimeout());
    duration(extract, "snapshot_life", set.snapshotLife(), usual.snapshotLife());
    if (set.maxRejected() != usual.maxRejected()) {
      entry(extract, "max_rejected", String.valueOf(set.maxRejected()));
    }
    set.maxSlowdown().ifPresent(p -> entry(extract, "max_slowdown", String.valueOf(p)));
    set.maxRate().ifPresent(b -> entry(extract, "max_rate", rate(b)));
    if (set.checksums()) {
      entry(extract, "compare", "checksums");
    }
    if (set.hiddenRows()) {
      entry(extract, "row_security", "apply");
    }
    set.hours().ifPresent(h -> entry(extract, "hours", hours(h)));
    if (!extract.isEmpty()) {
      yaml.append("extract:\n").append(extract);
    }
  }

  private static String hours(ReadingHours hours) {
    return "{from: %s, to: %s, timezone: %s}"
        .formatted(
            text(hours.from().toString()), text(hours.to().toString()), text(hours.zone().getId()));
  }

  /** In the biggest unit that says it exactly. */
  private static String rate(long bytes) {
    List<String> units = List.of("K", "M", "G", "T");
    for (int i = units.size(); i > 0; i--) {
      long decimal = Math.round(Math.pow(1000, i));
      if (bytes % decimal == 0) {
        return bytes / decimal + units.get(i - 1) + "B";
      }
      if (bytes % (1L << 10 * i) == 0) {
        return (bytes >> 10 * i) + units.get(i - 1) + "iB";
      }
    }
    throw new IllegalArgumentException(bytes + " bytes are no whole number of KB or KiB");
  }

  private static void duration(StringBuilder yaml, String key, Duration set, Duration usual) {
    if (!set.equals(usual)) {
      entry(yaml, key, set.toMillis() + "ms");
    }
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
