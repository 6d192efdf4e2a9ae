package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Throttle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Turns binary COPY into Arrow batches, pulled one at a time, so memory holds one batch whatever
 * the table's size. Format: PostgreSQL documentation, COPY, "Binary Format"; the server sends one
 * row a message.
 */
final class CopyReader extends ArrowReader {
  private static final int BATCH_ROWS = 16_384;
  private static final int BATCH_BYTES = 4 << 20;

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int HEADER_FIXED = SIGNATURE.length + 8;

  /** Whether a batch was read before it was asked for. */
  private enum Ahead {
    NOT,
    READ,
    ENDED
  }

  private final String stream;
  private final PieceCopy copy;
  private final List<PostgresColumn> columns;
  private final ColumnDecoder[] decoders;
  private final LongConsumer progress;
  private final Throttle.Pace pace;
  private final Rejections rejections;
  private Ahead ahead = Ahead.NOT;
  private long bytes;
  private boolean ended;
  private long rows;
  private long rejected;
  private Optional<EcluseException> failure = Optional.empty();
  private Optional<SQLException> lost = Optional.empty();

  CopyReader(
      BufferAllocator allocator,
      String stream,
      PieceCopy copy,
      List<PostgresColumn> columns,
      Rejections rejections,
      LongConsumer progress,
      Throttle.Pace pace) {
    super(allocator);
    this.stream = stream;
    this.copy = copy;
    this.columns = columns;
    this.decoders =
        columns.stream().map(c -> ColumnDecoder.of(stream, c)).toArray(ColumnDecoder[]::new);
    this.progress = progress;
    this.pace = pace;
    this.rejections = rejections;
  }

  /** Rows handed on so far. */
  long rows() {
    return rows;
  }

  /** Rows that could not land so far. */
  long rejected() {
    return rejected;
  }

  /** Why reading ended early: more values than are allowed that cannot land. */
  Optional<EcluseException> failure() {
    return failure;
  }

  /** Why reading ended early: the server's word. */
  Optional<SQLException> lost() {
    return lost;
  }

  @Override
  protected Schema readSchema() {
    return new Schema(columns.stream().map(ColumnDecoder::field).toList());
  }

  /**
   * Reads the first batch, which then is the next. Returns about how long a row of it is, which no
   * catalog knows: long values are compressed there and lie elsewhere.
   */
  long firstRowBytes() throws IOException {
    ahead = loadNextBatch() ? Ahead.READ : Ahead.ENDED;
    return bytes / Math.max(1, rows);
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    if (ahead != Ahead.NOT) {
      boolean read = ahead == Ahead.READ;
      ahead = Ahead.NOT;
      return read;
    }
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    try {
      int count = ended ? 0 : fill(root);
      root.setRowCount(count);
      rows += count;
      progress.accept(count);
      return count > 0;
    } catch (SQLException e) {
      lost =
          lost.or(() -> Optional.of(e)); // whoever asks again hears of the copy, not of the server
      throw new IOException("reading the source failed", e);
    } catch (EcluseException e) {
      failure = Optional.of(e);
      throw new IOException("a value cannot land", e);
    }
  }

  private int fill(VectorSchemaRoot root) throws SQLException {
    root.clear(); // the last batch's buffers belong to whom it was handed to
    for (int i = 0; i < decoders.length; i++) {
      decoders[i].begin(root.getVector(i), BATCH_ROWS);
    }
    int count = 0;
    int batch = 0;
    while (count < BATCH_ROWS && batch < BATCH_BYTES) {
      byte[] message = copy.read();
      if (message == null) {
        ended = true;
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
      } else {
        rejected++;
      }
      batch += message.length;
      pace.took(message.length);
    }
    pace.pay();
    bytes += batch;
    for (ColumnDecoder decoder : decoders) {
      decoder.end(count);
    }
    return count;
  }

  /** Decodes a row, or notes why it cannot land; then the next takes its place. */
  private boolean row(byte[] message, int start, int fields, int row) {
    if (fields != decoders.length) {
      throw new EcluseException(
          ErrorCode.SOURCE_CHANGED,
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
      rejections.add(columns, message, start + 2, e);
      return false;
    }
  }

  private int header(byte[] message) {
    for (int i = 0; i < SIGNATURE.length; i++) {
      if (message.length < HEADER_FIXED || message[i] != SIGNATURE[i]) {
        throw new EcluseException(
            ErrorCode.SOURCE_CHANGED,
            "%s: the server does not speak binary COPY; it began with '%s'"
                .formatted(
                    stream,
                    new String(
                        message, 0, Math.min(message.length, 6), StandardCharsets.US_ASCII)));
      }
    }
    return HEADER_FIXED + WireNumbers.int32(message, SIGNATURE.length + 4);
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    // the COPY belongs to the connection, which its opener closes
  }
}
