package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of a PostgreSQL whose transactions end after higher keys and later times were read. */
class LateCommitsTest extends ShopFixture {
  private Connection transaction(String sql) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/%s".formatted(Servers.server().port(), database()),
            Servers.server().user(),
            Servers.server().password());
    connection.setAutoCommit(false);
    run(connection, sql);
    return connection;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void commit(Connection connection) throws SQLException {
    connection.commit();
    connection.close();
  }

  private void requireEachOnce() throws SQLException {
    String all = "select count(*), count(distinct id), sum(id) from %s";
    try (Connection connection = transaction("select 1");
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(all.formatted("orders"))) {
      rows.next();
      assertThat(rows(all.formatted("shop.orders")))
          .containsExactly(List.of(rows.getString(1), rows.getString(2), rows.getString(3)));
    }
  }

  @Test
  void appendsRowsThatWereCommittedAfterHigherKeysWereRead() throws Exception {
    project("streams: { orders: { mode: append } }\n");
    runs();
    Connection first = transaction("INSERT INTO orders VALUES (1001, 'late', now())");
    Connection second =
        transaction(
            "INSERT INTO orders VALUES (1002, 'late', now()); SAVEPOINT s; INSERT INTO orders VALUES (1003, 'late', now()); RELEASE s");
    Connection never = transaction("INSERT INTO orders VALUES (1004, 'never', now())");
    execute("INSERT INTO orders VALUES (1010, 'soon', now())");
    runs();
    requireEachOnce();

    commit(second);
    runs();
    requireEachOnce();
    never.rollback();
    never.close();
    runs();
    commit(first);
    runs();
    runs();

    requireEachOnce();
    assertThat(rows("select id from shop.orders where state = 'late' order by id"))
        .containsExactly(List.of("1001"), List.of("1002"), List.of("1003"));
    assertThat(newest().rows()).as("what is there is not read for ever").isZero();
  }

  @Test
  void readsChangesWithoutLookBackThatWereCommittedLate() throws Exception {
    project("streams: { orders: { mode: incremental, cursor: updated_at } }\n");
    runs();
    Connection begun = transaction("select now()");
    Connection writing =
        transaction("UPDATE orders SET state = 'late', updated_at = '2026-02-01Z' WHERE id = 5");
    execute("UPDATE orders SET state = 'soon', updated_at = '2026-02-02Z' WHERE id = 6");
    runs();
    commit(writing);
    // began before the extract, writes after it, with a time of before
    run(begun, "INSERT INTO orders VALUES (3000, 'late', '2026-01-15Z')");
    commit(begun);
    runs();

    requireEachOnce();
    assertThat(rows("select id, state from shop.orders where state <> 'new' order by id"))
        .containsExactly(List.of("5", "late"), List.of("6", "soon"), List.of("3000", "late"));
  }

  @Test
  void goesOnFromTheSameMomentAfterRestartsAndFailedExtracts() throws Exception {
    project("streams: { orders: { mode: append } }\n");
    runs();
    Connection late = transaction("INSERT INTO orders VALUES (1001, 'late', now())");
    execute("INSERT INTO orders VALUES (1002, 'soon', now())");
    runs();
    platform.close();
    start();
    project("streams: { orders: { mode: append }, nowhere: {} }\n");
    assertThat(run().state()).isEqualTo(RunState.FAILED);
    project("streams: { orders: { mode: append } }\n");
    commit(late);
    runs();

    requireEachOnce();
  }

  @Test
  void readsARowWithoutCursorThatIsAdded() throws Exception {
    execute("ALTER TABLE orders ALTER updated_at DROP NOT NULL");
    project("streams: { orders: { mode: append, cursor: updated_at } }\n");
    runs();
    execute("INSERT INTO orders VALUES (2000, 'timeless', NULL)");
    runs();
    runs();

    requireEachOnce();
  }

  @Test
  void findsWhatChangedWithoutItsCursor() throws Exception {
    project("streams: { orders: { mode: incremental, cursor: updated_at } }\n");
    runs();
    execute("INSERT INTO orders VALUES (5000, 'hidden', '2020-01-01Z')");
    execute("UPDATE orders SET state = 'paid' WHERE id = 3");
    runs();

    requireEachOnce();
    assertThat(rows("select id from shop.orders where state <> 'new' order by id"))
        .containsExactly(List.of("3"), List.of("5000"));
  }

  @Test
  void replacesAnAddedRowThatHasChangedAgainstTheWordOfTheProject() throws IOException {
    project("streams: { orders: { mode: append } }\n");
    runs();
    execute("UPDATE orders SET state = 'paid' WHERE id = 7");
    runs();

    assertThat(rows("select count(*), count(distinct id) from shop.orders"))
        .containsExactly(List.of("1000", "1000"));
    assertThat(rows("select state from shop.orders where id = 7")).containsExactly(List.of("paid"));
  }

  @Test
  void aRowFromFurtherBackThanIsLookedIsAnError() throws IOException {
    project("streams: { orders: { mode: incremental, cursor: updated_at, look_back: 1h } }\n");
    runs();
    execute("INSERT INTO orders VALUES (5000, 'hidden', '2020-01-01Z')");

    Run failed = run();

    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow())
        .contains("shop.orders would have 1000 rows, but the source has 1001")
        .contains("ecluse extract shop orders --full")
        .contains("look_back");
  }

  @Test
  void aRowThatIsMissedIsAnErrorThoughAnotherWasDeletedLongBefore() throws IOException {
    project("streams: { orders: { mode: append, look_back: 10 } }\n");
    runs();
    execute("DELETE FROM orders WHERE id = 1");
    runs();
    execute("INSERT INTO orders VALUES (-5, 'hidden', now())");

    Run failed = run();

    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow()).contains("has 1 rows more than when it was read");
  }

  @Test
  void readsAgainFromBelowInAViewWhichTellsNoMoment() throws Exception {
    execute("CREATE VIEW sales AS SELECT * FROM orders");
    project("streams: { sales: { mode: append, primary_key: [id] } }\n");
    runs();
    Connection late = transaction("INSERT INTO orders VALUES (1001, 'late', now())");
    execute("INSERT INTO orders VALUES (1002, 'soon', now())");
    runs();
    commit(late);
    runs();

    assertThat(rows("select count(*), count(distinct id) from shop.sales"))
        .containsExactly(List.of("1002", "1002"));
  }
}
