package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.LogLine;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Part;
import io.ecluse.storage.Checksums;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that are read by increments, against a real PostgreSQL and real tables. */
@Timeout(60)
class IncrementalTest {
  private static final TableName ORDERS = new TableName("shop", "orders");
  private static final String CONNECTION =
      """
      type: postgres
      connection: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: "${secret:shop}" }
      """;

  @TempDir Path folder;
  private final String shop = Servers.newDatabase();
  private Platform platform;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(folder.resolve("sources"));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: shop\n");
    source("");
    Files.writeString(
        folder.resolve("dags/shop.yaml"),
        """
        retries: 0
        tasks:
          read: { extract: shop }
          load: { load: shop, after: [read] }
        """);
    execute(
        """
        CREATE TABLE orders (id int PRIMARY KEY, state text, updated_at timestamptz NOT NULL);
        INSERT INTO orders SELECT i, 'new', timestamptz '2026-01-01 00:00:00Z' + i * interval '1 minute'
          FROM generate_series(1, 1000) t(i);
        """);
    platform =
        new Platform(
            new Platform.Opening(
                folder,
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.HERE,
                4,
                Map.of(
                    "ECLUSE_DATABASE_URL",
                    url(),
                    "ECLUSE_SECRET_SHOP",
                    Servers.server().password())));
  }

  private static String url() {
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(
            Servers.server().user(),
            Servers.server().password(),
            Servers.server().port(),
            Servers.newDatabase());
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private void source(String more) throws IOException {
    Files.writeString(
        folder.resolve("sources/shop.yaml"),
        CONNECTION.formatted(Servers.server().port(), shop, Servers.server().user()) + more);
  }

  private void project(String more) throws IOException {
    source(more);
    assertThat(platform.project().reload().errors()).isEmpty();
  }

  private void execute(String sql) {
    Servers.execute(shop, sql);
  }

  private Run run() {
    Project project = platform.project().get();
    return run(new DagExpander(project).expand(project.dag("shop")));
  }

  private Run run(Dag dag) {
    String id =
        platform
            .scheduler()
            .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
    return platform.scheduler().awaitEnd(id);
  }

  private void runs() {
    Run run = run();
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
  }

  private List<List<String>> rows(String sql) {
    return DemoFixture.rows(platform, sql);
  }

  private BatchManifest newest() {
    return platform.staging().newest("shop", "orders").orElseThrow();
  }

  @Test
  void readsWhatChangedAndReplacesItByKey() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at } }\n");
    runs();
    assertThat(newest().rows()).isEqualTo(1000);

    execute(
        """
        UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id IN (1, 2);
        INSERT INTO orders VALUES (2000, 'new', '2026-02-01Z');
        """);
    runs();

    assertThat(newest().rows()).as("three, and the one that was the highest before").isEqualTo(4);
    assertThat(rows("select state, count(*) from shop.orders group by 1 order by 1"))
        .containsExactly(List.of("new", "999"), List.of("paid", "2"));
    assertThat(rows("select count(*), count(distinct id) from shop.orders"))
        .containsExactly(List.of("1001", "1001"));
  }

  @Test
  void seesRowsThatCameLateWithTheSameCursorOrWithinTheLookBack() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at, look_back: 1h } }\n");
    runs();
    execute(
        """
        INSERT INTO orders SELECT 3000, 'tie', max(updated_at) FROM orders;
        INSERT INTO orders SELECT 3001, 'late', max(updated_at) - interval '59 minutes' FROM orders;
        """);
    runs();

    assertThat(rows("select id from shop.orders where state in ('tie', 'late') order by id"))
        .containsExactly(List.of("3000"), List.of("3001"));
  }

  @Test
  void deletesWhatTheSourceHasNoMore() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at, deletes: detect } }\n");
    runs();
    execute("DELETE FROM orders WHERE id <= 10");
    runs();

    assertThat(rows("select count(*), min(id) from shop.orders"))
        .containsExactly(List.of("990", "11"));
  }

  @Test
  void saysWhenTheCursorDidNotMoveForARowAndAFullExtractMendsIt() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at, deletes: detect } }\n");
    runs();
    execute("INSERT INTO orders VALUES (5000, 'hidden', '2020-01-01Z')");

    Run failed = run();
    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow())
        .contains("shop.orders would have 1000 rows, but the source has 1001")
        .contains("ecluse extract shop orders --full");

    Project project = platform.project().get();
    assertThat(
            run(new DagExpander(project).extract("shop", List.of(), Work.Extract.Reading.WHOLE))
                .state())
        .isEqualTo(RunState.SUCCESS);
    runs();
    assertThat(rows("select count(*) from shop.orders where state = 'hidden'"))
        .containsExactly(List.of("1"));
  }

  @Test
  void addsRowsWithoutWritingTheOldOnesAgain() throws IOException {
    project("streams: { orders: { mode: append } }\n");
    runs();
    execute("INSERT INTO orders SELECT i, 'more', now() FROM generate_series(1001, 1500) t(i)");
    runs();
    runs();

    assertThat(newest().rows()).isZero();
    assertThat(rows("select count(*), count(distinct id) from shop.orders"))
        .containsExactly(List.of("1500", "1500"));
    assertThat(platform.warehouse().history(ORDERS))
        .extracting(v -> v.operation())
        .contains("append");
  }

  @Test
  void loadsEveryBatchThatARunLeftInStaging() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at } }\n");
    runs();
    Project project = platform.project().get();
    Dag extract = new DagExpander(project).extract("shop", List.of());
    execute("UPDATE orders SET state = 'one', updated_at = '2026-03-01Z' WHERE id = 1");
    run(extract);
    execute("UPDATE orders SET state = 'two', updated_at = '2026-03-02Z' WHERE id = 2");
    run(extract);
    execute("UPDATE orders SET state = 'three', updated_at = '2026-03-03Z' WHERE id = 3");
    runs();

    assertThat(rows("select id, state from shop.orders where id <= 3 order by id"))
        .containsExactly(List.of("1", "one"), List.of("2", "two"), List.of("3", "three"));
  }

  @Test
  void goesOnRightlyAfterARollback() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at } }\n");
    runs();
    execute("UPDATE orders SET state = 'paid', updated_at = '2026-03-01Z' WHERE id = 1");
    Run second = run();
    platform.warehouse().rollBack(second.id());
    assertThat(rows("select state from shop.orders where id = 1")).containsExactly(List.of("new"));

    runs();

    assertThat(rows("select state from shop.orders where id = 1")).containsExactly(List.of("paid"));
  }

  @Test
  void keepsEveryVersionOfARow() throws IOException {
    project("streams: { orders: { history: true } }\n");
    runs();
    execute(
        """
        UPDATE orders SET state = 'paid' WHERE id = 1;
        DELETE FROM orders WHERE id = 2;
        INSERT INTO orders VALUES (2000, 'new', '2026-02-01Z');
        """);
    runs();
    execute("INSERT INTO orders VALUES (2, 'back', '2026-02-02Z')");
    runs();
    runs();

    assertThat(
            rows(
                "select id, state, valid_to is null from shop.orders where id in (1, 2, 3, 2000) order by id, valid_from"))
        .containsExactly(
            List.of("1", "new", "false"),
            List.of("1", "paid", "true"),
            List.of("2", "new", "false"),
            List.of("2", "back", "true"),
            List.of("3", "new", "true"),
            List.of("2000", "new", "true"));
    assertThat(rows("select count(*) from shop.orders where valid_to is null"))
        .containsExactly(List.of("1001"));
    assertThat(rows("select count(*) from shop.orders where valid_to <= valid_from"))
        .containsExactly(List.of("0"));
  }

  @Test
  void keepsVersionsOfWhatIsReadByIncrements() throws IOException {
    project(
        "streams: { orders: { mode: incremental, cursor: updated_at, deletes: detect, history: true } }\n");
    runs();
    execute(
        """
        UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id = 1;
        DELETE FROM orders WHERE id = 2;
        """);
    runs();

    assertThat(
            rows(
                "select id, state, valid_to is null from shop.orders where id in (1, 2, 3) order by id, valid_from"))
        .containsExactly(
            List.of("1", "new", "false"),
            List.of("1", "paid", "true"),
            List.of("2", "new", "false"),
            List.of("3", "new", "true"));
  }

  @Test
  void readsEverythingAgainWhenColumnsChangeAndSaysHow() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at } }\n");
    runs();
    execute(
        """
        ALTER TABLE orders ADD COLUMN total int DEFAULT 7;
        ALTER TABLE orders RENAME COLUMN state TO status;
        """);
    runs();

    assertThat(newest().rows()).isEqualTo(1000);
    assertThat(rows("select sum(total), count(status) from shop.orders"))
        .containsExactly(List.of("7000", "1000"));
  }

  @Test
  void readsNothingWhenColumnsChangeAndTheProjectFreezesThem() throws IOException {
    project("drift: freeze\n");
    runs();
    execute("ALTER TABLE orders ALTER id TYPE bigint; ALTER TABLE orders DROP COLUMN state");

    Run failed = run();

    assertThat(failed.error().orElseThrow())
        .contains("column id was integer and is bigint; column state (text) is gone")
        .contains("drift: freeze");
    assertThat(rows("select count(state) from shop.orders")).containsExactly(List.of("1000"));
  }

  @Test
  void keepsANewColumnInQuarantineUntilItIsJudged() throws IOException {
    project("drift: quarantine\n");
    runs();
    execute("ALTER TABLE orders ADD COLUMN email text DEFAULT 'a@b.fr'");
    runs();
    assertThat(newest().columns()).hasSize(4);
    assertThat(platform.warehouse().columns(ORDERS))
        .hasValueSatisfying(c -> assertThat(c).hasSize(3));

    project(
        "drift: quarantine\nstreams: { orders: { columns: { email: { personal: contact } } } }\n");
    runs();
    assertThat(rows("select count(email) from shop.orders")).containsExactly(List.of("1000"));
  }

  @Test
  void saysWhatIsWrongWithAStream() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: changed_at } }\n");
    assertThat(run().error().orElseThrow())
        .contains("sources/shop.yaml: stream orders has no column changed_at, which cursor names")
        .contains("id, state, updated_at");

    project("streams: { orders: { mode: incremental, cursor: id, look_back: 1h } }\n");
    assertThat(run().error().orElseThrow()).contains("a whole number for one of numbers");

    project(
        "streams: { orders: { mode: incremental, cursor: updated_at, primary_key: [state] } }\n");
    assertThat(run().error().orElseThrow()).contains("have the same state as another");
  }

  @Test
  void readsRejectedRowsAgainOnceTheyAreMended() throws IOException {
    project(
        """
        extract: { max_rejected: 5 }
        streams: { orders: { mode: incremental, cursor: updated_at } }
        """);
    execute(
        "ALTER TABLE orders ADD due date; UPDATE orders SET due = 'infinity' WHERE id IN (7, 8)");
    runs();
    assertThat(newest().rejected().rows()).isEqualTo(2);
    assertThat(rows("select count(*) from shop.orders")).containsExactly(List.of("998"));

    execute("UPDATE orders SET due = '2026-03-01' WHERE id = 7"); // the cursor does not move
    runs();
    assertThat(rows("select count(*) from shop.orders")).containsExactly(List.of("998"));

    Dag again =
        new DagExpander(platform.project().get())
            .extract("shop", List.of(), Work.Extract.Reading.REJECTED);
    assertThat(run(again).state()).isEqualTo(RunState.SUCCESS);
    assertThat(newest().rows()).isEqualTo(1);
    assertThat(newest().rejected().examples())
        .extracting(String::valueOf)
        .containsExactly(
            "id = 8: orders.due holds an infinite date, which a warehouse table cannot hold");
    runs();
    assertThat(rows("select count(*), max(due) from shop.orders"))
        .containsExactly(List.of("999", "2026-03-01"));

    execute("UPDATE orders SET due = '2026-04-01' WHERE id = 8");
    assertThat(run(again).state()).isEqualTo(RunState.SUCCESS);
    runs();
    assertThat(rows("select count(*), max(due) from shop.orders"))
        .containsExactly(List.of("1000", "2026-04-01"));
  }

  private String log(Run run) {
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    return platform.scheduler().log(run.id(), "load.orders", 1, 0, 100).stream()
        .map(LogLine::text)
        .collect(Collectors.joining("\n"));
  }

  private Dag loadAlone() throws IOException {
    Files.writeString(
        folder.resolve("dags/again.yaml"), "retries: 0\ntasks: { load: { load: shop } }\n");
    assertThat(platform.project().reload().errors()).isEmpty();
    Project project = platform.project().get();
    return new DagExpander(project).expand(project.dag("again"));
  }

  /** Another content for a file, under the same name. */
  private static void rewrite(Path file, String select) throws Exception {
    Path other = file.resolveSibling("other.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (%s FROM read_parquet('%s')) TO '%s' (FORMAT parquet)"
              .formatted(select, file, other));
    }
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** As if somebody had staged other rows with a manifest that fits them. */
  private void alter(BatchManifest batch, String select) throws Exception {
    Path where = Path.of(platform.staging().location(batch));
    Path manifest = where.resolve("manifest.json");
    for (Part part : batch.parts()) {
      Path file = where.resolve(part.file());
      rewrite(file, select);
      Files.writeString(
          manifest,
          Files.readString(manifest)
              .replace(part.sha256(), Checksums.sha256(file))
              .replace("\"bytes\" : " + part.bytes(), "\"bytes\" : " + Files.size(file)));
    }
  }

  private Path dataFile() {
    return Path.of(
        platform
            .warehouse()
            .snapshot(ORDERS, ReadView.PUBLISHED)
            .orElseThrow()
            .files()
            .get(0)
            .path());
  }

  @Test
  void comparesWhatIsMergedValueByValueAndSaysSo() throws IOException {
    project(
        """
        extract: { compare: checksums }
        streams: { orders: { mode: incremental, cursor: updated_at, deletes: detect } }
        """);
    runs();
    execute("UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id IN (1, 2)");
    Run run = run();

    assertThat(log(run))
        .contains(
            "into shop.orders: 1000 rows; the 3 of the batches are there with the same values, equal to the source in every column's checksum");
  }

  @Test
  void comparesWhatIsAddedAndTheVersionsInForce() throws IOException {
    project("streams: { orders: { mode: append } }\n");
    runs();
    execute("INSERT INTO orders SELECT i, 'more', now() FROM generate_series(1001, 1500) t(i)");
    assertThat(log(run()))
        .contains("Added 500 rows to shop.orders, with the values of the batches");

    project("streams: { orders: { history: true } }\n");
    assertThat(log(run())).contains("1500 in force; the 1500 of the batches are there");
  }

  @Test
  void loadsNothingOfAStagedFileThatIsNotWhatTheSourceHeld() throws Exception {
    project(
        """
        extract: { compare: checksums }
        streams: { orders: { mode: incremental, cursor: updated_at } }
        """);
    runs();
    execute("UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id IN (1, 2)");
    run(new DagExpander(platform.project().get()).extract("shop", List.of()));
    alter(newest(), "SELECT * REPLACE (CASE WHEN id = 1 THEN 'free' ELSE state END AS state)");

    Run failed = run(loadAlone());

    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow())
        .contains("of shop.orders does not hold what the source did: state is 3:")
        .contains("ecluse extract shop orders --full");
    assertThat(rows("select state, count(*) from shop.orders group by 1"))
        .containsExactly(List.of("new", "1000"));
  }

  @Test
  void leavesTheTableAsItWasWhenItsFilesWereAlteredBehindItsBack() throws Exception {
    project("streams: { orders: { history: true } }\n");
    runs();
    Path file = dataFile();
    rewrite(file, "SELECT * REPLACE (CASE WHEN id = 3 THEN 4 ELSE id END AS id)");
    long versions = platform.warehouse().history(ORDERS).size();

    Run failed = run();

    assertThat(failed.error().orElseThrow())
        .contains("shop.orders would not hold what its batches do")
        .contains("too many are 1 rows")
        .contains("Nothing was changed");
    assertThat(platform.warehouse().history(ORDERS)).hasSize((int) versions);
  }
}
