package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.RowsWanted;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams that are read by increments, against a real PostgreSQL and real tables. */
class IncrementalTest extends ShopFixture {
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
    project(
        "streams: { orders: { mode: incremental, cursor: updated_at, look_back: 1h, deletes: detect } }\n");
    runs();
    execute("INSERT INTO orders VALUES (5000, 'hidden', '2020-01-01Z')");

    Run failed = run();
    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow())
        .contains("shop.orders would have 1000 rows, but the source has 1001")
        .contains("ecluse extract shop orders --full");

    Project project = platform.project().get();
    assertThat(run(new DagExpander(project).extract("shop", List.of(), RowsWanted.WHOLE)).state())
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
    Dag extract = new DagExpander(project).extract("shop", List.of(), RowsWanted.AS_PLANNED);
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
        streams: { orders: { mode: incremental, cursor: updated_at, look_back: 1h } }
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
        new DagExpander(platform.project().get()).extract("shop", List.of(), RowsWanted.REJECTED);
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
}
