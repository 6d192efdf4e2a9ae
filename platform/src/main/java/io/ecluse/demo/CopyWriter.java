package io.ecluse.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows into one table by binary {@code COPY}, in constant memory. Call {@link #row()}, then one
 * method per column, in order; at the end {@link #finish()}, without which nothing arrives.
 *
 * <p>The format is that of PostgreSQL's documentation of COPY, "Binary Format".
 */
final class CopyWriter implements AutoCloseable {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int SEND_AT = 1 << 16;
  private static final int POSTGRES_EPOCH_DAY = 10957;
  private static final long REPORT_EVERY = 100_000;

  private final String table;
  private final short columns;
  private final CopyIn copy;
  private final FillListener listener;
  private ByteBuffer buffer = ByteBuffer.allocate(2 * SEND_AT);
  private long rows;

  /** The table must have been made in the transaction that is under way. */
  CopyWriter(Connection connection, String table, List<String> columns, FillListener listener)
      throws SQLException {
    this.table = table;
    this.columns = (short) columns.size();
    this.listener = listener;
    this.copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY %s (%s) FROM STDIN (FORMAT binary, FREEZE)"
                    .formatted(table, String.join(", ", columns)));
    buffer.put(SIGNATURE).putInt(0).putInt(0);
  }

  CopyWriter row() throws SQLException {
    if (buffer.position() >= SEND_AT) {
      send();
    }
    rows++;
    if (rows % REPORT_EVERY == 0) {
      listener.rows(table, rows);
    }
    buffer.putShort(columns);
    return this;
  }

  CopyWriter integer(int value) {
    room(8).putInt(4).putInt(value);
    return this;
  }

  CopyWriter text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    room(4 + bytes.length).putInt(bytes.length).put(bytes);
    return this;
  }

  /**
   * @param epochDay days since 1970-01-01
   */
  CopyWriter date(long epochDay) {
    room(8).putInt(4).putInt(Math.toIntExact(epochDay - POSTGRES_EPOCH_DAY));
    return this;
  }

  CopyWriter flag(boolean value) {
    room(5).putInt(1).put((byte) (value ? 1 : 0));
    return this;
  }

  CopyWriter real(float value) {
    room(8).putInt(4).putFloat(value);
    return this;
  }

  CopyWriter missing() {
    room(4).putInt(-1);
    return this;
  }

  long rows() {
    return rows;
  }

  void finish() throws SQLException {
    room(2).putShort((short) -1);
    send();
    copy.endCopy();
    listener.rows(table, rows);
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      buffer.flip();
      buffer = ByteBuffer.allocate(buffer.capacity() * 2 + bytes).put(buffer);
    }
    return buffer;
  }

  private void send() throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  /** Gives up what was not finished. */
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
