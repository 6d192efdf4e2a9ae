package org.example.tsv;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.RowReader;
import io.ecluse.source.RowTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** The rows of a file, one at a time, so that memory holds one. */
final class TypedTsvRows implements RowReader {
  private final String stream;
  private final BufferedReader lines;
  private final List<Column> columns;
  private final String missing;
  private long row;

  TypedTsvRows(String stream, BufferedReader lines, List<Column> columns, String missing) {
    this.stream = stream;
    this.lines = lines;
    this.columns = columns;
    this.missing = missing;
  }

  @Override
  public boolean next(RowTarget target) {
    String line;
    try {
      line = lines.readLine();
    } catch (IOException e) {
      throw wrong(ErrorCode.SOURCE_LOST, "cannot be read");
    }
    if (line == null) {
      return false;
    }
    row++;
    String[] values = line.split("\t", -1);
    if (values.length != columns.size()) {
      throw wrong(ErrorCode.DATA_INVALID, "has not as many values as there are columns");
    }
    for (int i = 0; i < values.length; i++) {
      if (!values[i].equals(missing)) {
        target.set(i, value(columns.get(i), values[i])); // what is not set is NULL
      }
    }
    return true;
  }

  /** Of the class that stands for the type, see {@link RowTarget#set}. */
  private Object value(Column column, String text) {
    DataType.Kind kind = column.type().kind();
    try {
      return switch (kind) {
        case BOOLEAN -> Boolean.valueOf(text);
        case INTEGER -> Integer.valueOf(text);
        case BIGINT -> Long.valueOf(text);
        case REAL -> Float.valueOf(text);
        case DOUBLE -> Double.valueOf(text);
        case DECIMAL -> new BigDecimal(text);
        case VARCHAR -> text;
        case DATE -> LocalDate.parse(text);
        case TIMESTAMP -> LocalDateTime.parse(text);
        case TIMESTAMPTZ -> Instant.parse(text);
        case BLOB -> Base64.getDecoder().decode(text);
        case UUID -> UUID.fromString(text);
      };
    } catch (RuntimeException e) { // which value it is stays unsaid: it may be anybody's
      throw wrong(ErrorCode.DATA_INVALID, "holds in " + column.name() + " what is no " + kind);
    }
  }

  private EcluseException wrong(ErrorCode code, String what) {
    return new EcluseException(code, "%s.tsv, row %d %s".formatted(stream, row, what));
  }
}
