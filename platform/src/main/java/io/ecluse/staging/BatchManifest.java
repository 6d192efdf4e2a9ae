package io.ecluse.staging;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
 * @param parts the files; their rows and those rejected are as many as the source counts in the
 *     same snapshot
 * @param startedAt when reading this stream began
 * @param endedAt when its last part was complete
 * @param extractor name and version of what read it
 * @param primaryKey columns that tell rows apart; empty if unknown
 * @param increment how the batch continues the one before it; empty if the stream is read in full
 * @param rejected rows of the source that could not land
 * @param keys all keys of the source at that moment, where deleted rows are looked for
 * @param changes rows that changed while the others were read, each in the place of those of the
 *     same key; empty if all were read in one moment
 */
public record BatchManifest(
    String source,
    String stream,
    String extractId,
    String runId,
    String position,
    List<StagedColumn> columns,
    List<Part> parts,
    Instant startedAt,
    Instant endedAt,
    String extractor,
    List<String> primaryKey,
    Rejected rejected,
    Optional<Increment> increment,
    Optional<Increment.Keys> keys,
    Optional<List<Part>> changes) {
  public BatchManifest {
    columns = List.copyOf(columns);
    parts = List.copyOf(parts);
    primaryKey = List.copyOf(primaryKey);
  }

  /** All its files but the manifest. */
  List<Part> files() {
    List<Part> all = new ArrayList<>(parts);
    keys.ifPresent(k -> all.addAll(k.parts()));
    changes.ifPresent(all::addAll);
    return all;
  }

  /** Rows of all parts. */
  public long rows() {
    return parts.stream().mapToLong(Part::rows).sum();
  }

  /** Size of all parts. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /**
   * Whether all rows are of one moment. If not, what was there throughout is there once, as it was
   * at some time from the start to the end; what came or went meanwhile may be there or not.
   */
  public boolean isOneMoment() {
    return changes.isEmpty();
  }

  /** How its rows were held against those of the source. */
  public enum Comparison {
    COUNTS,
    /** By count and value. */
    CHECKSUMS
  }

  /** How all of its rows were compared with the source's. */
  public Comparison comparedBy() {
    return !parts.isEmpty() && parts.stream().allMatch(p -> p.sums().isPresent())
        ? Comparison.CHECKSUMS
        : Comparison.COUNTS;
  }

  /** How its parts are written; more than one when it took over parts of an earlier batch. */
  public Set<PartFormat> formats() {
    Set<PartFormat> formats = new TreeSet<>();
    parts.forEach(p -> formats.add(PartFormat.of(p.file())));
    return formats;
  }

  /** How many rows the source had at its moment, whether read or not; empty if unknown. */
  public Optional<Long> counted() {
    return keys.map(Increment.Keys::rows)
        .or(() -> increment.flatMap(Increment::counted).map(Increment.Counted::rows))
        .or(
            () ->
                isWhole() && isOneMoment()
                    ? Optional.of(rows() + rejected.rows())
                    : Optional.empty());
  }

  /** Whether the batch holds every row that the source had at its moment. */
  public boolean isWhole() {
    return increment.map(Increment::isWhole).orElse(true);
  }
}
