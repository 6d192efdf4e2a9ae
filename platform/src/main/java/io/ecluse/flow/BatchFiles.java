package io.ecluse.flow;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Engine;
import io.ecluse.engine.Merge;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Part;
import io.ecluse.staging.Reading;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of batches, as the engine that loads them has them: on this machine and checked, or
 * where they are, and it checks them itself.
 *
 * @param reading for an engine of this process
 */
record BatchFiles(Engine engine, StagingArea staging, Optional<Reading> reading)
    implements AutoCloseable {
  /** What is said of values that were compared. */
  static final String EQUAL = ", equal to the source in every column's checksum";

  List<BatchFile> rows(BatchManifest batch) {
    return reading
        .map(r -> BatchFile.here(r.parts(batch)))
        .orElseGet(() -> there(batch, batch.parts()));
  }

  List<BatchFile> keys(BatchManifest batch) {
    return reading
        .map(r -> BatchFile.here(r.keys(batch)))
        .orElseGet(() -> there(batch, batch.keys().map(Increment.Keys::parts).orElse(List.of())));
  }

  List<BatchFile> changes(BatchManifest batch) {
    return reading
        .map(r -> BatchFile.here(r.changes(batch)))
        .orElseGet(() -> there(batch, batch.changes().orElse(List.of())));
  }

  private List<BatchFile> there(BatchManifest batch, List<Part> parts) {
    String folder = staging.location(batch);
    return parts.stream()
        .map(p -> new BatchFile(folder + "/" + p.file(), Optional.of(p.sha256())))
        .toList();
  }

  /** Whether the table holds the very values of the batch, if the batch tells. */
  String compare(TableName name, BatchManifest batch, String runId) {
    if (batch.comparedBy() == BatchManifest.Comparison.COUNTS) {
      return "";
    }
    ContentSums staged =
        batch.parts().stream()
            .map(p -> p.sums().orElseThrow())
            .reduce(ContentSums.NONE, ContentSums::plus);
    List<String> differences =
        engine
            .sums(name, new ReadView.OfRun(runId))
            .differences(staged, "in the table", "in staging");
    if (!differences.isEmpty()) {
      throw ErrorCode.INTERNAL.error(
          "%s does not hold what batch %s does: %s"
              .formatted(name, batch.extractId(), String.join(", ", differences)));
    }
    return EQUAL;
  }

  /**
   * Whether each file of the batches is known to hold the very values of the source.
   *
   * @param read the same batches, as they are here
   * @throws io.ecluse.error.EcluseException DATA_CORRUPT if one does not any more
   */
  boolean areAsInSource(List<BatchManifest> batches, List<Merge.Step> read) {
    boolean all = !batches.isEmpty();
    for (int i = 0; i < batches.size(); i++) {
      BatchManifest batch = batches.get(i);
      all &= batch.isOneMoment();
      all &= areAsInSource(batch, batch.parts(), read.get(i).rows());
      areAsInSource(batch, batch.changes().orElse(List.of()), read.get(i).changes());
    }
    return all;
  }

  private boolean areAsInSource(BatchManifest batch, List<Part> parts, List<BatchFile> files) {
    List<Part> told = new ArrayList<>();
    List<BatchFile> compared = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).sums().isPresent()) {
        told.add(parts.get(i));
        compared.add(files.get(i));
      }
    }
    if (!compared.isEmpty()) {
      List<Column> columns = batch.columns().stream().map(StagedColumn::column).toList();
      List<ContentSums> held = engine.sums(columns, compared);
      for (int i = 0; i < told.size(); i++) {
        requireEqual(batch, told.get(i), held.get(i));
      }
    }
    return told.size() == parts.size();
  }

  private static void requireEqual(BatchManifest batch, Part part, ContentSums held) {
    List<String> differences =
        held.differences(part.sums().orElseThrow(), "in staging", "in the source");
    if (!differences.isEmpty()) {
      throw ErrorCode.DATA_CORRUPT.error(
          "%s of batch %s of %s.%s does not hold what the source did: %s; nothing was loaded. Read everything once: ecluse extract %s %s --full"
              .formatted(
                  part.file(),
                  batch.extractId(),
                  batch.source(),
                  batch.stream(),
                  String.join(", ", differences),
                  batch.source(),
                  batch.stream()));
    }
  }

  @Override
  public void close() {
    reading.ifPresent(Reading::close);
  }
}
