package io.ecluse.spark;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Engine;
import io.ecluse.engine.Errand;
import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.engine.Merge;
import io.ecluse.engine.Program;
import io.ecluse.engine.QueryText;
import io.ecluse.engine.RowReader;
import io.ecluse.engine.Rows;
import io.ecluse.engine.Sample;
import io.ecluse.engine.StillElsewhere;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Spark on a cluster, for one errand: it writes tables of runs, and runs the queries of tests,
 * where the data is. What only looks at SQL is asked of the engine of this process, whose types are
 * those of the tables.
 */
final class SparkEngine implements Engine {
  /** The first word of the handles of its jobs. */
  static final String NAME = "spark";

  private static final int MOST_ROWS = 100_000;

  /** A job that takes no longer needs no second look. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

  private static final Duration NEXT_LOOK = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1_500);

  private final Engine usual;
  private final Warehouse warehouse;
  private final SparkJobs jobs;
  private final Settings.Cluster cluster;
  private final Errand errand;

  SparkEngine(
      Engine usual, Warehouse warehouse, SparkJobs jobs, Settings.Cluster cluster, Errand errand) {
    this.usual = usual;
    this.warehouse = warehouse;
    this.jobs = jobs;
    this.cluster = cluster;
    this.errand = errand;
  }

  @Override
  public void warmUp() {}

  @Override
  public Set<TableName> tables(String sql) {
    return usual.tables(sql);
  }

  @Override
  public boolean isSteady(String sql) {
    return usual.isSteady(sql);
  }

  @Override
  public List<Column> describe(String sql, ReadView view) {
    return usual.describe(sql, view);
  }

  @Override
  public Job write(StagedTable table, String sql, ReadView view, Cancellation cancellation) {
    ObjectNode request = request("write", QueryText.trimmed(sql));
    request.put("table", table.name().toString());
    LoadJson.columns(
        request.putArray("columns"), table.columns().stream().map(TableColumn::column).toList());
    String id = jobs.left(errand, request).orElseGet(() -> begin(table, request));
    return follow(id, cancellation, FIRST_LOOK);
  }

  private String begin(StagedTable table, ObjectNode request) {
    jobs.supersede(errand);
    table.replaceWith(List.of());
    return jobs.begin(errand, cluster, request);
  }

  @Override
  public Optional<Job> resume(JobHandle handle, StagedTable table, Cancellation cancellation) {
    return jobs.adopt(errand, handle.id()).map(job -> follow(job.id(), cancellation, NEXT_LOOK));
  }

  /** Runs a program, or looks again at the job that does. */
  Job run(Program program, Optional<JobHandle> handle) {
    ObjectNode request = ProgramJson.request(program);
    String id =
        handle
            .flatMap(h -> jobs.adopt(errand, h.id()).map(SparkJob::id))
            .or(() -> jobs.left(errand, request))
            .orElseGet(
                () -> {
                  jobs.supersede(errand);
                  return jobs.begin(errand, cluster, request);
                });
    return follow(id, errand.cancellation(), handle.isPresent() ? NEXT_LOOK : FIRST_LOOK);
  }

  private Job follow(String id, Cancellation cancellation, Duration most) {
    return jobs.follow(errand, cluster, id, cancellation, most)
        .<Job>map(
            job ->
                new Job.Done(
                    job.result().map(r -> r.path("rows").asLong(0)).orElse(0L), facts(job)))
        .orElseGet(() -> new Job.Elsewhere(new JobHandle(NAME, id), BETWEEN_LOOKS));
  }

  private Map<String, String> facts(SparkJob job) {
    Map<String, String> facts = new LinkedHashMap<>(Map.of("engine", NAME));
    facts.put("cluster", cluster.name());
    facts.put("spark_tasks", String.valueOf(job.progress().total()));
    job.facts().forEach((name, value) -> facts.put("spark_" + name, value));
    jobs.page(cluster).ifPresent(page -> facts.put("spark_ui", page));
    return facts;
  }

  private static ObjectNode request(String kind, String sql) {
    return JsonMapper.shared().createObjectNode().put("kind", kind).put("sql", sql);
  }

  @Override
  public Map<TableName, TableSnapshot> run(
      String sql, ReadView view, Cancellation cancellation, RowReader reader) {
    String query = QueryText.trimmed(sql);
    Map<TableName, TableSnapshot> read =
        warehouse.snapshots(new HashSet<>(usual.tables(query)), view);
    JsonNode result = query(query, MOST_ROWS, cancellation);
    if (result.path("more").asBoolean(false)) {
      throw new EcluseException(
          ErrorCode.RESULT_TOO_LARGE,
          "The query has more than the %d rows that a query on Spark may hand over"
              .formatted(MOST_ROWS));
    }
    hand(result, reader);
    return read;
  }

  @Override
  public Sample sample(String sql, ReadView view, int most, Cancellation cancellation) {
    String query = QueryText.trimmed(sql);
    JsonNode result = query(query, most, cancellation);
    Rows first = new Rows();
    hand(result, first);
    long rows = first.all().size();
    if (result.path("more").asBoolean(false)) {
      Rows counted = new Rows();
      hand(query("SELECT count(*) AS n FROM (\n" + query + "\n) q", 1, cancellation), counted);
      rows = ((Number) counted.all().get(0)[0]).longValue();
    }
    return new Sample(rows, first.all());
  }

  private JsonNode query(String sql, int most, Cancellation cancellation) {
    return result(begun(request("query", sql).put("maxRows", most)), cancellation);
  }

  private String begun(ObjectNode request) {
    return jobs.begin(errand, cluster, request);
  }

  private JsonNode result(String id, Cancellation cancellation) {
    return jobs.follow(errand, cluster, id, cancellation, LONGEST)
        .flatMap(SparkJob::result)
        .orElseThrow(() -> ErrorCode.TIMED_OUT.error("The job took more than a day"));
  }

  private static void hand(JsonNode result, RowReader reader) {
    List<String> names = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (JsonNode column : result.path("columns")) {
      names.add(column.path("name").asString(""));
      types.add(column.path("type").asString(""));
    }
    reader.columns(names, types.stream().map(JobTypes::engineName).toList());
    for (JsonNode row : result.path("values")) {
      Object[] values = new Object[types.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = JobTypes.value(types.get(i), row.path(i));
      }
      if (!reader.row(values)) {
        return;
      }
    }
  }

  @Override
  public long fill(
      StagedTable table, List<BatchFile> parts, Optional<String> batch, Cancellation cancellation) {
    ObjectNode request = LoadJson.fill(table, parts, batch);
    return loaded(request, () -> table.replaceWith(List.of()), cancellation).path("rows").asLong();
  }

  @Override
  public Merge.Added append(
      StagedTable table, Merge added, Optional<String> batch, Cancellation cancellation) {
    JsonNode result =
        loaded(
            LoadJson.merge("append", table, added, batch),
            () ->
                LoadJson.base(added)
                    .ifPresentOrElse(table::keep, () -> table.replaceWith(List.of())),
            cancellation);
    return new Merge.Added(result.path("rows").asLong(), result.path("changed").asLong());
  }

  @Override
  public Merge.Merged fill(
      StagedTable table, Merge merge, Optional<String> batch, Cancellation cancellation) {
    JsonNode result =
        loaded(
            LoadJson.merge("merge", table, merge, batch),
            () -> {
              LoadJson.base(merge).ifPresent(table::requireFrom);
              table.replaceWith(List.of());
            },
            cancellation);
    return new Merge.Merged(
        result.path("found").asLong(),
        result.path("rows").asLong(),
        result.path("current").asLong());
  }

  /**
   * What came of a job that loads a table: one that an attempt before has left goes on.
   *
   * @param begins prepares the table for one that begins
   */
  private JsonNode loaded(ObjectNode request, Runnable begins, Cancellation cancellation) {
    String id =
        jobs.left(errand, request)
            .orElseGet(
                () -> {
                  cancellation.check();
                  jobs.supersede(errand);
                  begins.run();
                  return begun(request);
                });
    Optional<SparkJob> done = jobs.follow(errand, cluster, id, cancellation, errand.patience());
    done.map(this::facts).ifPresent(errand::tell);
    return done.flatMap(SparkJob::result)
        .orElseThrow(
            () -> new StillElsewhere(new Job.Elsewhere(new JobHandle(NAME, id), BETWEEN_LOOKS)));
  }

  @Override
  public ContentSums sums(TableName table, ReadView view) {
    JsonNode result = result(begun(LoadJson.sums(table)), errand.cancellation());
    return LoadJson.sums(result).get(0);
  }

  @Override
  public List<ContentSums> sums(List<Column> columns, List<BatchFile> files) {
    ObjectNode request = LoadJson.sums(columns, files);
    String id = jobs.left(errand, request).orElseGet(() -> begun(request));
    return LoadJson.sums(result(id, errand.cancellation()));
  }

  /** The engine of this process is not its own to close. */
  @Override
  public void close() {}
}
