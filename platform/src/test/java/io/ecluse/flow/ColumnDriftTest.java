package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.scheduler.Run;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns that change between extracts. */
class ColumnDriftTest extends ShopFixture {
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
  void thePastKeepsAColumnThatTheSourceDropsOrRenames() throws IOException {
    execute("ALTER TABLE orders ADD COLUMN total numeric(8,2) DEFAULT 7.25");
    project("streams: { orders: { history: true } }\n");
    runs();
    execute(
        """
        ALTER TABLE orders DROP COLUMN total;
        ALTER TABLE orders RENAME COLUMN state TO status;
        UPDATE orders SET status = 'paid' WHERE id = 1;
        """);
    runs();
    execute("UPDATE orders SET status = 'sent' WHERE id = 1");
    runs();

    assertThat(
            rows(
                "select total, state, status, valid_to is null from shop.orders where id = 1 order by valid_from"))
        .containsExactly(
            List.of("7.25", "new", "null", "false"),
            List.of("null", "null", "paid", "false"),
            List.of("null", "null", "sent", "true"));
    assertThat(rows("select count(*), count(total) from shop.orders where valid_to is null"))
        .containsExactly(List.of("1000", "0"));
    execute("ALTER TABLE orders ADD COLUMN total numeric(10,4) DEFAULT 1.0625");
    runs();
    assertThat(
            rows(
                "select total from shop.orders where id = 1 and total is not null order by valid_from"))
        .as("in a type that holds both")
        .containsExactly(List.of("7.2500"), List.of("1.0625"));
  }

  @Test
  void thePastKeepsValuesWhoseTypeChanges() throws IOException {
    execute(
        "ALTER TABLE orders ADD COLUMN code text DEFAULT 'A7', ADD COLUMN seats int DEFAULT 2000000000, ADD COLUMN n bigint DEFAULT 9007199254740993");
    project("streams: { orders: { mode: incremental, cursor: updated_at, history: true } }\n");
    runs();
    execute(
        """
        ALTER TABLE orders ALTER code DROP DEFAULT, ALTER code TYPE int USING 7, ALTER seats TYPE bigint USING 4000000000, ALTER n TYPE double precision USING 0.5;
        """);
    runs();

    assertThat(rows("select code, seats, n from shop.orders where id = 1 order by valid_from"))
        .containsExactly(
            List.of("A7", "2000000000", "9007199254740993"), List.of("7", "4000000000", "0.5"));
  }
}
