package io.ecluse.catalog;

import io.ecluse.staging.BatchManifest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A stream of a source that has batches.
 *
 * @param batches the newest first
 */
public record StagedStream(String source, String name, List<BatchManifest> batches) {
  public StagedStream {
    batches = List.copyOf(batches);
  }

  public Optional<BatchManifest> newest() {
    return batches.stream().findFirst();
  }

  /** The batch of an extract. */
  public Optional<BatchManifest> find(String extract) {
    return batches.stream().filter(b -> b.extractId().equals(extract)).findFirst();
  }

  public long bytes() {
    return batches.stream().mapToLong(BatchManifest::bytes).sum();
  }

  /** The same stream with some of its batches only. */
  public StagedStream with(Predicate<BatchManifest> wanted) {
    return new StagedStream(source, name, batches.stream().filter(wanted).toList());
  }

  /** A batch in a line, compared with the one before. */
  public BatchDetail.Line line(BatchManifest batch) {
    return BatchDetail.Line.of(batch, before(batch));
  }

  Optional<BatchManifest> before(BatchManifest batch) {
    return batches.stream().skip(batches.indexOf(batch) + 1L).findFirst();
  }
}
