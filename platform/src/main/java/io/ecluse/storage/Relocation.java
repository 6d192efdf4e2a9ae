package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes tables or batches elsewhere while they are read and written. All that there is is copied
 * and compared, then what came meanwhile, until that is little; the rest is copied while nobody can
 * add to it, and then one row says where it is. Nothing refers to the new place before, and the old
 * one stays as it was, so it may be cut off at any moment: done again, it goes on where it was.
 * Used by one thread.
 *
 * @param <S> all that works in one place
 */
public final class Relocation<S extends Followed.Place> {
  /** What may be copied while others wait. */
  private static final long LITTLE_BYTES = 16L << 20;

  private static final int LITTLE_FILES = 64;

  /** After that, those who wait go first, and the rest is copied while they work. */
  private static final Duration SHORT = Duration.ofSeconds(5);

  private static final int MOST_ROUNDS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Followed<S> sites;
  private final Moving<S> moving;
  private final Transfers transfers;

  public Relocation(Followed<S> sites, Moving<S> moving, Transfers transfers) {
    this.sites = sites;
    this.moving = moving;
    this.transfers = transfers;
  }

  /** Lets nobody else delete or copy files while something is done. */
  public interface Held {
    /**
     * @param patience how long to wait for who does so now
     */
    <T> T during(Duration patience, Supplier<T> work);
  }

  /** How tables and batches differ. */
  public interface Moving<S> {
    /** As {@link Held}. */
    <T> T held(Duration patience, Supplier<T> work);

    /** Throws {@link Moved} if they are elsewhere. */
    void requireHere(S site);

    /**
     * Says that a place is for what is in another.
     *
     * @throws EcluseException CONFLICT, WAREHOUSE_MISMATCH when it has something else
     */
    void take(S site, S target);

    /** What tells of the files that are needed and not known to be there, each time anew. */
    Supplier<List<StoredFile>> missing(S site, Copies copies);

    /** The SHA-256 that a file is known to have. */
    Function<String, Optional<String>> sums(S site);

    /** Copies the rest while nobody can add to it, and then says that it is there. */
    void last(S site, String to, Runnable rest);

    /** What is to be done once they are there. */
    void moved(S site);

    /** Places that they have left, the last first. */
    List<Left> left(S site);

    /**
     * Deletes what they have left in a place, as far as we wrote it.
     *
     * @throws EcluseException CONFLICT, WAREHOUSE_MISMATCH when it is not ours
     */
    Removed remove(S site, S old, Instant now);
  }

  /**
   * A place that was left.
   *
   * @param at when
   */
  public record Left(String location, Instant at) {}

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
   * @param from where it was
   * @param files that are needed
   * @param copied those of them that were not there before
   */
  public record Report(String from, String to, long files, long bytes, long copied) {}

  /**
   * Who asked, and how that is told.
   *
   * @param ended whether nobody waits any more
   */
  public record Asked(Consumer<Progress> progress, BooleanSupplier ended) {}

  /** What is taken: {@code tables} or {@code batches}. */
  public Owner.Kind kind() {
    return sites.kind();
  }

  /**
   * Takes all there, if it is not.
   *
   * @param place the folder of the environment, {@code s3://…} or {@code hdfs://…}
   * @throws EcluseException CONFLICT, WAREHOUSE_MISMATCH when something else is there;
   *     INVALID_USAGE; DISK_FULL; DATA_CORRUPT when files are missing, or differ there; CANCELLED;
   *     what storages say
   */
  public Report move(String place, Asked asked) {
    return moving.held(
        PATIENCE,
        () -> {
          Report report = sites.at(site -> move(site, place, asked));
          sites.at(
              site -> {
                moving.moved(site);
                return site;
              });
          return report;
        });
  }

  private Report move(S site, String place, Asked asked) {
    moving.requireHere(site); // or follows
    String from = site.places().here();
    try (S target = sites.open(place)) {
      String to = target.places().here();
      if (to.equals(from)) {
        return new Report(from, to, 0, 0, 0);
      }
      requireApart(from, to);
      moving.take(site, target);
      Copies copies =
          new Copies(site.places(), target.places(), transfers, asked, moving.sums(site));
      Supplier<List<StoredFile>> missing = moving.missing(site, copies);
      Duration took = copy(copies, missing);
      for (int round = 1;
          !isSoonDone(took, missing.get()) || !done(site, copies, missing, to);
          round++) {
        if (round == MOST_ROUNDS) {
          throw ErrorCode.CONFLICT.error(
              "More is written in %s than can be copied to %s meanwhile; nothing was changed. Try again when fewer runs go on"
                  .formatted(from, to));
        }
        took = copy(copies, missing);
      }
      sites.follow(site, to);
      return new Report(from, to, copies.files(), copies.bytes(), copies.copied());
    }
  }

  private static Duration copy(Copies copies, Supplier<List<StoredFile>> missing) {
    long begin = System.nanoTime();
    copies.copy(missing.get());
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /**
   * Whether little is missing, or no more than what came in a short while, which it would do again.
   *
   * @param took the last round
   */
  private static boolean isSoonDone(Duration took, List<StoredFile> missing) {
    return took.compareTo(SHORT.dividedBy(2)) < 0
        || (missing.size() <= LITTLE_FILES && Copies.sum(missing) <= LITTLE_BYTES);
  }

  /** The short moment in which nobody adds anything. */
  private boolean done(S site, Copies copies, Supplier<List<StoredFile>> missing, String to) {
    copies.verify(); // what takes longer with many files
    try {
      moving.last(site, to, () -> copies.copyWithin(SHORT, missing));
      return true;
    } catch (Copies.Late e) {
      return false;
    }
  }

  private static void requireApart(String from, String to) {
    if (to.startsWith(from + "/") || from.startsWith(to + "/")) {
      throw ErrorCode.INVALID_USAGE.error(
          "What is in %s cannot be taken to %s, since one is within the other".formatted(from, to));
    }
  }

  /** Files that were deleted in a place that was left. */
  public record Removed(String location, long files, long bytes) {}

  /**
   * Who may read where everything was before.
   *
   * @param queries how long one may take
   * @param runs when those began that go on
   */
  public record Readers(Duration queries, Collection<Instant> runs) {}

  /**
   * Deletes what is where everything was before, as far as this wrote it.
   *
   * @return what went, of each place
   * @throws EcluseException CONFLICT while it may still be read there; what storages say
   */
  public List<Removed> removeLeft(Readers readers, Clock clock) {
    return moving.held(
        PATIENCE,
        () -> {
          List<Removed> removed = new ArrayList<>();
          for (Left left : sites.at(moving::left)) {
            requireQuiet(left, readers, clock);
            removed.add(sites.at(site -> remove(site, left.location(), clock.instant())));
          }
          return removed;
        });
  }

  private static void requireQuiet(Left left, Readers readers, Clock clock) {
    if (readers.runs().stream().anyMatch(begun -> begun.isBefore(left.at()))) {
      throw ErrorCode.CONFLICT.error(
          "Runs go on that began when all was in %s, and may read there; delete it when they have ended"
              .formatted(left.location()));
    }
    Instant quiet = left.at().plus(readers.queries());
    if (clock.instant().isBefore(quiet)) {
      throw ErrorCode.CONFLICT.error(
          "Queries that began when all was in %s may read there until %s (query.timeout); delete it then"
              .formatted(left.location(), quiet));
    }
  }

  private Removed remove(S site, String location, Instant now) {
    moving.requireHere(site);
    requireApart(site.places().here(), location);
    try (S old = sites.open(location)) {
      return moving.remove(site, old, now);
    }
  }
}
