package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.demo.DemoErp;
import io.ecluse.demo.DemoProject;
import io.ecluse.demo.ErpFill;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.Compute;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The demo as it is, with one cluster, and a model more that takes a while; with its own ERP. */
final class ClusterFixture implements AutoCloseable {
  /** Their threefold product keeps two processors busy for some seconds. */
  private static final int NUMBERS = 320;

  /** Short work is compiled as quickly as can be. */
  private static final String CONF =
      "spark.sql.shuffle.partitions: \"4\", spark.default.parallelism: \"24\", spark.driver.extraJavaOptions: \"%1$s\", spark.executor.extraJavaOptions: \"%1$s\""
          .formatted("-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");

  private final Path folder;
  private final Map<String, String> variables = new HashMap<>();
  private final DemoErp erp;
  private Optional<Platform> platform = Optional.empty();

  ClusterFixture(Path folder) throws IOException {
    this.folder = folder;
    variables.put("XDG_CACHE_HOME", Path.of("target", "spark-cache").toAbsolutePath().toString());
    Optional.ofNullable(System.getenv("ECLUSE_SPARK_APPLICATION"))
        .ifPresent(jar -> variables.put("ECLUSE_SPARK_APPLICATION", jar));
    this.erp =
        DemoErp.start(
            folder,
            new ErpFill.Generated(ErpFill.Generated.DEFAULT_SEED, 0.02),
            (table, rows) -> {});
    DemoProject.write(
        folder,
        erp.port(),
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    Path slow = Files.createDirectories(folder.resolve("models/slow"));
    Files.writeString(
        slow.resolve("pairs.sql"),
        """
        /* ecluse
        description: Takes some seconds, in many tasks.
        */
        WITH n AS (SELECT number FROM (VALUES %s) AS v (number))
        SELECT a.number %% 40 AS part, count(*) AS pairs, sum(b.number) AS total
        FROM n a, n b, n c WHERE a.number + b.number + c.number < 600 GROUP BY a.number %% 40
        """
            .formatted(
                IntStream.range(0, NUMBERS)
                    .mapToObj(i -> "(" + i + ")")
                    .collect(Collectors.joining(","))));
    Files.writeString(
        folder.resolve("dags/slow.yaml"), "retries: 0\ntasks: { slow: { build: slow.pairs } }\n");
    Files.writeString(
        folder.resolve("dags/models.yaml"),
        "retries: 0\ntasks: { models: { build: '*' }, audits: { audit: '*', after: [models] } }\n");
  }

  /** Variables of the platform, which a test adds to. */
  Map<String, String> variables() {
    return variables;
  }

  /**
   * Says where the tables are, and what the cluster {@code one} is.
   *
   * @param cluster its keys, without {@code conf}
   * @param conf more of Spark's configuration
   * @param more other clusters, each with its name
   */
  void settings(String warehouse, String cluster, String conf, String... more) throws IOException {
    Path file = folder.resolve("ecluse.yaml");
    Files.writeString(
        file,
        Files.readString(file).replaceFirst("(?s)\nenvironments:.*", "")
            + "\nenvironments:\n  dev:\n    warehouse: %s\n    clusters:\n      one: { %s, conf: { %s%s } }\n%s"
                .formatted(
                    warehouse,
                    cluster,
                    CONF,
                    conf,
                    Stream.of(more).map(m -> "      " + m + "\n").collect(Collectors.joining())));
  }

  Platform open() {
    close(platform);
    Platform opened =
        new Platform(
            new Platform.Opening(folder, "dev", Platform.Workers.HERE, 4, Map.copyOf(variables)));
    platform = Optional.of(opened);
    return opened;
  }

  private static void close(Optional<Platform> platform) {
    platform.ifPresent(Platform::close);
  }

  Platform platform() {
    return platform.orElseThrow();
  }

  /** Starts a DAG, with its models on the cluster if the engine is Spark. */
  String start(String id, String engine) {
    return start(id, engine, "one");
  }

  String start(String id, String engine, String cluster) {
    Project project = platform().project().get();
    var dag =
        new DagExpander(project, new Compute(Optional.of(engine), Optional.of(cluster)))
            .expand(project.dag(id));
    return platform()
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  void succeeds(String run) {
    Run ended = platform().scheduler().awaitEnd(run);
    assertThat(ended.state())
        .as(
            () ->
                ended.error()
                    + "\n"
                    + platform().scheduler().tasks(run).stream()
                        .flatMap(t -> t.error().stream())
                        .toList())
        .isEqualTo(RunState.SUCCESS);
  }

  /** What each table of models that is published holds: its rows, and a hash of all values. */
  List<List<String>> contents() {
    Set<String> published =
        platform().warehouse().tables().stream()
            .map(table -> table.name().toString())
            .collect(Collectors.toSet());
    return DemoFixture.rows(
        platform(),
        platform().project().get().models().keySet().stream()
                .filter(name -> published.contains(name.toString()))
                .map(
                    name ->
                        String.format(
                            Locale.ROOT,
                            "select '%s' as t, count(*) as n, bit_xor(hash(x::varchar)) as h from %s x",
                            name,
                            name))
                .collect(Collectors.joining(" union all "))
            + " order by 1");
  }

  /** Builds all models by DuckDB and then on the cluster; returns what they hold both times. */
  List<List<String>> sameByBothEngines() {
    succeeds(start("erp_daily", "duckdb"));
    List<List<String>> expected = contents();
    assertThat(expected).hasSizeGreaterThan(10);
    succeeds(start("models", "spark"));
    assertThat(contents()).isEqualTo(expected);
    return expected;
  }

  /** One value of the metadata database, as text; empty if there is none. */
  String value(String sql) {
    return platform()
        .metadata()
        .jdbi()
        .withHandle(h -> h.createQuery(sql).mapTo(String.class).findOne().orElse(""));
  }

  /** Waits until the first tasks of a run's job are done. */
  void awaitMiddle(String run) throws InterruptedException {
    await(run, "tasksDone");
  }

  private void await(String run, String number) throws InterruptedException {
    while (value(
                "SELECT count(*) FROM engine_job WHERE state = 'running' AND run_id = '%s' AND (progress ->> '%s')::int > 0"
                    .formatted(run, number))
            .equals("0")
        && !platform().scheduler().find(run).orElseThrow().state().isEnd()) {
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    close(platform);
    erp.close();
    String log = folder.resolve(".ecluse").resolve("spark").toString();
    ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().filter(c -> c.contains(log)).isPresent())
        .forEach(ProcessHandle::destroyForcibly);
  }
}
