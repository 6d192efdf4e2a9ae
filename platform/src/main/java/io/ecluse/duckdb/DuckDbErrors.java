package io.ecluse.duckdb;

import io.ecluse.engine.EngineSettings;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.error.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DuckDB's errors in the platform's words. DuckDB tells their kinds by the first words of the text
 * only.
 */
final class DuckDbErrors {
  private static final Pattern PREFIX =
      Pattern.compile("^(?:.*\\nError: |Error: )?([A-Z][A-Za-z -]*? Error): ", Pattern.DOTALL);
  private static final Pattern LINE =
      Pattern.compile("\\n+LINE (\\d+): (.*)\\n( *)\\^", Pattern.MULTILINE);

  private static final Pattern QUOTED_PATH = Pattern.compile("[\"'](/[^\"']+)[\"']");

  private DuckDbErrors() {}

  static EcluseException translate(SQLException e, EngineSettings settings) {
    return translate(e, settings, 0);
  }

  /**
   * @param linesBefore how many lines of ours stand before the person's text
   */
  static EcluseException translate(SQLException e, EngineSettings settings, int linesBefore) {
    String text = String.valueOf(e.getMessage());
    Matcher prefix = PREFIX.matcher(text);
    String kind = prefix.find() ? prefix.group(1) : "";
    if (text.contains("Attempting to execute an unsuccessful") && text.contains("\nError: ")) {
      text = text.substring(text.indexOf("\nError: ") + "\nError: ".length());
      Matcher inner = PREFIX.matcher(text);
      kind = inner.find() ? inner.group(1) : kind;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (kind.equals("Out of Memory Error")) {
      return ErrorCode.OUT_OF_MEMORY.error(
          "The query needs more than the %d MB of memory and %d MB of disk it may use; select fewer columns or rows, or raise query.memory_limit in ecluse.yaml"
              .formatted(settings.memoryBytes() >> 20, settings.spillBytes() >> 20),
          e);
    }
    if (kind.equals("INTERRUPT Error") || lower.startsWith("interrupt error")) {
      return ErrorCode.CANCELLED.error("The query was cancelled", e);
    }
    if (DiskFull.isSaidBy(text)) {
      return full(text, settings, e);
    }
    if (kind.equals("IO Error") || kind.equals("INTERNAL Error") || kind.equals("FATAL Error")) {
      return ErrorCode.INTERNAL.error("The engine failed: " + place(text, settings), e);
    }
    String bare = MaskedErrors.withoutPaths(kind.isEmpty() ? firstLine(text) : bare(text, kind));
    boolean shown =
        settings.values() == EngineSettings.Values.SHOWN || MaskedErrors.isSafe(kind, bare);
    String message = shown ? bare : MaskedErrors.masked(kind, bare);
    return position(text, linesBefore)
        .map(p -> new EcluseException(ErrorCode.SQL_INVALID, message, p))
        .orElseGet(
            () ->
                shown
                    ? ErrorCode.SQL_INVALID.error(message, e)
                    : ErrorCode.SQL_INVALID.error(message));
  }

  private static EcluseException full(String text, EngineSettings settings, SQLException e) {
    String place = place(text, settings);
    Matcher file = QUOTED_PATH.matcher(place);
    return file.find()
        ? DiskFull.error("write " + file.group(1), Path.of(file.group(1)), e)
        : ErrorCode.DISK_FULL.error(
            "The disk is full: " + place + "; make space and run it again", e);
  }

  /** Which file it was is for those who run the platform, not for those who ask it. */
  private static String place(String text, EngineSettings settings) {
    String line = firstLine(text);
    return switch (settings.values()) {
      case SHOWN -> MaskedErrors.withoutPaths(line);
      case MASKED -> line;
    };
  }

  /** The message without the excerpt of the query, candidates on lines of their own kept. */
  private static String bare(String text, String kind) {
    String message = text.substring(text.indexOf(kind + ": ") + kind.length() + 2);
    int excerpt = message.indexOf("\nLINE ");
    return (excerpt >= 0 ? message.substring(0, excerpt) : message)
        .strip()
        .replaceAll("\\s*\\n\\s*", " ");
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static Optional<Position> position(String text, int linesBefore) {
    Matcher line = LINE.matcher(text);
    if (!line.find()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(line.group(1));
    String before = "LINE " + number + ": ";
    int column = line.group(3).length() - before.length() + 1;
    if (line.group(2).startsWith("...")) {
      return Optional.of(new Position(Math.max(1, number - linesBefore), 1));
    }
    return Optional.of(new Position(Math.max(1, number - linesBefore), Math.max(1, column)));
  }

  /** Where in the query the name stands that an error is of; 1 and 1 if it does not say. */
  static Position placeOf(String name, String text, String sql) {
    Matcher line = LINE.matcher(text);
    if (!line.find()) {
      return new Position(1, 1);
    }
    int number = Integer.parseInt(line.group(1));
    Position told = position(text, 0).orElse(new Position(number, 1));
    if (!line.group(2).startsWith("...")) {
      return told;
    }
    // of a long line only a part is quoted: the name is looked for instead
    String whole = sql.lines().skip(number - 1L).findFirst().orElse("").toLowerCase(Locale.ROOT);
    return new Position(number, Math.max(0, whole.indexOf(name.toLowerCase(Locale.ROOT))) + 1);
  }
}
