package io.ecluse.query;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A result as CSV, in UTF-8; NULL is nothing, an empty text is {@code ""}. */
final class SeparatedSheet implements Spreadsheets.Sheet {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final CellText text;
  private final CsvWriter writer;

  SeparatedSheet(CellText text, OutputStream out) throws IOException {
    this.text = text;
    if (text.isFrench()) {
      out.write(BYTE_ORDER_MARK);
    }
    this.writer =
        CsvWriter.builder()
            .fieldSeparator(text.isFrench() ? ';' : ',')
            .lineDelimiter(text.isFrench() ? LineDelimiter.CRLF : LineDelimiter.LF)
            .quoteStrategy(QuoteStrategies.EMPTY)
            .build(out, StandardCharsets.UTF_8);
  }

  @Override
  public void header(List<String> names) {
    writer.writeRecord(names);
  }

  @Override
  public void row(Object[] values) {
    String[] cells = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      cells[i] = text.of(values[i]).orElse(null); // which the writer tells from an empty text
    }
    writer.writeRecord(cells);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
