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
}
