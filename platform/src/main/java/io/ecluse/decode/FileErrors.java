package io.ecluse.decode;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What DuckDB says of a file that it cannot read, in the platform's words: file, line and reason.
 * DuckDB quotes the line itself, which may be anybody's data; that is left out.
 */
final class FileErrors {
  private static final Pattern CSV_LINE = Pattern.compile("CSV Error on Line: (\\d+)");
  private static final Pattern COLUMNS =
      Pattern.compile("Expected Number of Columns: (\\d+) Found: (\\d+)");

  private FileErrors() {}

  /** Whether a CSV could not be read, for a reason that its lines' ends may be. */
  static boolean mayBeLineEnds(FileDecoder.Input input, EcluseException e) {
    return input.format().kind() == FileFormat.Kind.CSV
        && (e.code() == ErrorCode.SQL_INVALID || e.code() == ErrorCode.INTERNAL);
  }

  /**
   * @param plain as it was read
   */
  static EcluseException of(FileDecoder.Input input, PlainFile plain, EcluseException e) {
    if (e.code() != ErrorCode.SQL_INVALID && e.code() != ErrorCode.INTERNAL) {
      return e;
    }
    String text = raw(e);
    if (input.format().kind() == FileFormat.Kind.CSV && text.contains("when sniffing")) {
      return new EcluseException(
          ErrorCode.DATA_INVALID,
          "%s, %s".formatted(input.name(), plain.odd(input)),
          withoutData(e));
    }
    String where =
        input.name()
            + first(CSV_LINE, text).map(l -> ", line " + plain.line(Long.parseLong(l))).orElse("");
    return new EcluseException(
        ErrorCode.DATA_INVALID, where + ": " + reason(text, input), withoutData(e));
  }

  /** DuckDB's own text, of which ours keeps only a line. */
  private static String raw(EcluseException e) {
    return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage())
        + "\n"
        + e.getMessage();
  }

  private static String reason(String text, FileDecoder.Input input) {
    Matcher columns = COLUMNS.matcher(text);
    if (columns.find()) {
      return "%s columns where %s are expected; correct the file, or say csv.delimiter and csv.quote"
          .formatted(columns.group(2), columns.group(1));
    } else if (text.contains("Invalid unicode") || text.contains("not utf-8")) {
      return "what stands there is not %s; say the file's encoding, as encoding: windows-1252"
          .formatted(StandardCharsets.UTF_8.name());
    } else if (text.contains("unterminated quote") || text.contains("Value with unterminated")) {
      return "a quote is opened and never closed; correct the file, or say csv.quote";
    } else if (text.contains("Maximum line size")) {
      return "the line is longer than 2 MB; is a quote opened and never closed?";
    } else if (text.contains("maximum_object_size")) {
      return "a record is longer than 16 MB";
    } else if (input.format().kind() == FileFormat.Kind.PARQUET) {
      return "this is not a Parquet file";
    } else if (input.format().packing() == FileFormat.Packing.GZIP) {
      return "this is not gzip, or only the beginning of it";
    }
    return "it cannot be read as %s".formatted(input.format().kind().name());
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The kind of the cause only: its text quotes the line. */
  private static Throwable withoutData(EcluseException e) {
    return new IllegalStateException(e.code().name());
  }
}
