package io.ecluse.storage;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the local disk says, in words for people. */
public final class LocalErrors {
  private LocalErrors() {}

  /** Deletes a file, if it is there. */
  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw of("delete " + file, e);
    }
  }

  /** DISK_FULL or INTERNAL, for something that could not be done. */
  public static EcluseException of(String what, IOException e) {
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : String.valueOf(e.getMessage());
    return DiskFull.isSaidBy(reason)
        ? DiskFull.error(what, e)
        : ErrorCode.INTERNAL.error("Could not %s: %s".formatted(what, reason), e);
  }
}
