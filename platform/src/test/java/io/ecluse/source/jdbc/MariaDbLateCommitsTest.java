package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.flow.Writes;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a MariaDB whose transactions end after higher keys were read, through the load. */
@Timeout(120)
class MariaDbLateCommitsTest implements OnMariaDb {
  @TempDir Path folder;
  private String metadata = "";
  private Platform platform;

  @BeforeEach
  void begin() throws IOException, SQLException {
    fill(
        "CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, state VARCHAR(10), changed DATETIME(6) NOT NULL)",
        "INSERT INTO orders (state, changed) SELECT 'new', '2026-01-01' FROM seq_1_to_100");
    metadata = Servers.url(Servers.newMigratedDatabase());
    Files.createDirectories(folder.resolve("sources"));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: shop\n");
    Files.writeString(
        folder.resolve("dags/shop.yaml"),
        "retries: 0\ntasks:\n  read: { extract: shop }\n  load: { load: shop, after: [read] }\n");
  }

  private void open(String stream) throws IOException {
    Files.writeString(
        folder.resolve("sources/shop.yaml"),
        """
        type: mariadb
        connection: { host: 127.0.0.1, port: %d, database: school, user: %s, password: "${secret:shop}" }
        streams: { orders: { %s } }
        """
            .formatted(database().port(), user(), stream));
    platform =
        new Platform(
            new Platform.Opening(
                folder,
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.HERE,
                2,
                Map.of("ECLUSE_DATABASE_URL", metadata, "ECLUSE_SECRET_SHOP", password())));
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private Run run() {
    Project project = platform.project().get();
    var dag = new DagExpander(project).expand(project.dag("shop"));
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

  private Connection transaction(String sql) throws SQLException {
    Connection connection = connect();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return connection;
  }

  private void requireEachOnce() throws SQLException {
    String all = "select count(*), count(distinct id), sum(id) from %s";
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(all.formatted("orders"))) {
      rows.next();
      assertThat(DemoFixture.rows(platform, all.formatted("shop.orders")))
          .containsExactly(List.of(rows.getString(1), rows.getString(2), rows.getString(3)));
    }
  }

  @Test
  void appendsRowsThatWereCommittedAfterHigherKeysWereRead() throws Exception {
    open("mode: append");
    runs();
    Connection first = transaction("INSERT INTO orders VALUES (101, 'late', now())");
    Connection second = transaction("INSERT INTO orders VALUES (102, 'late', now())");
    Connection never = transaction("INSERT INTO orders VALUES (103, 'never', now())");
    execute("INSERT INTO orders VALUES (110, 'soon', now())");
    runs();
    requireEachOnce();
    second.commit();
    never.rollback();
    runs();
    requireEachOnce();
    platform.close();
    first.commit();
    open("mode: append");
    runs();
    requireEachOnce();
    runs();
    requireEachOnce();
    first.close();
    second.close();
    never.close();
  }

  @Test
  void readsChangesWithoutLookBackThatWereCommittedLate() throws Exception {
    open("mode: incremental, cursor: changed");
    runs();
    Connection late =
        transaction(
            "UPDATE orders SET state = 'late', changed = '2026-02-01 10:00:00' WHERE id = 5");
    execute("UPDATE orders SET state = 'soon', changed = '2026-02-01 10:30:00' WHERE id = 6");
    runs();
    late.commit();
    late.close();
    runs();

    requireEachOnce();
    assertThat(
            DemoFixture.rows(
                platform, "select id from shop.orders where state <> 'new' order by 1"))
        .containsExactly(List.of("5"), List.of("6"));
  }

  @Test
  void aRowFromFurtherBackThanIsReadAgainIsAnError() throws Exception {
    execute("INSERT INTO orders VALUES (50000, 'high', '2026-01-01')");
    open("mode: append");
    runs();
    execute("DELETE FROM orders WHERE id = 7");
    runs();
    execute("INSERT INTO orders VALUES (101, 'hidden', now())");

    Run failed = run();

    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow())
        .contains("The source of shop.orders has 1 rows more")
        .contains("ecluse extract shop orders --full");
  }
}
