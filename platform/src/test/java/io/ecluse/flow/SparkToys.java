package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.Compute;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.Trigger;
import io.ecluse.spark.SparkHome;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A project of toys and their shops, with a Spark on this machine and a model that takes a while.
 */
final class SparkToys implements AutoCloseable {
  /** Their threefold product keeps a processor busy for some seconds. */
  private static final int NUMBERS = 340;

  private final Path folder;
  private final String metadata;
  private Platform platform;

  SparkToys(Path folder) throws IOException {
    this.folder = folder;
    this.metadata =
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                Servers.server().user(),
                Servers.server().password(),
                Servers.server().port(),
                Servers.newMigratedDatabase());
    // short work is compiled as quickly as can be
    write(
        "ecluse.yaml",
        """
        name: toys
        clusters:
          local: { type: local, cores: 2, memory: 700MB, idle: 30s, conf: { spark.sql.shuffle.partitions: "2", spark.driver.extraJavaOptions: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" } }
        """);
    sources();
    models();
    write(
        "dags/toys.yaml",
        "retries: 0\ntasks: { read: { extract: stock, streams: [toys] }, load: { load: stock, streams: [toys], after: [read] } }\n");
    write("dags/pairs.yaml", "retries: 0\ntasks: { models: { build: slow.pairs } }\n");
    write(
        "dags/daily.yaml",
        """
        retries: 0
        tasks:
          read: { extract: stock }
          load: { load: stock, after: [read] }
          models: { build: "marts.*", after: [load] }
          audits: { audit: "*", after: [models] }
        """);
    this.platform = opened();
  }

  private void sources() throws IOException {
    write(
        "exports/toys.csv",
        "id,price,shop,day\n1,2.5,north,2026-01-31\n2,3.5,north,2026-02-01\n3,4.5,south,\n");
    write(
        "exports/numbers.csv",
        IntStream.range(0, NUMBERS)
            .mapToObj(i -> i + "\n")
            .collect(Collectors.joining("", "number\n", "")));
    write(
        "sources/stock.yaml",
        """
        type: files
        location: exports
        streams:
          toys: { files: toys.csv }
          numbers: { files: numbers.csv }
        """);
  }

  private void models() throws IOException {
    write(
        "models/slow/pairs.sql",
        """
        /* ecluse
        description: Takes some seconds.
        */
        SELECT count(*) AS pairs FROM stock.numbers a, stock.numbers b, stock.numbers c
        WHERE a.number + b.number + c.number < %d
        """
            .formatted(NUMBERS));
    write(
        "models/marts/shops.sql",
        """
        /* ecluse
        columns:
          shop: { tests: [not_null, unique] }
          total: { tests: [not_null] }
        */
        SELECT shop, sum(price) AS total, count(*) AS toys, max(day) AS latest
        FROM stock.toys GROUP BY shop
        """);
    write(
        "models/marts/ranks.sql",
        """
        /* ecluse
        columns:
          shop: { tests: [{ relationship: { to: marts.shops, column: shop } }] }
        */
        SELECT shop, row_number() OVER (ORDER BY total DESC) AS place FROM marts.shops
        """);
    write("tests/cheap.sql", "SELECT shop FROM marts.shops WHERE total < 4\n");
  }

  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Platform opened() {
    Map<String, String> variables = new HashMap<>(Map.of("ECLUSE_DATABASE_URL", metadata));
    variables.put("XDG_CACHE_HOME", SparkHome.CACHE);
    variables.put("ECLUSE_SECRET_SHOP", Servers.server().password());
    Optional.ofNullable(System.getenv("ECLUSE_SPARK_APPLICATION"))
        .ifPresent(jar -> variables.put("ECLUSE_SPARK_APPLICATION", jar));
    return new Platform(
        new Platform.Opening(
            folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
  }

  /** Opens the platform that was closed. */
  void open() {
    platform = opened();
  }

  Platform platform() {
    return platform;
  }

  String start(String id, String engine) {
    Project project = platform.project().get();
    var dag =
        new DagExpander(project, new Compute(Optional.of(engine), Optional.empty()))
            .expand(project.dag(id));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  Run awaitEnd(String run) {
    return platform.scheduler().awaitEnd(run);
  }

  Run run(String id, String engine) {
    return awaitEnd(start(id, engine));
  }

  /** Has it done, and requires that it went well. */
  Run succeeds(String id, String engine) {
    return requireSuccess(run(id, engine));
  }

  Run requireSuccess(Run run) {
    assertThat(run.state())
        .as(
            () ->
                run.error()
                    + "\n"
                    + platform.scheduler().tasks(run.id()).stream()
                        .flatMap(t -> t.error().stream())
                        .toList())
        .isEqualTo(RunState.SUCCESS);
    return run;
  }

  List<Object[]> rows(String sql) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, sql, ReadView.PUBLISHED, 10).rows();
  }

  /** The application that is warm, by its process. */
  Optional<String> application() {
    return platform
        .metadata()
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT process FROM engine_session WHERE state = 'alive'")
                    .mapTo(String.class)
                    .findOne());
  }

  private static Optional<ProcessHandle> process(String application) {
    return ProcessHandle.of(Long.parseLong(application.replaceFirst("@.*", "")));
  }

  /** SIGKILL. */
  static void kill(String application) {
    process(application).orElseThrow().destroyForcibly();
  }

  long number(String sql) {
    return platform.metadata().jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  /** Waits until a task is in a state, or its run has ended before anybody saw that. */
  void awaitState(String run, TaskProgress state) throws InterruptedException {
    while (platform.scheduler().tasks(run).stream().noneMatch(t -> t.state() == state)
        && !platform.scheduler().find(run).orElseThrow().state().isEnd()) {
      Thread.sleep(20);
    }
  }

  /** Waits until an application works on a job of a run. */
  void awaitJob(String run) throws InterruptedException {
    while (number(
            "SELECT count(*) FROM engine_job WHERE state = 'running' AND run_id = '" + run + "'")
        == 0) {
      Thread.sleep(50);
    }
  }

  /** Waits until an application has printed this. */
  void awaitSaying(String words) throws Exception {
    Path logs = folder.resolve(".ecluse/spark");
    while (true) {
      try (Stream<Path> files = Files.walk(logs)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
          if (Files.readString(file).contains(words)) {
            return;
          }
        }
      }
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    Optional<String> warm = application();
    platform.close();
    warm.flatMap(SparkToys::process).ifPresent(ProcessHandle::destroyForcibly);
  }
}
