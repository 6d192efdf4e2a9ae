package io.ecluse.demo;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a CSV file (RFC 4180). A row may go over several lines, within quotes; a row that
 * cannot be read costs its first line only, and reading goes on with the next.
 */
final class CsvRows implements AutoCloseable {
  private static final int MOST_LINES = 100;

  private final CsvLines lines;
  private final CsvReader.CsvReaderBuilder parser = CsvReader.builder().allowUnclosedQuote(false);

  CsvRows(Path file) throws IOException {
    this.lines = new CsvLines(file);
  }

  /**
   * A row.
   *
   * @param line where it starts
   * @param fields none if it cannot be read
   * @param mistake why it cannot be read
   */
  record Row(long line, List<String> fields, Optional<String> mistake) {
    Row {
      fields = List.copyOf(fields);
    }

    private static Row broken(CsvLines.Line line, String mistake) {
      return new Row(line.number(), List.of(), Optional.of(mistake));
    }
  }

  /** The next row; empty lines are passed over. */
  Optional<Row> next() throws IOException {
    Optional<CsvLines.Line> line = lines.next();
    while (line.isPresent() && line.get().mistake().isEmpty() && line.get().text().isEmpty()) {
      line = lines.next();
    }
    return line.isPresent() ? Optional.of(row(line.get())) : Optional.empty();
  }

  private Row row(CsvLines.Line first) throws IOException {
    if (first.mistake().isPresent()) {
      return Row.broken(first, first.mistake().get());
    }
    List<CsvLines.Line> more = new ArrayList<>();
    StringBuilder text = new StringBuilder(first.text());
    boolean open = quotesAreOdd(first.text());
    while (open && more.size() < MOST_LINES) {
      Optional<CsvLines.Line> next = lines.next();
      if (next.isEmpty()) {
        break;
      }
      more.add(next.get());
      if (next.get().mistake().isPresent()) {
        break;
      }
      text.append('\n').append(next.get().text());
      open ^= quotesAreOdd(next.get().text());
    }
    if (!open) {
      try {
        CsvRecord parsed = parser.ofSingleCsvRecord(text.toString());
        return new Row(first.number(), parsed.getFields(), Optional.empty());
      } catch (CsvParseException e) {
        // told below, as of the first line; what follows it may be good
      }
    }
    for (int i = more.size() - 1; i >= 0; i--) {
      lines.pushBack(more.get(i));
    }
    return Row.broken(first, "a quote stands where none may, or is never closed");
  }

  private static boolean quotesAreOdd(String text) {
    return text.chars().filter(c -> c == '"').count() % 2 == 1;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
