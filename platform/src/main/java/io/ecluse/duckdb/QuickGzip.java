package io.ecluse.duckdb;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Packs files with zlib's quickest level. DuckDB packs, too, but with a slow level that cannot be
 * set: three times the processor's time for a tenth less.
 */
final class QuickGzip {
  private static final int BUFFER = 64 << 10;

  private QuickGzip() {}

  /** A stream whose level can be set, which the JDK's own leaves to those who extend it. */
  private static final class Packed extends GZIPOutputStream {
    Packed(OutputStream to) throws IOException {
      super(to, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /**
   * Packs a file into another.
   *
   * @param cancelled ends it
   * @throws EcluseException CANCELLED, DISK_FULL
   */
  static void pack(Path from, Path to, BooleanSupplier cancelled) {
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = new Packed(Files.newOutputStream(to))) {
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (cancelled.getAsBoolean()) {
          throw ErrorCode.CANCELLED.error("Cancelled while %s was packed".formatted(to));
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      throw DiskFull.isSaidBy(e.getMessage())
          ? DiskFull.error("write " + to, to, e)
          : ErrorCode.INTERNAL.error("Could not write %s: %s".formatted(to, e.getMessage()), e);
    }
  }
}
