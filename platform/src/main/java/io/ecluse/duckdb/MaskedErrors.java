package io.ecluse.duckdb;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What may be said of an error of DuckDB's where others read it: its texts quote values of rows,
 * and files. Only kinds that are known to speak of the statement alone are passed on as they are.
 */
final class MaskedErrors {
  /** Kinds whose texts are made of the statement and of names. */
  private static final Set<String> OF_THE_STATEMENT =
      Set.of(
          "Parser Error",
          "Syntax Error",
          "Catalog Error",
          "Binder Error",
          "Not implemented Error",
          "Permission Error",
          "Dependency Error");

  /** What our own SQL says by error(). */
  private static final Pattern OURS =
      Pattern.compile(
          "a row is longer than \\d+ MB, the most that a batch in CSV can hold; set staging\\.format: parquet");

  private static final Pattern TYPE =
      Pattern.compile("\\bto (?:type )?([A-Z][A-Z0-9_]*(?:\\([0-9, ]+\\))?)(?![a-z])");
  private static final Pattern COLUMN =
      Pattern.compile("casting from source column ([A-Za-z_][A-Za-z0-9_]*)$");
  private static final Pattern QUOTED_PATH = Pattern.compile("([\"'])/[^\"'\\n]*/([^\"'/\\n]*)\\1");
  private static final Pattern PATH =
      Pattern.compile("(?<![A-Za-z0-9_./])/(?:[^\\s/\"',;]+/)+([^\\s/\"',;]*)");

  private MaskedErrors() {}

  static boolean isSafe(String kind, String message) {
    return OF_THE_STATEMENT.contains(kind) || OURS.matcher(message).matches();
  }

  /** What failed, with the type and the column if the text names them, and no value. */
  static String masked(String kind, String message) {
    Optional<String> column = last(COLUMN, message);
    String what =
        switch (kind) {
          case "Conversion Error" ->
              "A value cannot be converted"
                  + last(TYPE, message).map(t -> " to " + t).orElse("")
                  + column.map(c -> " (column " + c + ")").orElse("");
          case "Out of Range Error" -> "A value is out of range";
          case "Constraint Error" -> "A row breaks a constraint";
          case "Invalid Input Error" -> "A function was given a value that it cannot take";
          default -> "The query failed on a value" + (kind.isEmpty() ? "" : " (" + kind + ")");
        };
    return what
        + "; values of rows are not told here: run the SELECT with ecluse query to see which, or use TRY_CAST";
  }

  private static Optional<String> last(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    Optional<String> found = Optional.empty();
    while (matcher.find()) {
      found = Optional.of(matcher.group(1));
    }
    return found;
  }

  /** The text with the names of files alone, without their folders. */
  static String withoutPaths(String text) {
    String quoted = QUOTED_PATH.matcher(text).replaceAll("$1…/$2$1");
    return PATH.matcher(quoted).replaceAll("…/$1");
  }
}
