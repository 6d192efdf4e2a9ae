package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.StagingArea;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds those rows that could not land since a stream was last read as a whole, to be read once
 * more. What they bring continues the newest batch, which keeps its cursor.
 */
record Replays(String source, StagingArea staging) {
  /**
   * Rows that were rejected.
   *
   * @param keys of each, by column
   * @param continuation of the batch that they are to make
   */
  record Replay(List<Map<String, String>> keys, Continuation continuation) {}

  /**
   * Those of a stream that is read by increments; empty if there are none.
   *
   * @throws EcluseException INVALID_USAGE if not all of them are known
   */
  Optional<Replay> of(String stream) {
    List<BatchManifest> batches = sinceWhole(stream);
    Set<Map<String, String>> keys = new LinkedHashSet<>();
    for (BatchManifest batch : batches) {
      Rejected rejected = batch.rejected();
      rejected.examples().stream()
          .map(Rejected.Row::key)
          .filter(k -> !k.isEmpty())
          .forEach(keys::add);
      if (rejected.rows() > rejected.examples().size()) {
        throw ErrorCode.INVALID_USAGE.error(
            "Batch %s rejected %d rows of %s and describes %d of them; read all: ecluse extract %s %s --full"
                .formatted(
                    batch.extractId(),
                    rejected.rows(),
                    stream,
                    rejected.examples().size(),
                    source,
                    stream));
      }
    }
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(new Replay(List.copyOf(keys), continuation(batches.get(0))));
  }

  private static Continuation continuation(BatchManifest newest) {
    Increment last = newest.increment().orElseThrow();
    return new Continuation(
        newest.primaryKey(),
        Optional.of(
            new Increment(
                last.cursor(),
                Optional.of("rows that were rejected"),
                last.to(),
                Optional.of(newest.extractId()),
                last.moment(),
                Optional.empty())));
  }

  /** The newest batch first; the last is whole, or the oldest there is. */
  private List<BatchManifest> sinceWhole(String stream) {
    List<BatchManifest> since = new ArrayList<>();
    for (BatchManifest batch : staging.list(source, stream)) {
      if (batch.increment().isEmpty()) {
        break;
      }
      since.add(batch);
      if (batch.isWhole()) {
        break;
      }
    }
    return since;
  }
}
