package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Batches;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Turns binary COPY into Arrow batches, pulled one at a time, so memory holds one batch whatever
 * the table's size. Format: PostgreSQL documentation, COPY, "Binary Format"; the server sends one
 * row a message.
 */
final class CopyReader extends Batches {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int HEADER_FIXED = SIGNATURE.length + 8;

  private final String stream;
  private final PieceCopy copy;
  private final List<PostgresColumn> columns;
  private final ColumnDecoder[] decoders;
  private final PostgresErrors errors;

  CopyReader(Into into, PieceCopy copy, Piece piece, PostgresErrors errors) {
    super(into);
    this.stream = piece.stream();
    this.copy = copy;
    this.columns = piece.table().columns();
    this.decoders =
        columns.stream().map(c -> ColumnDecoder.of(stream, c)).toArray(ColumnDecoder[]::new);
    this.errors = errors;
  }

  @Override
  protected Schema readSchema() {
    return new Schema(columns.stream().map(ColumnDecoder::field).toList());
  }

  @Override
  protected int fill(VectorSchemaRoot root) {
    try {
      return decode(root);
    } catch (SQLException e) {
      throw errors.reading("reading table " + stream, e);
    }
  }

  private int decode(VectorSchemaRoot root) throws SQLException {
    int most = batchRows();
    for (int i = 0; i < decoders.length; i++) {
      decoders[i].begin(root.getVector(i), most);
    }
    int count = 0;
    int batch = 0;
    while (count < most && batch < BATCH_BYTES) {
      byte[] message = copy.read();
      if (message == null) {
        exhaust();
        break;
      }
      int at = copy.isHeader() ? header(message) : 0;
      if (at >= message.length) {
        continue;
      }
      int fields = WireNumbers.int16(message, at);
      if (fields == -1) {
        continue; // the trailer; the end of the COPY itself comes next
      }
      if (row(message, at, fields, count)) {
        count++;
      }
      batch += message.length;
      took(message.length);
    }
    for (ColumnDecoder decoder : decoders) {
      decoder.end(count);
    }
    return count;
  }

  /** Decodes a row, or notes why it cannot land; then the next takes its place. */
  private boolean row(byte[] message, int start, int fields, int row) {
    if (fields != decoders.length) {
      throw ErrorCode.SOURCE_CHANGED.error(
          "%s: a row has %d fields where the table had %d columns"
              .formatted(stream, fields, decoders.length));
    }
    int at = start + 2;
    try {
      for (ColumnDecoder decoder : decoders) {
        int length = WireNumbers.int32(message, at);
        at += 4;
        if (length >= 0) {
          decoder.decode(message, at, length, row);
          at += length;
        } else {
          decoder.setNull(row);
        }
      }
      return true;
    } catch (EcluseException e) {
      for (ColumnDecoder decoder : decoders) {
        decoder.undo(row);
      }
      rejections().add(key(message, start + 2), e);
      return false;
    }
  }

  private int header(byte[] message) {
    for (int i = 0; i < SIGNATURE.length; i++) {
      if (message.length < HEADER_FIXED || message[i] != SIGNATURE[i]) {
        throw ErrorCode.SOURCE_CHANGED.error(
            "%s: the server does not speak binary COPY; it began with '%s'"
                .formatted(
                    stream,
                    new String(
                        message, 0, Math.min(message.length, 6), StandardCharsets.US_ASCII)));
      }
    }
    return HEADER_FIXED + WireNumbers.int32(message, SIGNATURE.length + 4);
  }

  /**
   * The key of a row, as it travels.
   *
   * @param start of its first field's length
   */
  private Map<String, String> key(byte[] message, int start) {
    Map<String, String> values = new LinkedHashMap<>();
    int at = start;
    for (PostgresColumn column : columns) {
      int length = WireNumbers.int32(message, at);
      at += 4;
      String name = column.staged().column().name();
      if (length >= 0 && rejections().key().contains(name)) {
        values.put(name, text(column, message, at, length));
      }
      at += Math.max(0, length);
    }
    return values;
  }

  private static String text(PostgresColumn column, byte[] message, int at, int length) {
    return switch (column.wire()) {
      case INT2 -> String.valueOf(WireNumbers.int16(message, at));
      case INT4 -> String.valueOf(WireNumbers.int32(message, at));
      case INT8 -> String.valueOf(WireNumbers.int64(message, at));
      case TEXT, AS_TEXT -> new String(message, at, length, StandardCharsets.UTF_8);
      case NUMERIC -> NumericDecoder.exact(message, at).toPlainString();
      case DATE ->
          LocalDate.ofEpochDay(WireNumbers.int32(message, at) + (long) FixedDecoder.EPOCH_DAYS)
              .toString();
      // what a uuid also accepts
      default -> HexFormat.of().formatHex(message, at, at + length);
    };
  }
}
