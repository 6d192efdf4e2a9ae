package io.ecluse.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** How entries are put into one file, one after the other. */
sealed interface Pack {
  void begin(String entry, long bytes) throws IOException;

  /** Takes what is of the entry that was begun; closing it writes what comes after the last. */
  OutputStream out();

  void end() throws IOException;

  static Pack zip(OutputStream out) {
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    zip.setLevel(Deflater.BEST_SPEED); // most of it is compressed already
    return new Zip(zip);
  }

  static Pack tar(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return new Tar(tar);
  }

  /** {@code .zip} */
  record Zip(ZipOutputStream out) implements Pack {
    @Override
    public void begin(String entry, long bytes) throws IOException {
      out.putNextEntry(new ZipEntry(entry));
    }

    @Override
    public void end() throws IOException {
      out.closeEntry();
    }
  }

  /** {@code .tar} */
  record Tar(TarArchiveOutputStream out) implements Pack {
    private static final int OWNER_ONLY = 0600;

    @Override
    public void begin(String entry, long bytes) throws IOException {
      TarArchiveEntry header = new TarArchiveEntry(entry);
      header.setSize(bytes);
      header.setMode(OWNER_ONLY);
      out.putArchiveEntry(header);
    }

    @Override
    public void end() throws IOException {
      out.closeArchiveEntry();
    }
  }
}
