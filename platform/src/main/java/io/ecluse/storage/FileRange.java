package io.ecluse.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A range of a file. */
final class FileRange extends InputStream {
  private final InputStream in;
  private long left;

  private FileRange(InputStream in, long bytes) {
    this.in = in;
    this.left = bytes;
  }

  static FileRange open(Path file, long from, long bytes) {
    try {
      InputStream in = Files.newInputStream(file);
      in.skipNBytes(from);
      return new FileRange(in, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0 && length > 0) {
      return -1;
    }
    int count = in.read(buffer, offset, (int) Math.min(length, left));
    left -= Math.max(0, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
