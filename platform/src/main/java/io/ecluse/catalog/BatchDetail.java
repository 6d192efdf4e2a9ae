package io.ecluse.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.scheduler.TaskState;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Part;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.SchemaDrift;
import io.ecluse.staging.StagedColumn;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All that is known of a batch. No value of a row is in it: of rejected rows, only why.
 *
 * @param drift in which ways its columns are not those of the batch before
 * @param extract the task that read it, if its run is still known
 */
public record BatchDetail(
    @JsonUnwrapped Line batch, Content content, List<String> drift, Optional<Extract> extract) {
  public BatchDetail {
    drift = List.copyOf(drift);
  }

  /**
   * A task whose extract left a batch.
   *
   * @param receipt what the extract cost the source, all its streams together
   */
  public record Extract(
      @JsonProperty("run_id") String runId,
      @JsonProperty("task_id") String taskId,
      Map<String, String> receipt) {
    private static final String IMPACT = "impact_";

    static Extract of(TaskState task) {
      Map<String, String> receipt = new TreeMap<>(task.facts());
      receipt.keySet().removeIf(name -> !name.startsWith(IMPACT));
      return new Extract(task.runId(), task.taskId(), receipt);
    }
  }

  /**
   * A batch in a list.
   *
   * @param comparedBy counts or checksums
   * @param whole whether it holds every row that the source had, so that nothing before it is
   *     needed
   * @param changedColumns in how many ways its columns are not those of the batch before
   */
  public record Line(
      String source,
      String stream,
      @JsonProperty("extract_id") String extractId,
      @JsonProperty("run_id") String runId,
      long rows,
      long bytes,
      @JsonProperty("started_at") Instant startedAt,
      @JsonProperty("ended_at") Instant endedAt,
      @JsonProperty("one_moment") boolean oneMoment,
      @JsonProperty("compared_by") String comparedBy,
      boolean whole,
      @JsonProperty("rejected_rows") long rejectedRows,
      @JsonProperty("changed_columns") int changedColumns) {
    static Line of(BatchManifest batch, Optional<BatchManifest> before) {
      return new Line(
          batch.source(),
          batch.stream(),
          batch.extractId(),
          batch.runId(),
          batch.rows(),
          batch.bytes(),
          batch.startedAt(),
          batch.endedAt(),
          batch.isOneMoment(),
          word(batch.comparedBy()),
          batch.isWhole(),
          batch.rejected().rows(),
          drift(batch, before).size());
    }
  }

  /**
   * What is in a batch.
   *
   * @param changedRows that were read once more, since they changed while the others were read
   * @param keyRows keys of all rows that the source had, where deleted ones are looked for
   */
  public record Content(
      String position,
      String extractor,
      String location,
      List<String> formats,
      @JsonProperty("primary_key") List<String> primaryKey,
      List<ColumnView> columns,
      List<PartView> parts,
      @JsonProperty("changed_rows") Optional<Long> changedRows,
      @JsonProperty("key_rows") Optional<Long> keyRows,
      Optional<IncrementView> increment,
      List<Reason> rejected) {
    static Content of(BatchManifest batch, String location, Project project) {
      Function<String, Optional<Boolean>> personal =
          name ->
              project.stream(batch.source(), batch.stream())
                  .map(s -> s.columns().get(name))
                  .flatMap(SourceFile.Column::isPersonal);
      return new Content(
          batch.position(),
          batch.extractor(),
          location,
          batch.formats().stream().map(BatchDetail::word).toList(),
          batch.primaryKey(),
          batch.columns().stream()
              .map(c -> ColumnView.of(c, personal.apply(c.column().name())))
              .toList(),
          batch.parts().stream().map(PartView::of).toList(),
          batch.changes().map(BatchDetail::rows),
          batch.keys().map(Increment.Keys::rows),
          batch.increment().map(i -> IncrementView.of(i, personal.apply(i.cursor()).orElse(false))),
          Reason.of(batch.rejected()));
    }
  }

  public record ColumnView(
      String name,
      String type,
      @JsonProperty("source_type") String sourceType,
      Optional<Boolean> personal) {
    static ColumnView of(StagedColumn column, Optional<Boolean> personal) {
      return new ColumnView(
          column.column().name(), column.column().type().sql(), column.sourceType(), personal);
    }
  }

  /**
   * One file: of a big table, one range of it.
   *
   * @param origin the file of the source that it was made from, for sources that are files
   */
  public record PartView(
      String file,
      long rows,
      long bytes,
      String sha256,
      Optional<String> origin,
      @JsonProperty("compared_by") String comparedBy) {
    static PartView of(Part part) {
      return new PartView(
          part.file(),
          part.rows(),
          part.bytes(),
          part.sha256(),
          part.origin().map(o -> o.file()),
          word(
              part.sums().isPresent()
                  ? BatchManifest.Comparison.CHECKSUMS
                  : BatchManifest.Comparison.COUNTS));
    }
  }

  /** How it continues the batch before; without values if the cursor is personal data. */
  public record IncrementView(
      String cursor, Optional<String> from, Optional<String> to, Optional<String> previous) {
    static IncrementView of(Increment increment, boolean secret) {
      return new IncrementView(
          increment.cursor(),
          secret ? Optional.empty() : increment.from(),
          secret ? Optional.empty() : increment.to(),
          increment.previous());
    }
  }

  /**
   * Why rows were rejected.
   *
   * @param rows how many of those that are described, which are the first {@link
   *     Rejected#MOST_EXAMPLES}
   */
  public record Reason(String reason, long rows) {
    static List<Reason> of(Rejected rejected) {
      return rejected.examples().stream()
          .collect(Collectors.groupingBy(Rejected.Row::reason, Collectors.counting()))
          .entrySet()
          .stream()
          .map(e -> new Reason(e.getKey(), e.getValue()))
          .sorted(Comparator.comparing(Reason::rows).reversed().thenComparing(Reason::reason))
          .toList();
    }
  }

  static List<String> drift(BatchManifest batch, Optional<BatchManifest> before) {
    return before.map(b -> SchemaDrift.between(b.columns(), batch.columns())).orElse(List.of());
  }

  private static long rows(List<Part> parts) {
    return parts.stream().mapToLong(Part::rows).sum();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
