package io.ecluse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.source.StreamPlan.Deletes;
import io.ecluse.source.StreamPlan.Mode;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What sources of databases keep to, besides: rows that went or came late, and drift. */
public abstract class TableContract extends IncrementContract {
  /** Changes the database. */
  protected abstract void change(String... statements) throws Exception;

  /** The type of a time without a zone. */
  protected abstract String timeType();

  /** The source of the name {@code school}, which reads orders so. */
  protected abstract Source orders(StreamPlan plan, DriftPolicy drift);

  @Override
  protected final void begin() throws Exception {
    change(
        "DROP TABLE IF EXISTS orders",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, changed %s, amount INTEGER)"
            .formatted(timeType()));
  }

  @Override
  protected final void put(int id, String changed, int amount) throws Exception {
    change(
        "DELETE FROM orders WHERE id = " + id,
        "INSERT INTO orders VALUES (%d, '%s', %d)".formatted(id, changed, amount));
  }

  @Override
  protected final void addColumn() throws Exception {
    change("ALTER TABLE orders ADD note VARCHAR(10)");
  }

  @Override
  protected final Source byChange(Optional<String> lookBack) {
    return orders(plan(lookBack, Deletes.IGNORE), DriftPolicy.EVOLVE);
  }

  private StreamPlan plan(Optional<String> lookBack, Deletes deletes) {
    return new StreamPlan(
        Mode.INCREMENTAL, Optional.of(name("changed")), lookBack, List.of(), deletes);
  }

  private Source begun(Deletes deletes, DriftPolicy drift) throws Exception {
    begin();
    put(1, "2026-01-01 10:00:00", 10);
    put(2, "2026-01-02 10:00:00", 20);
    Source source = orders(plan(Optional.empty(), deletes), drift);
    extract(source, "x1", ORDERS);
    return source;
  }

  @Test
  void readsAllKeysToFindWhatWasDeleted() throws Exception {
    Source source = begun(Deletes.DETECT, DriftPolicy.EVOLVE);
    change("DELETE FROM orders WHERE id = 1");

    BatchManifest second = extract(source, "x2", ORDERS);

    assertThat(second.keys().orElseThrow().rows()).isEqualTo(1);
    assertThat(second.counted()).hasValue(1L);
    assertThat(staging().reading().keys(second)).hasSize(1);
  }

  @Test
  void readsOrCountsWhatWasCommittedLate() throws Exception {
    Source source = begun(Deletes.IGNORE, DriftPolicy.EVOLVE);
    put(3, "2025-06-01 10:00:00", 30);

    BatchManifest second = extract(source, "x2", ORDERS);

    Increment.Counted counted = second.increment().flatMap(Increment::counted).orElseThrow();
    assertThat(counted.before()).hasValue(2L);
    assertThat(counted.rows()).as("one more, whether it was read or not").isEqualTo(3);
  }

  @Test
  void readsAllAgainWhenAColumnWasDropped() throws Exception {
    Source source = begun(Deletes.IGNORE, DriftPolicy.EVOLVE);
    change("ALTER TABLE orders DROP COLUMN amount");

    BatchManifest second = extract(source, "x2", ORDERS);

    assertThat(second.isWhole()).isTrue();
    assertThat(second.columns()).hasSize(2);
  }

  @Test
  void readsAllAgainWhenAColumnHasAnotherType() throws Exception {
    Source source = begun(Deletes.IGNORE, DriftPolicy.QUARANTINE);
    change("ALTER TABLE orders DROP COLUMN amount", "ALTER TABLE orders ADD amount VARCHAR(20)");

    BatchManifest second = extract(source, "x2", ORDERS);

    assertThat(second.isWhole()).isTrue();
    assertThat(second.columns().get(2).column().type().sql()).isEqualTo("VARCHAR");
  }

  @Test
  void readsNothingWhenColumnsHaveChangedThatMustNot() throws Exception {
    Source source = begun(Deletes.IGNORE, DriftPolicy.FREEZE);
    addColumn();

    assertThatThrownBy(() -> extract(source, "x2", ORDERS))
        .hasMessageContaining(ORDERS + " changed since the last extract")
        .hasMessageContaining("drift: freeze")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_CHANGED);
    assertThat(staging().list("school", ORDERS)).hasSize(1);
  }
}
