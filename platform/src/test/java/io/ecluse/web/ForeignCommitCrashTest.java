package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.cli.Program;
import io.ecluse.engine.Cancellation;
import io.ecluse.flow.RunStarts;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.Trigger;
import io.ecluse.storage.DoubtfulDoor;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequestParser;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed with SIGKILL while an engine of others commits in a run's catalog. */
@Timeout(240)
class ForeignCommitCrashTest {
  private static final TableIdentifier PRESENTS = TableIdentifier.of("partners", "presents");
  private static final Schema COLUMNS =
      new Schema(
          NestedField.optional(1, "id", Types.LongType.get()),
          NestedField.optional(2, "weight", Types.DoubleType.get()));
  private static final String WAITERS =
      "SELECT count(*) FROM pg_locks WHERE relation = 'made_request'::regclass AND NOT granted";
  private static final int MANY = 10;

  @TempDir Path folder;
  private final RESTCatalog catalog = new RESTCatalog();
  private Platform observer;
  private Program server;
  private String token;
  private String run;
  private int port;
  private long next = 1;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: shop\n");
    Files.writeString(
        folder.resolve("dags/partners.yaml"),
        "retries: 1\ntasks: { gifts: { outside: [partners.presents] } }\n");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    observer =
        new Platform(
            new Platform.Opening(
                folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.NONE, 0, Map.of()));
    token = observer.tokens().newBearer("partner");
    serve();
    run =
        observer
            .starts()
            .start(
                new RunStarts.Wish(
                    p -> new DagExpander(p).expand(p.dag("partners")), Map.of(), Trigger.MANUAL));
    while (observer.scheduler().tasks(run).stream()
        .noneMatch(t -> t.state() == TaskProgress.WAITING)) {
      Thread.sleep(20);
    }
    catalog.initialize("ecluse", Map.of("uri", url(), "token", token));
    catalog.createTable(PRESENTS, COLUMNS);
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
    server.close();
    observer.close();
  }

  private void serve() {
    server = Program.ofClasses(folder, "server", "--port", String.valueOf(port));
    server.awaitOutput("Ctrl-C ends it.");
  }

  private String url() {
    return "http://127.0.0.1:" + port + "/iceberg/runs/" + run;
  }

  /** A commit that adds a row, as an engine would send it. */
  private String commit() throws IOException {
    Table table = catalog.loadTable(PRESENTS);
    Transaction append = table.newTransaction();
    append.newAppend().appendFile(ForeignRows.file(table, new Object[] {next++, 1.0})).commit();
    Long before =
        Optional.ofNullable(table.currentSnapshot()).map(Snapshot::snapshotId).orElse(null);
    return UpdateTableRequestParser.toJson(
        new UpdateTableRequest(
            List.of(new UpdateRequirement.AssertRefSnapshotID("main", before)),
            ((HasTableOperations) append.table()).operations().current().changes()));
  }

  private CompletableFuture<HttpResponse<String>> send(int to, String key, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    url().replace(":" + port, ":" + to)
                        + "/v1/namespaces/partners/tables/presents"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return BlankServer.HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  private void sendTwice(String key, String body) {
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = send(port, key, body).join();
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private long rows(ReadView view) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    Object[] row =
        observer
            .queries()
            .read(ticket, "SELECT count(*), count(DISTINCT id) FROM partners.presents", view, 10)
            .rows()
            .get(0);
    assertThat(row[0]).isEqualTo(row[1]);
    return (Long) row[0];
  }

  @Test
  void whatIsSentAgainByItsKeyIsDoneOnceWheneverTheServerWasKilled() throws Exception {
    ReadView ofRun = new ReadView.OfRun(run);
    killedBeforeTheCommit(ofRun);
    killedBeforeTheAnswer(ofRun);
    killedAtAnyTime();
    assertThat(rows(ofRun)).isEqualTo(2 + MANY);
    HttpResponse<String> done =
        BlankServer.HTTP.send(
            HttpRequest.newBuilder(URI.create(url() + "/done"))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(done.statusCode()).as(done.body()).isEqualTo(204);
    Run ended = observer.scheduler().awaitEnd(run);
    assertThat(ended.state()).as(String.valueOf(ended.error())).isEqualTo(RunState.SUCCESS);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(2 + MANY);
  }

  private void killedBeforeTheCommit(ReadView ofRun) throws Exception {
    String key = key();
    String commit = commit();
    CompletableFuture<HttpResponse<String>> cut;
    try (Handle lock = observer.metadata().jdbi().open()) {
      lock.begin();
      lock.execute("LOCK TABLE made_request IN SHARE MODE");
      cut = send(port, key, commit);
      while (lock.createQuery(WAITERS).mapTo(Long.class).one() == 0) {
        Thread.sleep(5);
      }
      server.kill();
      lock.rollback();
    }
    assertThat(cut.handle((answer, error) -> error).join()).isNotNull();
    serve();
    assertThat(rows(ofRun)).isZero();
    sendTwice(key, commit);
    assertThat(rows(ofRun)).isEqualTo(1);
  }

  private void killedBeforeTheAnswer(ReadView ofRun) throws Exception {
    String key = key();
    String commit = commit();
    try (DoubtfulDoor door = new DoubtfulDoor(port, asked -> DoubtfulDoor.Fault.ANSWER_LOST)) {
      assertThat(send(door.port(), key, commit).handle((answer, error) -> error).join())
          .isNotNull();
    }
    server.kill();
    serve();
    assertThat(rows(ofRun)).isEqualTo(2);
    sendTwice(key, commit);
    assertThat(rows(ofRun)).isEqualTo(2);
  }

  private void killedAtAnyTime() throws Exception {
    AtomicInteger made = new AtomicInteger();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              while (made.get() < MANY) {
                writeOne();
                made.incrementAndGet();
              }
            });
    while (made.get() < MANY / 2) {
      Thread.sleep(1);
    }
    server.kill();
    serve();
    writer.join();
  }

  /** As long as it takes. */
  private void writeOne() {
    String key = key();
    Optional<String> commit = Optional.empty();
    while (true) {
      try {
        if (commit.isEmpty()) {
          commit = Optional.of(commit());
        }
        HttpResponse<String> answer = send(port, key, commit.get()).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return;
      } catch (IOException | CompletionException | org.apache.iceberg.exceptions.RESTException e) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
