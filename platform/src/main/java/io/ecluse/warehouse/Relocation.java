package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import io.ecluse.storage.StoredFile;
import io.ecluse.storage.Transfers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes the tables elsewhere while they are read and written. All that the catalog leads to is
 * copied and compared, then what came meanwhile, until that is little; the rest is copied while
 * nobody can publish, and then one row says where the tables are. Nothing refers to the new place
 * before, and the old one stays as it was, so it may be cut off at any moment: done again, it goes
 * on where it was. Used by one thread.
 */
public final class Relocation {
  /** What may be copied while publications wait. */
  private static final long LITTLE_BYTES = 16L << 20;

  private static final int LITTLE_FILES = 64;

  /** After that, those who wait go first, and the rest is copied while they work. */
  private static final Duration SHORT = Duration.ofSeconds(5);

  private static final int MOST_ROUNDS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Jdbi jdbi;
  private final FolderRows rows;
  private final Sites sites;
  private final Transfers transfers;

  Relocation(Jdbi jdbi, FolderRows rows, Sites sites, Transfers transfers) {
    this.jdbi = jdbi;
    this.rows = rows;
    this.sites = sites;
    this.transfers = transfers;
  }

  /** Whether a location is on another machine: {@code s3://…} or {@code hdfs://…}. */
  public static boolean isElsewhere(String location) {
    return Storages.isRemote(location);
  }

  /**
   * Nothing is connected to.
   *
   * @throws EcluseException INVALID_PROJECT for what is no location
   */
  public static void requireLocation(String said) {
    Storages.open(said, () -> StorageSettings.NONE).close();
  }

  /**
   * What has been done so far.
   *
   * @param files that are there, of {@code allFiles}
   */
  public record Progress(long files, long allFiles, long bytes, long allBytes) {}

  /**
   * What was done.
   *
   * @param from where the tables were
   * @param files of the tables
   * @param copied those of them that were not there before
   */
  public record Report(String from, String to, long files, long bytes, long copied) {}

  /**
   * Who asked, and how that is told.
   *
   * @param ended whether nobody waits any more
   */
  public record Asked(Consumer<Progress> progress, BooleanSupplier ended) {}

  /**
   * Takes the tables there, if they are not.
   *
   * @param place the folder of the environment's tables, {@code s3://…} or {@code hdfs://…}
   * @throws EcluseException CONFLICT, WAREHOUSE_MISMATCH when something else is there;
   *     INVALID_USAGE; DISK_FULL; DATA_CORRUPT when files are missing, or differ there; CANCELLED;
   *     what storages say
   */
  public Report move(String place, Asked asked) {
    return new HeldFiles(jdbi)
        .during(
            PATIENCE,
            () -> {
              Report report = sites.at(site -> move(site, place, asked));
              sites.at(site -> site.renaming().all());
              return report;
            });
  }

  private Report move(Site site, String place, Asked asked) {
    jdbi.useTransaction(site.catalog()::requireHere); // or follows
    String from = site.folder().here();
    try (Site target = sites.open(place)) {
      String to = target.folder().here();
      if (to.equals(from)) {
        return new Report(from, to, 0, 0, 0);
      }
      requireApart(from, to);
      target.folder().take(site.folder(), sites.home());
      Copies copies = new Copies(site, target, transfers, asked);
      copies.copy(jdbi.withHandle(rows::metadata));
      for (int round = 1; !isLittle(copies) || !done(site, copies, to); round++) {
        if (round == MOST_ROUNDS) {
          throw ErrorCode.CONFLICT.error(
              "More is written in %s than can be copied to %s meanwhile; nothing was changed. Try again when fewer runs go on"
                  .formatted(from, to));
        }
        copies.copy(jdbi.withHandle(rows::metadata));
      }
      sites.follow(site, to);
      return new Report(from, to, copies.files(), copies.bytes(), copies.copied());
    }
  }

  private boolean isLittle(Copies copies) {
    List<StoredFile> missing = copies.missing(jdbi.withHandle(rows::metadata));
    return missing.size() <= LITTLE_FILES
        && missing.stream().mapToLong(StoredFile::bytes).sum() <= LITTLE_BYTES;
  }

  /** The short moment in which nobody publishes, stages or opens the project. */
  private boolean done(Site site, Copies copies, String to) {
    copies.verify(); // what takes longer with many files
    try {
      jdbi.useTransaction(
          h -> {
            rows.lock(h);
            site.catalog().lockPublications(h);
            rows.lockCurrent(h);
            copies.copyWithin(SHORT, rows.metadata(h));
            rows.move(h, site.folder().here(), to);
          });
      return true;
    } catch (Copies.Late e) {
      return false;
    }
  }

  private static void requireApart(String from, String to) {
    if (to.startsWith(from + "/") || from.startsWith(to + "/")) {
      throw ErrorCode.INVALID_USAGE.error(
          "The tables cannot be taken from %s to %s, since one is within the other"
              .formatted(from, to));
    }
  }

  /**
   * Deletes the tables where they were before, as far as this wrote them.
   *
   * @param readers how long a query may take that began before
   * @return what went, of each place
   * @throws EcluseException CONFLICT while they may still be read there; what storages say
   */
  public List<Removed> removeLeft(Duration readers, Clock clock) {
    return new HeldFiles(jdbi)
        .during(
            PATIENCE,
            () -> {
              List<Removed> removed = new ArrayList<>();
              for (FolderRows.Left left : left()) {
                requireQuiet(left, readers, clock);
                removed.add(sites.at(site -> remove(site, left.location(), clock)));
              }
              return removed;
            });
  }

  /** Files that were deleted where tables were before. */
  public record Removed(String location, long files, long bytes) {}

  private List<FolderRows.Left> left() {
    return jdbi.withHandle(
        (Handle h) -> {
          Set<String> current = rows.current(h).stream().collect(Collectors.toSet());
          return rows.taken(h).stream().filter(l -> !current.contains(l.location())).toList();
        });
  }

  private static void requireQuiet(FolderRows.Left left, Duration readers, Clock clock) {
    Instant quiet = left.at().plus(readers);
    if (clock.instant().isBefore(quiet)) {
      throw ErrorCode.CONFLICT.error(
          "Queries that began before the tables left %s may read there until %s (query.timeout); delete it then"
              .formatted(left.location(), quiet));
    }
  }

  private Removed remove(Site site, String location, Clock clock) {
    jdbi.useTransaction(site.catalog()::requireHere);
    requireApart(site.folder().here(), location);
    try (Site old = sites.open(location)) {
      old.folder().requireOurs(site.folder(), sites.home());
      Sweep sweep = new Sweep(old.io());
      jdbi.withHandle(rows::metadata).stream()
          .filter(StorageFileIO::isWithin)
          .forEach(name -> sweep.of(name.replaceFirst("/metadata/[^/]+$", "")));
      Reclaimed gone = sweep.removeAll(clock.instant());
      Storage storage = old.io().places().storage();
      storage.delete(List.of(Owner.Kind.WAREHOUSE.file(), WarehouseFolder.CLAIM));
      return new Removed(location, gone.files(), gone.bytes());
    }
  }
}
