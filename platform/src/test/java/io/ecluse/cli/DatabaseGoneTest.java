package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Errand;
import io.ecluse.engine.Rows;
import io.ecluse.error.DatabaseLost;
import io.ecluse.error.EcluseException;
import io.ecluse.flow.Writes;
import io.ecluse.pipeline.Dag;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.transform.TestOutcome;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done without the metadata database ends with exit code 3, and says why. */
@Timeout(120)
class DatabaseGoneTest {
  private static final TableName WORD = new TableName("marts", "word");

  @TempDir Path temp;

  private Path project(Optional<String> database) throws IOException {
    Path folder = temp.resolve("words");
    write(
        folder,
        "ecluse.yaml",
        "name: words\n" + database.map(url -> "database: { url: \"" + url + "\" }\n").orElse(""));
    write(
        folder,
        "models/marts/word.sql",
        "/* ecluse\ndescription: A word\n*/\nSELECT 'word' AS word\n");
    write(folder, "dags/words.yaml", "retries: 0\ntasks:\n  word: { build: marts.word }\n");
    return folder;
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run words",
        "ls runs",
        "ls tables",
        "ls batches",
        "show run x",
        "show table marts.word",
        "query select%1",
        "rollback x",
        "maintain",
        "token ls",
        "server --port 0"
      })
  void everyCommandEndsWithThreeWhereNothingListens(String words) throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    Path folder = project(Optional.of("postgresql://u@127.0.0.1:" + nobody + "/x"));
    List<String> command = new java.util.ArrayList<>(List.of(words.split(" ")));
    command.replaceAll(w -> w.replace('%', ' '));
    command.addAll(List.of("--dir", folder.toString()));
    assertThat(Main.run(command.toArray(String[]::new))).isEqualTo(Main.UNREACHABLE);
  }

  private static String start(Platform platform) {
    Project now = platform.project().get();
    Dag dag = new DagExpander(now).expand(now.dag("words"));
    return platform
        .scheduler()
        .start(
            new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag))
                .reading(now.bundle()));
  }

  @Test
  void everyStageSaysThatTheDatabaseIsGoneWhenItGoesAwayMeanwhile() throws Exception {
    PostgresServer server =
        PostgresServer.open(new PostgresSettings(temp.resolve("postgres"), 0, Map.of()));
    server.ensureDatabase("gone");
    Path folder = project(Optional.empty());
    String url =
        "postgresql://%s:%s@127.0.0.1:%d/gone"
            .formatted(server.user(), server.password(), server.port());
    try (Platform platform =
        new Platform(
            new Platform.Opening(
                folder, "dev", Platform.Workers.HERE, 2, Map.of(Platform.DATABASE_URL, url)))) {
      String run = start(platform);
      assertThat(platform.scheduler().awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
      server.close();

      Map<String, Integer> codes = new TreeMap<>();
      ExecutorService threads = Executors.newCachedThreadPool();
      try {
        Map<String, Future<Integer>> ends = new LinkedHashMap<>();
        stages(platform, run)
            .forEach((stage, work) -> ends.put(stage, threads.submit(() -> exitCode(work))));
        for (Map.Entry<String, Future<Integer>> end : ends.entrySet()) {
          codes.put(end.getKey(), end.getValue().get());
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(codes).allSatisfy((stage, code) -> assertThat(code).as(stage).isEqualTo(3));
    } finally {
      server.close();
    }
  }

  private static Map<String, Callable<?>> stages(Platform platform, String run) {
    Map<String, Callable<?>> stages = new LinkedHashMap<>();
    List<Column> columns = List.of(new Column("word", DataType.VARCHAR));
    stages.put("start", () -> start(platform));
    stages.put("find", () -> platform.scheduler().find(run));
    stages.put("stage", () -> platform.warehouse().stage("other", WORD, columns));
    stages.put("publish", () -> platform.warehouse().publish(run));
    stages.put("overtaken", () -> platform.warehouse().overtaken(run));
    stages.put("roll back", () -> platform.warehouse().rollBack(run));
    stages.put("maintain", () -> platform.maintenance().run(Effect.REMOVE));
    stages.put(
        "build",
        () ->
            platform
                .stages()
                .models()
                .build(
                    Errand.quiet("other"),
                    platform.project().get().model("marts.word"),
                    Map.of(),
                    Optional.empty()));
    stages.put(
        "query",
        () -> {
          platform
              .engine()
              .run("select * from marts.word", ReadView.PUBLISHED, new Cancellation(), new Rows());
          return run;
        });
    stages.put(
        "people's query",
        () ->
            platform.queries().stream(
                Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation()),
                "select * from marts.word",
                ReadView.PUBLISHED,
                new Rows()));
    stages.put(
        "results of tests",
        () -> {
          platform
              .stages()
              .testResults()
              .keep(run, WORD, List.of(new TestOutcome("t", Optional.empty(), 0, List.of())));
          return run;
        });
    return stages;
  }

  /** As {@link Main} and the runner of tasks tell it; 0 if nothing failed. */
  private static int exitCode(Callable<?> work) {
    try {
      work.call();
      return 0;
    } catch (Exception e) {
      Optional<EcluseException> lost = DatabaseLost.in(e);
      if (lost.isEmpty() && !(e instanceof EcluseException)) {
        throw new AssertionError("Unexpected", e);
      }
      return Main.exitCode(lost.orElseGet(() -> (EcluseException) e).code());
    }
  }
}
