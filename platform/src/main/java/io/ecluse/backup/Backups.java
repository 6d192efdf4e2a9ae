package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The backups in a folder, or the one in a file that ends in {@code .zip} or {@code .tar}. */
public final class Backups {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Place place;

  /**
   * A moment that is whole.
   *
   * @param moment its name
   * @param bytes of all its files, which others may share
   */
  public record Kept(String moment, long files, long bytes) {}

  /**
   * @param where need not be there yet
   * @throws EcluseException INVALID_USAGE when it can hold no backup
   */
  public Backups(Path where) {
    Path path = where.toAbsolutePath().normalize();
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    boolean folder = Files.isDirectory(path);
    if (!folder && name.matches(".*\\.(zip|tar)")) {
      this.place = new BackupFile(path, new Disk());
    } else if (!folder && (Files.exists(path) || name.matches(".*\\.(gz|tgz|bz2|xz|zst|7z)"))) {
      throw ErrorCode.INVALID_USAGE.error(
          "%s is no place for a backup; name a folder, or a file that ends in .zip or .tar"
              .formatted(where));
    } else {
      this.place = new BackupFolder(path, new Disk());
    }
  }

  /** What is whole, the oldest first; none if there is nothing. */
  public List<Kept> list() {
    try {
      return place.list();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Removes all moments but the last, never a file that one of these needs. A removal that was cut
   * off is finished by the next one.
   *
   * @return how many moments were removed
   * @throws EcluseException INVALID_USAGE when it is one file; CONFLICT while a backup is written
   *     there
   */
  public int keep(int moments) {
    requireKeepable(moments);
    try {
      return place.keep(moments);
    } catch (IOException e) {
      throw failed("Old moments were not removed", e);
    }
  }

  /** Refuses what {@link #keep} would refuse whatever there is. */
  public void requireKeepable(int moments) {
    if (moments < 1) {
      throw ErrorCode.INVALID_USAGE.error("At least 1 moment must be kept, but got " + moments);
    }
    if (place instanceof BackupFile) {
      throw ErrorCode.INVALID_USAGE.error(
          "A file holds one moment, so none can be removed from it; back up into a folder to keep some");
    }
  }

  Draft begin(Instant now) throws IOException {
    return place.begin(now);
  }

  Moment moment(Optional<String> at) {
    try {
      return place.moment(at);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  boolean holds(Path path) {
    return place.holds(path);
  }

  static String name(Instant moment) {
    return NAME.format(moment);
  }

  static EcluseException none(Path where) {
    return ErrorCode.NOT_FOUND.error("There is no backup in " + where);
  }

  /** The moment asked for. */
  static String choose(List<Kept> kept, Optional<String> at, Path where) {
    if (kept.isEmpty()) {
      throw none(where);
    }
    return kept.stream()
        .map(Kept::moment)
        .filter(name -> name.startsWith(at.orElse("")))
        .reduce((earlier, later) -> later)
        .orElseThrow(
            () ->
                ErrorCode.NOT_FOUND.error(
                    "No moment in %s begins with '%s'; moments there: %d, from %s to %s; ecluse backup --list %s shows them"
                        .formatted(
                            where,
                            at.orElse(""),
                            kept.size(),
                            kept.get(0).moment(),
                            kept.get(kept.size() - 1).moment(),
                            where)));
  }

  static EcluseException unreadable(IOException e) {
    boolean full = DiskFull.isSaidBy(String.valueOf(e.getMessage()));
    return new EcluseException(
        full ? ErrorCode.DISK_FULL : ErrorCode.DATA_CORRUPT,
        "The backup cannot be read or restored: " + reason(e),
        e);
  }

  static EcluseException failed(String what, IOException e) {
    boolean full = DiskFull.isSaidBy(String.valueOf(e.getMessage()));
    return new EcluseException(
        full ? ErrorCode.DISK_FULL : ErrorCode.INTERNAL, what + ": " + reason(e), e);
  }

  private static String reason(IOException e) {
    return "%s (%s)".formatted(e.getMessage(), e.getClass().getSimpleName());
  }
}
