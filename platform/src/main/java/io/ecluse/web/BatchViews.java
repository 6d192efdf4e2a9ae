package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Batches as the API shows them. No value of a row is in it: of rejected rows, only why. */
final class BatchViews {
  private BatchViews() {}

  /**
   * A batch in a list.
   *
   * @param comparedBy counts or checksums
   * @param whole whether it holds every row that the source had, so that nothing before it is
   *     needed
   * @param changedColumns in how many ways its columns are not those of the batch before
   */
  record Line(
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
  record Content(
      String position,
      String extractor,
      String location,
      List<String> formats,
      @JsonProperty("primary_key") List<String> primaryKey,
      List<ColumnView> columns,
      List<PartView> parts,
      @JsonProperty("changed_rows") @Nullable Long changedRows,
      @JsonProperty("key_rows") @Nullable Long keyRows,
      @Nullable IncrementView increment,
      List<Reason> rejected) {
    static Content of(BatchManifest batch, String location, Project project) {
      Function<String, @Nullable Boolean> personal =
          name ->
              project.stream(batch.source(), batch.stream())
                  .map(s -> s.columns().get(name))
                  .flatMap(SourceFile.Column::isPersonal)
                  .orElse(null);
      return new Content(
          batch.position(),
          batch.extractor(),
          location,
          batch.formats().stream().map(BatchViews::word).toList(),
          batch.primaryKey(),
          batch.columns().stream()
              .map(c -> ColumnView.of(c, personal.apply(c.column().name())))
              .toList(),
          batch.parts().stream().map(PartView::of).toList(),
          batch.changes().map(BatchViews::rows).orElse(null),
          batch.keys().map(Increment.Keys::rows).orElse(null),
          batch
              .increment()
              .map(i -> IncrementView.of(i, Boolean.TRUE.equals(personal.apply(i.cursor()))))
              .orElse(null),
          Reason.of(batch.rejected()));
    }
  }

  record ColumnView(
      String name,
      String type,
      @JsonProperty("source_type") String sourceType,
      @Nullable Boolean personal) {
    static ColumnView of(StagedColumn column, @Nullable Boolean personal) {
      return new ColumnView(
          column.column().name(), column.column().type().sql(), column.sourceType(), personal);
    }
  }

  /**
   * One file: of a big table, one range of it.
   *
   * @param origin the file of the source that it was made from, for sources that are files
   */
  record PartView(
      String file,
      long rows,
      long bytes,
      String sha256,
      @Nullable String origin,
      @JsonProperty("compared_by") String comparedBy) {
    static PartView of(Part part) {
      return new PartView(
          part.file(),
          part.rows(),
          part.bytes(),
          part.sha256(),
          part.origin().map(o -> o.file()).orElse(null),
          word(
              part.sums().isPresent()
                  ? BatchManifest.Comparison.CHECKSUMS
                  : BatchManifest.Comparison.COUNTS));
    }
  }

  /** How it continues the batch before; without values if the cursor is personal data. */
  record IncrementView(
      String cursor, @Nullable String from, @Nullable String to, @Nullable String previous) {
    static IncrementView of(Increment increment, boolean secret) {
      return new IncrementView(
          increment.cursor(),
          secret ? null : increment.from().orElse(null),
          secret ? null : increment.to().orElse(null),
          increment.previous().orElse(null));
    }
  }

  /**
   * Why rows were rejected.
   *
   * @param rows how many of those that are described, which are the first {@link
   *     Rejected#MOST_EXAMPLES}
   */
  record Reason(String reason, long rows) {
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
