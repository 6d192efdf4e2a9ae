package io.ecluse.flow;

import io.ecluse.engine.Demand;
import io.ecluse.engine.Engines;
import io.ecluse.engine.Errand;
import io.ecluse.engine.Merge;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.schema.Column;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings batches of staging into the tables of their streams. A table remembers the newest batch
 * that is in it, so a load goes on from there, whatever was rolled back or left out before.
 *
 * @param news hears once what is said each time that a load elsewhere is looked at
 */
record Loads(Stages stages, Project project, Errand errand, Consumer<String> news) {
  /** Rows are compared by their keys. */
  private static final Demand BY_KEY = new Demand(1, 0, 0, List.of(), Optional.empty());

  /** Loads a stream up to this batch. Returns the rows of the batch. */
  long load(BatchManifest batch) {
    TableName name = new TableName(batch.source(), batch.stream()).lower();
    Optional<TableSnapshot> base = stages.warehouse().snapshot(name, ReadView.PUBLISHED);
    boolean history = declared(batch).map(s -> s.history()).orElse(false);
    if (batch.increment().isEmpty() && !history && batch.isOneMoment()) {
      try (BatchFiles files = files(List.of(batch), Demand.NONE)) {
        return replace(name, batch, KeptColumns.of(columns(batch, base), Optional.empty()), files);
      }
    }
    if (key(batch).isEmpty()) {
      throw ErrorCode.INVALID_PROJECT.error(
          "sources/%s.yaml: stream %s keeps its history, but has no primary key; name primary_key"
              .formatted(batch.source(), batch.stream()));
    }
    List<BatchManifest> steps = steps(batch, base, history);
    try (BatchFiles files = files(steps, BY_KEY)) {
      return merge(new Merging(name, batch, base, steps, history), files);
    }
  }

  /** The files, for the engine that is to load them. */
  private BatchFiles files(List<BatchManifest> steps, Demand demand) {
    StagingArea staging = stages.staging();
    Engines.Choice choice =
        stages
            .engines()
            .load(
                errand,
                staging.location(),
                steps.stream().mapToLong(BatchManifest::bytes).sum(),
                demand);
    boolean here = choice.engine() == stages.engines().usual();
    if (choice.by() == Engines.By.NEED || !here) {
      news.accept(choice.why());
    }
    return here
        ? new BatchFiles(stages.engine(), staging, Optional.of(staging.reading()))
        : new BatchFiles(choice.engine(), staging, Optional.empty());
  }

  /** What continues a table, which may keep its history. */
  private record Merging(
      TableName name,
      BatchManifest batch,
      Optional<TableSnapshot> base,
      List<BatchManifest> steps,
      boolean history) {}

  private long merge(Merging merging, BatchFiles files) {
    TableName name = merging.name();
    BatchManifest batch = merging.batch();
    Optional<TableSnapshot> base = merging.base();
    List<BatchManifest> steps = merging.steps();
    boolean history = merging.history();
    List<Column> columns = KeptColumns.of(columns(batch, base), history ? base : Optional.empty());
    List<String> key = key(batch);
    try (StagedTable table =
        stages
            .warehouse()
            .stage(
                errand.runId(),
                name,
                history ? Merge.withValidity(columns) : columns,
                layout(batch, key))) {
      List<Merge.Step> read = steps.stream().map(s -> step(s, base, files)).toList();
      boolean equal = files.areAsInSource(steps, read);
      RowCounts counts = new RowCounts(batch, steps, mayLack(batch));
      Merge added = new Merge(base, key, Merge.Versions.LATEST, read);
      if (isAppend(batch, steps)
          && base.isPresent()
          && !history
          && isAppended(table, added, counts, files)) {
        return batch.rows();
      }
      boolean fresh = !history && !steps.isEmpty() && steps.get(0).isWhole();
      Merge.Merged merged =
          files
              .engine()
              .fill(
                  table,
                  new Merge(
                      fresh ? Optional.empty() : base,
                      key,
                      history ? Merge.Versions.ALL : Merge.Versions.LATEST,
                      read),
                  Optional.of(batch.extractId()),
                  errand.cancellation());
      counts.require(
          name,
          RowCounts.Growth.BY_KEY,
          history || fresh ? Optional.empty() : base.map(TableSnapshot::rows),
          merged.current());
      errand.log(
          "Merged %d batches up to %s into %s: %d rows%s; the %d of the batches are there with the same values%s"
              .formatted(
                  steps.size(),
                  batch.extractId(),
                  name,
                  merged.rows(),
                  history ? ", " + merged.current() + " in force" : "",
                  merged.found(),
                  equal ? BatchFiles.EQUAL : ""));
      return batch.rows();
    }
  }

  private Optional<SourceFile.Stream> declared(BatchManifest batch) {
    return Optional.ofNullable(project.sources().get(batch.source()))
        .map(s -> s.streams().get(batch.stream()));
  }

  /** As the source has it; of sources that cannot tell, as the project says. */
  private List<String> key(BatchManifest batch) {
    return batch.primaryKey().isEmpty()
        ? declared(batch).map(SourceFile.Stream::primaryKey).orElse(List.of())
        : batch.primaryKey();
  }

  /**
   * As the project says. Rows that are merged by a key lie in its order unless it says another, so
   * that few files hold keys that are close to each other.
   */
  private Layout layout(BatchManifest batch, List<String> key) {
    Layout said = declared(batch).map(SourceFile.Stream::layout).orElse(Layout.NONE);
    return said.sort().isEmpty() ? new Layout(said.partition(), Layout.sorted(key).sort()) : said;
  }

  private long replace(
      TableName name, BatchManifest batch, List<Column> columns, BatchFiles files) {
    long rows;
    try (StagedTable table =
        stages.warehouse().stage(errand.runId(), name, columns, layout(batch, List.of()))) {
      rows =
          files
              .engine()
              .fill(
                  table, files.rows(batch), Optional.of(batch.extractId()), errand.cancellation());
    }
    if (rows != batch.rows()) {
      throw ErrorCode.INTERNAL.error(
          "%s: the batch %s holds %d rows, but %d were loaded"
              .formatted(name, batch.extractId(), batch.rows(), rows));
    }
    String compared = files.compare(name, batch, errand.runId());
    errand.log(
        "Loaded %d rows of batch %s into %s%s".formatted(rows, batch.extractId(), name, compared));
    return rows;
  }

  /** Adds the rows that the table lacks; not if it has others of the same key. */
  private boolean isAppended(StagedTable table, Merge merge, RowCounts counts, BatchFiles files) {
    Merge.Added added =
        files
            .engine()
            .append(table, merge, Optional.of(counts.batch().extractId()), errand.cancellation());
    if (added.changed() > 0) {
      errand.log(
          "%d rows of %s that were read again have changed, though mode: append is for rows that never do; they are replaced. Say mode: incremental, with a cursor that moves with each change, to have them all"
              .formatted(added.changed(), table.name()));
      return false;
    }
    long before = merge.base().map(TableSnapshot::rows).orElse(0L);
    counts.require(
        table.name(), RowCounts.Growth.BY_ADDING, Optional.of(before), before + added.rows());
    errand.log(
        "Added %d rows to %s, with the values of the batches"
            .formatted(added.rows(), table.name()));
    return true;
  }

  private boolean isAppend(BatchManifest batch, List<BatchManifest> steps) {
    return declared(batch)
        .map(StreamPlan.Mode.APPEND::isOf)
        .filter(a -> a && !steps.isEmpty())
        .map(a -> steps.stream().noneMatch(s -> s.isWhole() || s.keys().isPresent()))
        .orElse(false);
  }

  /** The batches that the table lacks, the oldest first. */
  private List<BatchManifest> steps(
      BatchManifest batch, Optional<TableSnapshot> base, boolean history) {
    Optional<String> loaded = base.flatMap(TableSnapshot::batch);
    if (loaded.equals(Optional.of(batch.extractId()))) {
      return List.of();
    }
    if (batch.increment().isEmpty() && history) {
      return unloaded(batch, loaded);
    }
    Deque<BatchManifest> steps = new ArrayDeque<>();
    BatchManifest next = batch;
    steps.addFirst(next);
    while (!next.isWhole()) {
      String previous = next.increment().flatMap(Increment::previous).orElseThrow();
      if (loaded.equals(Optional.of(previous))) {
        return List.copyOf(steps);
      }
      next =
          stages
              .staging()
              .find(batch.source(), batch.stream(), previous)
              .orElseThrow(() -> missing(batch, previous));
      steps.addFirst(next);
    }
    return List.copyOf(steps);
  }

  /** Batches that each hold the whole stream: every one since the loaded one is a version. */
  private List<BatchManifest> unloaded(BatchManifest batch, Optional<String> loaded) {
    Deque<BatchManifest> steps = new ArrayDeque<>();
    for (BatchManifest each : stages.staging().list(batch.source(), batch.stream())) {
      if (loaded.equals(Optional.of(each.extractId()))) {
        return List.copyOf(steps);
      }
      if (!each.endedAt().isAfter(batch.endedAt()) && key(each).equals(key(batch))) {
        steps.addFirst(each);
      }
    }
    return loaded.isEmpty() ? List.copyOf(steps) : List.of(batch);
  }

  private static EcluseException missing(BatchManifest batch, String previous) {
    return ErrorCode.NOT_FOUND.error(
        "Batch %s of %s.%s continues batch %s, which is neither in the table nor in staging any more; read everything once: ecluse extract %s %s --full"
            .formatted(
                batch.extractId(),
                batch.source(),
                batch.stream(),
                previous,
                batch.source(),
                batch.stream()));
  }

  private Merge.Step step(BatchManifest batch, Optional<TableSnapshot> base, BatchFiles files) {
    return new Merge.Step(
        files.rows(batch),
        files.changes(batch),
        columns(batch, base),
        batch.keys().map(k -> files.keys(batch)),
        batch.isWhole(),
        batch.startedAt());
  }

  /** The columns to load: in quarantine stay those that are new and that nobody has judged. */
  private List<Column> columns(BatchManifest batch, Optional<TableSnapshot> base) {
    List<Column> columns = batch.columns().stream().map(StagedColumn::column).toList();
    SourceFile source = project.sources().get(batch.source());
    if (base.isEmpty() || source == null || source.drift() != DriftPolicy.QUARANTINE) {
      return columns;
    }
    Set<String> known = new HashSet<>();
    base.get().columns().forEach(c -> known.add(c.column().name()));
    declared(batch)
        .ifPresent(
            s ->
                s.columns().values().stream()
                    .filter(c -> c.personal().isPresent())
                    .forEach(c -> known.add(c.name())));
    List<Column> held = columns.stream().filter(c -> !known.contains(c.name())).toList();
    if (!held.isEmpty()) {
      news.accept(
          "In quarantine, in staging only: %s of %s.%s; say in sources/%s.yaml whether they are personal, and they are loaded"
              .formatted(
                  held.stream().map(Column::name).collect(Collectors.joining(", ")),
                  batch.source(),
                  batch.stream(),
                  batch.source()));
    }
    return columns.stream().filter(c -> known.contains(c.name())).toList();
  }

  private long mayLack(BatchManifest batch) {
    SourceFile source = project.sources().get(batch.source());
    return source == null ? 0 : source.maxRejected();
  }
}
