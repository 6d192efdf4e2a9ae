package io.ecluse.warehouse;

import io.ecluse.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/** What a Parquet file says of itself at its end; no more of it is fetched. */
record Footer(MessageType columns) {
  private static final int FIRST_LOOK = 1 << 16;

  /** What is longer is no description of columns. */
  private static final int MOST = 256 << 20;

  /** The length of the footer, and four letters; four letters begin a file. */
  private static final int AROUND = 12;

  private static final int TAIL = 8;

  /**
   * @throws IOException if it is none
   */
  static Footer of(Storage storage, String name) throws IOException {
    byte[] end = end(storage, name, FIRST_LOOK);
    if (end.length >= AROUND) {
      int length =
          ByteBuffer.wrap(end, end.length - TAIL, TAIL).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (length > end.length - AROUND && length < MOST) {
        end = end(storage, name, length + AROUND);
      }
    }
    try (ParquetFileReader reader = ParquetFileReader.open(new End(end))) {
      return new Footer(reader.getFileMetaData().getSchema());
    } catch (RuntimeException e) { // so many kinds of them as there are kinds of broken files
      throw new IOException(e.getMessage(), e);
    }
  }

  private static byte[] end(Storage storage, String name, int bytes) throws IOException {
    return storage.end(name, bytes).orElseThrow(() -> new IOException("it is gone"));
  }

  /** Whether each column has one. */
  boolean hasIds() {
    return columns.getFields().stream().allMatch(f -> f.getId() != null);
  }

  /** The end of a file, as if it were all of it: who reads the footer looks at nothing else. */
  private record End(byte[] bytes) implements InputFile {
    @Override
    public long getLength() {
      return bytes.length;
    }

    @Override
    public SeekableInputStream newStream() {
      Bytes in = new Bytes(bytes);
      return new DelegatingSeekableInputStream(in) {
        @Override
        public long getPos() {
          return in.position();
        }

        @Override
        public void seek(long to) throws IOException {
          in.seek(to);
        }
      };
    }
  }

  private static final class Bytes extends ByteArrayInputStream {
    Bytes(byte[] bytes) {
      super(bytes);
    }

    int position() {
      return pos;
    }

    void seek(long to) throws EOFException {
      if (to < 0 || to > count) {
        throw new EOFException("it is cut");
      }
      pos = (int) to;
    }
  }
}
