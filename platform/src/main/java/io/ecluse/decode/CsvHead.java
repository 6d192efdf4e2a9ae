package io.ecluse.decode;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a CSV begins: which lines stand before the names of its columns, and whether the names are of
 * the shape of what follows. A first line of another shape would become the one column of a table.
 *
 * @param skip lines that are not read
 * @param delimiter that the file itself says, in a line as spreadsheets write it: {@code sep=;}
 * @param records some that follow, each with the line where it begins
 */
record CsvHead(long skip, Optional<String> delimiter, List<Entry> records) {
  static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");
  private static final Pattern SEPARATOR = Pattern.compile("(?i)\"?sep=(.)\"?\\s*");
  private static final int MOST_RECORDS = 200;
  private static final int LEAST_RECORDS = 3;

  /** A row as it is written. */
  record Entry(long line, String text) {}

  /** How many columns a delimiter makes of most rows, and the first row that is not so. */
  private record Shape(String delimiter, int columns, int first, int odd, long like) {}

  /**
   * @param text the beginning of the file
   * @param whole whether it is all of it; else its last row may be cut off
   */
  static CsvHead of(String text, FileFormat.Csv csv, boolean whole) {
    String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
    int end = plain.indexOf('\n');
    Matcher said = SEPARATOR.matcher(end < 0 ? plain : plain.substring(0, end));
    Optional<String> delimiter = said.matches() ? Optional.of(said.group(1)) : Optional.empty();
    long skip = Math.max(csv.skip(), delimiter.isPresent() ? 1 : 0);
    List<Entry> records = records(plain, csv, skip);
    if (!whole && !records.isEmpty()) {
      records.remove(records.size() - 1);
    }
    return new CsvHead(skip, delimiter.filter(d -> csv.delimiter().isEmpty()), records);
  }

  private static List<Entry> records(String text, FileFormat.Csv csv, long skip) {
    char quote = csv.quote().filter(q -> !q.isEmpty()).orElse("\"").charAt(0);
    List<Entry> records = new ArrayList<>();
    long line = 1;
    long begun = 1;
    int from = 0;
    boolean quoted = false;
    for (int i = 0; i <= text.length() && records.size() < MOST_RECORDS; i++) {
      char c = i < text.length() ? text.charAt(i) : '\n';
      boolean read = begun > skip;
      quoted ^= read && c == quote && !isComment(text, from, csv);
      if (c == '\n') {
        line++;
        if (!quoted || i == text.length()) {
          String record = text.substring(from, i).replaceAll("\r+$", "");
          if (read && !record.isBlank() && !isComment(text, from, csv)) {
            records.add(new Entry(begun, record));
          }
          from = i + 1;
          begun = line;
          quoted = false;
        }
      }
    }
    return records;
  }

  private static boolean isComment(String text, int from, FileFormat.Csv csv) {
    return csv.comment().filter(c -> text.startsWith(c, from)).isPresent();
  }

  /**
   * Makes sure that the first row is of the shape of the others.
   *
   * @throws EcluseException DATA_INVALID, with the key that helps
   */
  void check(String name, FileFormat.Csv csv) {
    List<Shape> shapes = shapes(csv);
    if (records.size() < LEAST_RECORDS
        || shapes.stream().anyMatch(s -> s.columns() > 1 && s.like() == records.size())) {
      return;
    }
    for (Shape shape : shapes) {
      int columns = columns(records.get(0).text(), shape.delimiter(), csv);
      boolean others =
          shape.first() > 0 && shape.like() > 1 && shape.like() == records.size() - shape.first();
      if (shape.columns() > 1 && others && columns != shape.columns()) {
        Entry header = records.get(shape.first());
        throw ErrorCode.DATA_INVALID.error(
            "%s, line %d: %s by %s, where all from line %d on have %d, so it does not name theirs. To leave out what stands before the names, say csv.skip: %d, or csv.comment%s; if it does name them, say csv.delimiter"
                .formatted(
                    name,
                    records.get(0).line(),
                    columns == 1 ? "1 column" : columns + " columns",
                    named(shape.delimiter()),
                    header.line(),
                    shape.columns(),
                    header.line() - 1,
                    sign()));
      }
    }
  }

  /** The sign with which the first row begins, if none of a name. */
  private String sign() {
    char first = records.get(0).text().charAt(0);
    return "#%*!/-".indexOf(first) >= 0 ? ": \"" + first + "\"" : " with the sign they begin with";
  }

  /**
   * Where rows are not like most others, for people; and what was tried.
   *
   * @param lines numbers in the file as it was given
   */
  String odd(FileFormat.Csv csv, LongUnaryOperator lines) {
    String tried =
        shapes(csv).stream()
            .map(s -> named(s.delimiter()))
            .reduce((a, b) -> a + ", " + b)
            .orElse("");
    String quote = csv.quote().orElse("\"");
    Optional<Shape> best =
        shapes(csv).stream()
            .filter(s -> s.columns() > 1)
            .max(Comparator.comparingLong(Shape::like));
    String where =
        best.filter(s -> s.odd() >= 0)
            .map(
                s ->
                    "line %d: %d columns by %s, where most lines have %d"
                        .formatted(
                            lines.applyAsLong(records.get(s.odd()).line()),
                            columns(records.get(s.odd()).text(), s.delimiter(), csv),
                            named(s.delimiter()),
                            s.columns()))
            .orElse(
                "line %d: no way to split it and the lines after it was found"
                    .formatted(lines.applyAsLong(records.isEmpty() ? 1 : records.get(0).line())));
    return "%s. Tried were the delimiters %s with the quote %s; correct the file, or say csv.delimiter, csv.quote, csv.skip or csv.comment"
        .formatted(where, tried, quote);
  }

  private static String named(String delimiter) {
    return delimiter.equals("\t") ? "tab" : "'" + delimiter + "'";
  }

  private List<Shape> shapes(FileFormat.Csv csv) {
    List<String> tried = csv.delimiter().or(() -> delimiter).map(List::of).orElse(DELIMITERS);
    return tried.stream().map(d -> shape(d, csv)).toList();
  }

  private Shape shape(String delimiter, FileFormat.Csv csv) {
    List<Integer> counts = records.stream().map(r -> columns(r.text(), delimiter, csv)).toList();
    int usual = counts.isEmpty() ? 0 : counts.get(counts.size() - 1);
    int odd = -1;
    for (int i = 0; i < counts.size() && odd < 0; i++) {
      odd = counts.get(i) == usual ? -1 : i;
    }
    int first = counts.indexOf(usual);
    long like = counts.stream().filter(c -> c == usual).count();
    return new Shape(delimiter, usual, first, odd, like);
  }

  private static int columns(String record, String delimiter, FileFormat.Csv csv) {
    char quote = csv.quote().filter(q -> !q.isEmpty()).orElse("\"").charAt(0);
    int columns = 1;
    boolean quoted = false;
    for (int i = 0; i < record.length(); i++) {
      quoted ^= record.charAt(i) == quote;
      if (!quoted && record.startsWith(delimiter, i)) {
        columns++;
      }
    }
    return columns;
  }
}
