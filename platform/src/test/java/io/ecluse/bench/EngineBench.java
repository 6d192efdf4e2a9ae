package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.bench.SqlProcess.Cost;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Engine;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Errand;
import io.ecluse.engine.RowReader;
import io.ecluse.flow.Writes;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.Trigger;
import io.ecluse.warehouse.ReadView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The 22 queries of TPC-H: as people ask them and raw DuckDB on the same files; on Spark as runs
 * ask them and plain Spark on the same tables. Each pair in turns, so that whatever else the
 * machine does hits both.
 */
public final class EngineBench implements AutoCloseable {
  private static final long MEMORY = 2L << 30;
  private static final int SHUFFLES = 8;

  private final Path folder = Workspace.newFolder();
  private final Figures figures = new Figures();
  private final String scale;
  private final int rounds;
  private final Set<String> only;
  private final Platform platform;
  private final EngineTables tables;
  private final Processes own =
      new Processes(ProcessHandle.current(), folder.resolve("nobody is here"));

  private EngineBench(String scale, Path made, int rounds, Set<String> only) throws Exception {
    this.scale = scale;
    this.rounds = rounds;
    this.only = only;
    Files.writeString(
        folder.resolve("ecluse.yaml"),
        """
        name: bench
        query: { memory_limit: 8GB }
        clusters:
          local: { type: local, cores: 2, memory: 1500MB, idle: 10m, conf: { spark.sql.shuffle.partitions: "%d", spark.ui.enabled: "false" } }
        """
            .formatted(SHUFFLES));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(
        folder.resolve("dags/open.yaml"), "tasks: { wait: { outside: [tpch.never] } }\n");
    this.platform =
        new Platform(
            new Platform.Opening(
                folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 2, System.getenv()));
    this.tables =
        new EngineTables(
            platform,
            made,
            new EngineSettings(
                MEMORY, 2, folder.resolve("fill"), 16L << 30, List.of(made, folder)));
  }

  /**
   * @param arguments duckdb, spark or auto, or several of them; then scales, each after the folder
   *     of its tables as FOLDER=SCALE; --rounds=N; --only=01,02 for these queries alone
   */
  public static void main(String[] arguments) throws Exception {
    List<String> words = Arrays.asList(arguments);
    int rounds =
        words.stream()
            .filter(w -> w.startsWith("--rounds="))
            .map(w -> Integer.parseInt(w.substring(w.indexOf('=') + 1)))
            .findFirst()
            .orElse(3);
    Set<String> only =
        words.stream()
            .filter(w -> w.startsWith("--only="))
            .flatMap(w -> Stream.of(w.substring(w.indexOf('=') + 1).split(",")))
            .collect(Collectors.toSet());
    for (String word : words) {
      int at = word.lastIndexOf('=');
      if (!word.startsWith("--") && at > 0) {
        Path made = Path.of(word.substring(0, at));
        try (EngineBench bench = new EngineBench(word.substring(at + 1), made, rounds, only)) {
          bench.run(words);
        }
      }
    }
  }

  private void run(List<String> words) throws Exception {
    System.out.printf("Filling the warehouse with TPC-H, scale %s…%n", scale);
    tables.fill();
    System.out.printf("%.0f MB of files%n", tables.bytes() / 1e6);
    if (words.contains("duckdb")) {
      duckDb();
    }
    if (words.contains("spark")) {
      spark();
    }
    if (words.contains("auto")) {
      new EngineEstimates(platform, tables).print();
    }
    figures.print();
  }

  /** Something that is asked. */
  private interface Asked {
    Cost ask(String sql, Path file) throws Exception;
  }

  private void duckDb() throws Exception {
    try (Connection raw = tables.raw()) {
      compare(
          new Pair("Écluse", (sql, file) -> ours(sql), "raw DuckDB", (sql, file) -> raw(raw, sql)),
          1.1,
          10);
    }
  }

  /** A run that goes on, in whose catalog Spark reads: it waits for what nobody writes. */
  private String openRun() {
    Project project = platform.project().get();
    var dag = new DagExpander(project).expand(project.dag("open"));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  private void spark() throws Exception {
    String run = openRun();
    Engine engine =
        platform
            .stages()
            .engines()
            .choose(
                Errand.quiet(run, new Errand.Wish(Optional.of("spark"), Optional.empty())),
                "SELECT 1",
                ReadView.PUBLISHED)
            .engine();
    Path scratch = Files.createDirectories(folder.resolve("plain"));
    List<String> plain = new ArrayList<>(List.of(scratch.toString(), String.valueOf(SHUFFLES)));
    plain.addAll(tables.metadata());
    try (SqlProcess peer =
        new SqlProcess(
            Measured.spark("io.ecluse.spark.SqlPeer", plain.toArray(String[]::new)),
            scratch.resolve("log"))) {
      compare(
          new Pair(
              "Spark by Écluse",
              (sql, file) -> onSpark(engine, run, sql),
              "plain Spark",
              (sql, file) -> peer.ask(file)),
          1.05,
          0);
    }
  }

  private record Pair(String name, Asked ours, String peer, Asked theirs) {}

  private void compare(Pair pair, double factor, double extra) throws Exception {
    System.out.printf(
        "%nMilliseconds, medians of %d in turns after one to warm up; CPU of all processes%n",
        rounds);
    Figures.row("", pair.name, pair.peer, "ratio", "CPU", "CPU", "ratio");
    double times = 0;
    double cpus = 0;
    double[] sums = new double[2];
    Map<String, Path> queries = tables.queries();
    if (!only.isEmpty()) {
      queries.keySet().retainAll(only);
    }
    for (Map.Entry<String, Path> query : queries.entrySet()) {
      Cost[] costs = medians(pair, Files.readString(query.getValue()), query.getValue());
      double ratio = costs[0].millis() / costs[1].millis();
      double cpu = costs[0].cpu() / costs[1].cpu();
      times += Math.log(ratio);
      cpus += Math.log(cpu);
      sums[0] += costs[0].millis();
      sums[1] += costs[1].millis();
      Figures.row(
          query.getKey(),
          costs[0].millis(),
          costs[1].millis(),
          ratio,
          costs[0].cpu(),
          costs[1].cpu(),
          cpu);
      figures.atMost(
          "TPC-H %s, %s: %s".formatted(scale, pair.name, query.getKey()),
          costs[0].millis(),
          "ms",
          factor * costs[1].millis() + extra);
    }
    int count = queries.size();
    Figures.row(
        "geometric mean, sum",
        sums[0],
        sums[1],
        Math.exp(times / count),
        "",
        "",
        Math.exp(cpus / count));
    figures.atMost(
        "TPC-H %s, %s: all queries".formatted(scale, pair.name),
        sums[0],
        "ms",
        factor * sums[1] + count * extra);
    figures.atMost(
        "TPC-H %s, %s: geometric mean of CPU".formatted(scale, pair.name),
        Math.exp(cpus / count),
        "x",
        factor);
  }

  private Cost[] medians(Pair pair, String sql, Path file) throws Exception {
    List<List<Double>> told =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = -1; i < rounds; i++) {
      boolean first = i % 2 == 0;
      Cost one = (first ? pair.ours : pair.theirs).ask(sql, file);
      Cost other = (first ? pair.theirs : pair.ours).ask(sql, file);
      Cost ours = first ? one : other;
      Cost theirs = first ? other : one;
      if (!ours.answer().equals(theirs.answer())) {
        throw new AssertionError(
            "%s: %s answers %s, %s %s"
                .formatted(file, pair.name, ours.answer(), pair.peer, theirs.answer()));
      }
      if (i >= 0) {
        told.get(0).add(ours.millis());
        told.get(1).add(ours.cpu());
        told.get(2).add(theirs.millis());
        told.get(3).add(theirs.cpu());
      }
    }
    double[] m = told.stream().mapToDouble(Figures::median).toArray();
    return new Cost[] {new Cost(m[0], m[1], ""), new Cost(m[2], m[3], "")};
  }

  /** Counts rows as they come. */
  private static final class Counted implements RowReader {
    private long rows;

    @Override
    public void columns(List<String> names, List<String> types) {}

    @Override
    public boolean row(Object[] values) {
      rows++;
      return true;
    }
  }

  private interface Work {
    String run() throws Exception;
  }

  private Cost cost(Work work) throws Exception {
    double cpu = own.cpuSeconds();
    long begin = System.nanoTime();
    String answer = work.run();
    double millis = (System.nanoTime() - begin) / 1e6;
    return new Cost(millis, (own.cpuSeconds() - cpu) * 1000, answer);
  }

  private Cost ours(String sql) throws Exception {
    return cost(
        () -> {
          Counted counted = new Counted();
          platform.queries().stream(
              Ticket.patient(Caller.commandLine(Policy.OPEN), new Cancellation()),
              sql,
              ReadView.PUBLISHED,
              counted);
          return String.valueOf(counted.rows);
        });
  }

  private Cost onSpark(Engine engine, String run, String sql) throws Exception {
    return cost(
        () -> {
          Counted counted = new Counted();
          engine.run(sql, new ReadView.OfRun(run), new Cancellation(), counted);
          return String.valueOf(counted.rows);
        });
  }

  private Cost raw(Connection raw, String sql) throws Exception {
    return cost(
        () -> {
          long count = 0;
          try (Statement statement = raw.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            for (; rows.next(); count++) {
              for (int i = 1; i <= columns; i++) {
                rows.getObject(i);
              }
            }
          }
          return String.valueOf(count);
        });
  }

  @Override
  public void close() {
    ProcessHandle.current()
        .descendants()
        .filter(p -> p.info().commandLine().orElse("").contains("JobApplication"))
        .forEach(ProcessHandle::destroy);
    platform.close();
    Workspace.delete(folder);
  }
}
