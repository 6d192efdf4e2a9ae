package io.ecluse.staging;

import java.time.Instant;
import java.util.List;

/**
 * What one extract of one stream left in staging. It is written after all parts: a batch without a
 * manifest does not exist.
 *
 * @param source name of the source
 * @param stream name of the stream
 * @param extractId the extract that read it; the batches of one extract are one moment of the
 *     source
 * @param runId the run that the extract belongs to
 * @param position the source's snapshot position, in its own words
 * @param columns in the source's order
 * @param rows rows of all parts, equal to the source's own count in the same snapshot
 * @param parts the files
 * @param startedAt when reading this stream began
 * @param endedAt when its last part was complete
 * @param extractor name and version of what read it
 */
public record BatchManifest(
    String source,
    String stream,
    String extractId,
    String runId,
    String position,
    List<StagedColumn> columns,
    long rows,
    List<Part> parts,
    Instant startedAt,
    Instant endedAt,
    String extractor) {
  public BatchManifest {
    columns = List.copyOf(columns);
    parts = List.copyOf(parts);
    long counted = parts.stream().mapToLong(Part::rows).sum();
    if (counted != rows) {
      throw new IllegalArgumentException(
          "The parts of %s.%s hold %d rows, but the manifest says %d"
              .formatted(source, stream, counted, rows));
    }
  }

  /** Size of all parts. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }
}
