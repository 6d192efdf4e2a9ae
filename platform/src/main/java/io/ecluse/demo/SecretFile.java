package io.ecluse.demo;

import io.ecluse.disk.Disk;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** A secret of a project in {@code .ecluse/secrets/}, which only its owner may read. */
record SecretFile(Path file) {
  private static final int BYTES = 24;

  /** The secret; a new random one is written if there is none. */
  String readOrMake() {
    try {
      if (!Files.exists(file)) {
        make();
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error(
          "The secret in %s can be neither read nor written: %s".formatted(file, e.getMessage()),
          e);
    }
  }

  /** Written aside and moved, so that nobody ever reads half of it. */
  private void make() throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is in no folder");
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path aside =
        Files.createTempFile(
            folder,
            "new-",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(aside, HexFormat.of().formatHex(random));
      Disk disk = new Disk();
      disk.sync(List.of(aside), folder);
      Files.createLink(file, aside);
      disk.sync(List.of(file), folder);
    } catch (FileAlreadyExistsException e) {
      // another process was first: its secret counts
    } finally {
      Files.delete(aside);
    }
  }
}
