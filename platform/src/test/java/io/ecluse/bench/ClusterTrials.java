package io.ecluse.bench;

import io.ecluse.spark.StandaloneServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The demo on Spark, with the program as people start it: in a process of its own, and on a
 * standalone master with two workers; workers, executors, drivers and platforms are killed in the
 * middle. The tables must be DuckDB's, value by value.
 */
public final class ClusterTrials {
  private static final double SCALE = 0.05;
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String SLOW = "slow.pairs";

  private final Trials trials = new Trials();
  private final Subject subject;
  private final StandaloneServers servers;
  private List<String> expected = List.of();

  private ClusterTrials(Subject subject, StandaloneServers servers) {
    this.subject = subject;
    this.servers = servers;
  }

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    int code;
    Path scratch = Workspace.newFolder();
    try (Workspace workspace = Workspace.open(SCALE);
        StandaloneServers servers = new StandaloneServers(scratch, 2)) {
      ClusterTrials trials = new ClusterTrials(new Subject(workspace.folder()), servers);
      try {
        trials.prepare();
        trials.run(quick);
      } finally {
        trials.drivers().forEach(ProcessHandle::destroyForcibly);
      }
      code = trials.trials.end();
    } finally {
      Workspace.delete(scratch);
    }
    System.exit(code);
  }

  private void prepare() throws Exception {
    subject.run("run", "erp_daily").requireCode(0);
    Path project = subject.project();
    Path settings = project.resolve("ecluse.yaml");
    Files.writeString(
        settings,
        Files.readString(settings)
            + """
            clusters:
              here: { type: local, cores: 2, memory: 900MB, idle: 60s }
              poor: { type: local, cores: 2, memory: 480MB, idle: 5s }
              two: { type: standalone, master: "%s", memory: 600MB, executor_memory: 600MB, idle: 60s }
              gone: { type: standalone, master: "spark://127.0.0.1:1" }
            """
                .formatted(servers.url()));
    Files.createDirectories(project.resolve("models/slow"));
    Files.writeString(
        project.resolve("models/slow/pairs.sql"),
        """
        /* ecluse
        description: Takes some seconds.
        */
        WITH n AS (SELECT number FROM (VALUES %s) AS v (number))
        SELECT count(*) AS pairs FROM n a, n b, n c WHERE a.number + b.number + c.number < 900
        """
            .formatted(numbers()));
    subject.run("build", SLOW).requireCode(0);
    expected = subject.contents();
  }

  private void run(boolean quick) {
    trials.run("the demo on Spark in a process of its own", LONG, () -> same("here"));
    trials.run("the demo on a standalone master with two workers", LONG, () -> same("two"));
    trials.run("an executor is killed", LONG, () -> struck(() -> servers.killExecutor()));
    trials.run("a driver is killed", LONG, () -> struck(() -> kill(driver().orElseThrow())));
    trials.run("a platform is killed, the next one ends its run", LONG, this::platformKilled);
    trials.run("a run is cancelled", LONG, this::cancelled);
    trials.run("no master: told at once", Duration.ofSeconds(60), this::unreachable);
    if (!quick) {
      trials.run("a worker is killed", LONG, () -> struck(servers::killWorker));
      trials.run("too little memory: told, and what to do", LONG, this::poor);
    }
  }

  private Subject.Running start(String selector, String cluster) throws IOException {
    return subject.start("build", selector, "--full", "--engine", "spark", "--cluster", cluster);
  }

  private void same(String cluster) throws Exception {
    start("marts.*", cluster).end(200).requireCode(0);
    requireSame();
  }

  private void requireSame() throws Exception {
    List<String> found = subject.contents();
    List<String> other = new ArrayList<>(found);
    other.removeAll(expected);
    Trials.require(found.equals(expected), "Other than DuckDB's: " + other);
  }

  private static String numbers() {
    return IntStream.range(0, 900).mapToObj(i -> "(" + i + ")").collect(Collectors.joining(","));
  }

  /** What happens to a cluster while it works. */
  private interface Strike {
    void run() throws Exception;
  }

  private void struck(Strike strike) throws Exception {
    Subject.Running build = start(SLOW, "two");
    try {
      Thread.sleep(awaitDriver());
      strike.run();
      build.end(150).requireCode(0);
    } finally {
      build.kill();
    }
    requireSame();
  }

  private void platformKilled() throws Exception {
    Subject.Running build = start(SLOW, "two");
    Thread.sleep(awaitDriver());
    build.kill();
    subject.run("build", "marts.students", "--full").requireCode(0); // waits for what was left
    requireSame();
    Trials.require(
        subject.run("ls", "runs", "--format", "json").output().contains("success"), "No run");
  }

  private void cancelled() throws Exception {
    Subject.Running build = start(SLOW, "two");
    Thread.sleep(awaitDriver());
    build.process().destroy(); // SIGTERM
    build.end(40);
    Trials.require(driver().isPresent(), "The application is gone with the run");
    requireSame();
  }

  private void unreachable() throws Exception {
    Subject.Ended ended = start(SLOW, "gone").end(50);
    Trials.require(
        ended.output().contains("The master of cluster gone does not answer"), ended.output());
    requireSame();
  }

  private void poor() throws Exception {
    Path large = subject.project().resolve("models/slow/large.sql");
    Files.writeString(
        large,
        """
        /* ecluse
        description: Does not fit into little memory.
        */
        WITH n AS (SELECT number FROM (VALUES %s) AS v (number))
        SELECT max(length(t)) AS longest FROM (
          SELECT string_agg(CAST(a.number * b.number * c.number AS VARCHAR), ',') AS t FROM n a, n b, n c) x
        """
            .formatted(numbers()));
    Subject.Ended ended = start("slow.large", "poor").end(200);
    Trials.require(ended.code() != 0, "It fits");
    Trials.require(ended.output().contains("memory"), ended.output());
    Files.delete(large);
    requireSame();
  }

  /** Milliseconds to wait until the job is in its middle, once there is a driver. */
  private long awaitDriver() throws InterruptedException {
    boolean warm = driver().isPresent();
    for (int i = 0; i < 600 && driver().isEmpty(); i++) {
      Thread.sleep(100);
    }
    return warm ? 3_500 : 20_000;
  }

  private Optional<ProcessHandle> driver() {
    return drivers().stream().findFirst();
  }

  private List<ProcessHandle> drivers() {
    String log = subject.project().resolve(".ecluse").resolve("spark").toString();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(
              p ->
                  p.info().arguments().map(List::of).orElse(List.of()).stream()
                      .anyMatch(a -> a.startsWith(log)))
          .toList();
    }
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
  }
}
