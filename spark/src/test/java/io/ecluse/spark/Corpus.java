package io.ecluse.spark;

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
 * The snippets of SQL that both engines are tried on: a file a section, a blank line between two,
 * and before each what is expected. They are the platform's, whose {@code validate} refuses those
 * that differ.
 */
final class Corpus {
  /** Where the files are, seen from this module. */
  static final Path FOLDER =
      Path.of("..", "platform", "src", "test", "resources", "io", "ecluse", "parity");

  private static final Pattern EXPECTED =
      Pattern.compile("-- (same|wider|fail|differs)(?: (\\S+))?");

  private Corpus() {}

  /** What both engines do with a snippet. */
  enum Outcome {
    /** Types and values are the same. */
    SAME,
    /**
     * Spark's types are narrower, of the same kind; in the table's types the values are the same.
     */
    WIDER,
    /** Neither engine runs it. */
    FAIL,
    DIFFERS
  }

  /**
   * One query.
   *
   * @param rule by which {@code validate} refuses one that differs
   */
  record Snippet(String section, int line, String sql, Outcome expected, Optional<String> rule) {
    @Override
    public String toString() {
      return section + ":" + line;
    }
  }

  /** All snippets, in the order of the files. */
  static List<Snippet> read() {
    List<Snippet> snippets = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).sorted().toList()) {
        snippets.addAll(of(section(file), Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return snippets;
  }

  static String section(Path file) {
    return file.getFileName().toString().replaceFirst("\\.sql$", "");
  }

  private static List<Snippet> of(String section, String text) {
    List<Snippet> snippets = new ArrayList<>();
    int line = 1;
    for (String block : text.split("\n\n", -1)) {
      Matcher expected = EXPECTED.matcher(block.strip().lines().findFirst().orElse(""));
      if (expected.matches()) {
        snippets.add(
            new Snippet(
                section,
                line + 1,
                block.strip().substring(expected.end()).strip(),
                Outcome.valueOf(expected.group(1).toUpperCase(java.util.Locale.ROOT)),
                Optional.ofNullable(expected.group(2))));
      } else if (!block.isBlank()) {
        throw new AssertionError(
            "%s.sql:%d must begin with what is expected of it".formatted(section, line));
      }
      line += 2 + (int) block.chars().filter(c -> c == '\n').count();
    }
    return snippets;
  }
}
