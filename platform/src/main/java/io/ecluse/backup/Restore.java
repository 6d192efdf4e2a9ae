package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.MetadataDump;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes a project anew from the last moment of a backup, in a folder of its own. */
public final class Restore {
  private final BackupFolder backups;
  private final Path moment;

  /**
   * @throws EcluseException NOT_FOUND when there is no whole backup in the folder
   */
  public Restore(Path folder) {
    this.backups = new BackupFolder(folder.toAbsolutePath(), new Disk());
    try {
      this.moment = backups.newest();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Writes the project's files, and its tables and batches below {@code .ecluse}; each must be what
   * was backed up. Returns how many files there are.
   *
   * @throws EcluseException ALREADY_EXISTS when the folder is not empty; DATA_CORRUPT
   */
  public int files(Path target) {
    try {
      requireEmpty(target);
      List<Path> written = new ArrayList<>();
      for (BackupFolder.Line line : backups.lines(moment)) {
        if (!line.name().startsWith("catalog/")) {
          written.add(write(line, target));
        } else {
          check(
              line, BackupFolder.copy(backups.file(moment, line), OutputStream.nullOutputStream()));
        }
      }
      new Disk().sync(written, target);
      return written.size();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Path write(BackupFolder.Line line, Path target) throws IOException {
    Path file =
        line.name().startsWith("project/")
            ? target.resolve(line.name().substring("project/".length()))
            : target.resolve(".ecluse").resolve(line.name());
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      check(line, BackupFolder.copy(backups.file(moment, line), out));
    }
    return file;
  }

  private static void check(BackupFolder.Line line, String sha256) {
    if (!line.sha256().equals(sha256)) {
      throw new EcluseException(
          ErrorCode.DATA_CORRUPT,
          "%s in the backup is not what was backed up: its checksum is %s instead of %s"
              .formatted(line.name(), sha256, line.sha256()));
    }
  }

  /** Puts the metadata into an empty database. */
  public void catalog(DatabaseSettings database) {
    MetadataDump.read(database, moment.resolve("catalog"));
  }

  private static void requireEmpty(Path target) throws IOException {
    if (Files.exists(target)) {
      try (Stream<Path> inside = Files.list(target)) {
        if (inside.findAny().isPresent()) {
          throw new EcluseException(
              ErrorCode.ALREADY_EXISTS,
              target + " is not empty; restore into a folder that is not there");
        }
      }
    }
  }

  private static EcluseException failed(IOException e) {
    return new EcluseException(
        ErrorCode.DATA_CORRUPT, "The backup cannot be restored: " + e.getMessage(), e);
  }
}
