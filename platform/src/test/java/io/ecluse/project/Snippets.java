package io.ecluse.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The snippets of SQL that the tests of {@code spark/} run on both engines. Each begins with what
 * that showed: {@code same}, {@code wider} (the same in the table's types), {@code fail} on both,
 * or {@code differs}; and with the rule by which it is refused, also where its own values are the
 * same and others are not.
 */
final class Snippets {
  private static final Path FOLDER = Path.of("src/test/resources/io/ecluse/parity");
  private static final Pattern EXPECTED =
      Pattern.compile("-- (same|wider|fail|differs)(?: (\\S+))?");

  private Snippets() {}

  record Snippet(String at, String outcome, Optional<String> rule, String sql) {
    boolean isSame() {
      return outcome.equals("same") || outcome.equals("wider");
    }
  }

  static List<Snippet> all() {
    List<Snippet> snippets = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).sorted().toList()) {
        for (String block : Files.readString(file).split("\n\n+")) {
          String head = block.strip().lines().findFirst().orElse("");
          Matcher expected = EXPECTED.matcher(head);
          if (!expected.matches()) {
            throw new AssertionError(file + ": not what is expected of a snippet: " + head);
          }
          String sql = block.strip().substring(head.length()).strip();
          snippets.add(
              new Snippet(
                  file.getFileName() + ": " + sql,
                  expected.group(1),
                  Optional.ofNullable(expected.group(2)),
                  sql));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return snippets;
  }
}
