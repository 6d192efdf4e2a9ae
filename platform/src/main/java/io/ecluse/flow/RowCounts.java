package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import java.util.List;
import java.util.Optional;

/**
 * Whether a table has as many rows as its source, after batches of increments. A row whose
 * transaction ended late, or whose cursor did not move, is found nowhere else.
 *
 * @param batch the newest
 * @param steps what the table lacked, the oldest first
 * @param mayLack rows that the project allows to be rejected
 */
record RowCounts(BatchManifest batch, List<BatchManifest> steps, long mayLack) {
  RowCounts {
    steps = List.copyOf(steps);
  }

  /** How rows get into the table. */
  enum Growth {
    /** Rows replace those of their key; one that the source deleted may come back. */
    BY_KEY,
    /** Rows are added, and never change. */
    BY_ADDING
  }

  /**
   * @param before rows in force before the load; empty if the table was made anew
   * @param after rows in force now
   * @throws EcluseException DATA_INVALID
   */
  void require(TableName name, Growth growth, Optional<Long> before, long after) {
    batch.counted().ifPresent(there -> require(name, there, after));
    if (before.isPresent() && !steps.isEmpty() && !steps.get(0).isWhole()) {
      requireGrowth(name, growth, after - before.get());
    }
  }

  private void require(TableName name, long there, long after) {
    boolean exact = batch.keys().isPresent();
    if (there > after + mayLack || (exact && there < after)) {
      throw missed("%s would have %d rows, but the source has %d".formatted(name, after, there));
    }
  }

  /** The source's rows may not have grown by more than what was read. */
  private void requireGrowth(TableName name, Growth growth, long added) {
    Optional<Long> first =
        steps.get(0).increment().flatMap(Increment::counted).flatMap(Increment.Counted::before);
    Optional<Long> last = batch.counted();
    if (first.isEmpty() || last.isEmpty()) {
      return;
    }
    long grown = last.get() - first.get();
    long rejected = steps.stream().mapToLong(s -> s.rejected().rows()).sum();
    long read = steps.stream().mapToLong(BatchManifest::rows).sum();
    long explained =
        switch (growth) {
          case BY_KEY -> Math.max(added, read);
          case BY_ADDING -> added;
        };
    if (grown > explained + rejected) {
      throw missed(
          "The source of %s has %d rows more than when it was read before, but only %d of them came"
              .formatted(name, grown, explained));
    }
  }

  private EcluseException missed(String what) {
    return ErrorCode.DATA_INVALID.error(
        "%s: some came without a new value in the cursor %s, or were committed after higher ones had been read, further back than is looked; read everything once: ecluse extract %s %s --full; and set look_back for that stream to longer than transactions take there"
            .formatted(
                what,
                batch.increment().map(Increment::cursor).orElse(""),
                batch.source(),
                batch.stream()));
  }
}
