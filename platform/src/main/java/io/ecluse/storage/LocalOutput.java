package io.ecluse.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file here that something is brought to: what the disk says is not taken for the store's. */
final class LocalOutput extends OutputStream {
  private final Path file;
  private final OutputStream out;

  LocalOutput(Path file) throws IOException {
    this.file = file;
    this.out = Files.newOutputStream(file);
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new LocalFailure("write " + file, e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
