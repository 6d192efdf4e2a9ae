package io.ecluse.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.RowsWanted;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every source keeps to, and what one that reads only what has changed keeps to besides. Its
 * system also holds a stream {@code orders}: {@code id}, its key, {@code changed}, a time without a
 * zone that each change sets, and {@code amount}, a whole number.
 */
public abstract class IncrementContract extends SourceContract {
  protected static final String ORDERS = "orders";

  /** Makes the stream orders anew, without rows. */
  protected abstract void begin() throws Exception;

  /** Writes a row of orders, in the place of the one with its id. */
  protected abstract void put(int id, String changed, int amount) throws Exception;

  /** Gives orders one more column, of texts. */
  protected abstract void addColumn() throws Exception;

  /** The source of the name {@code school}, which reads orders by the time of their change. */
  protected abstract Source byChange(Optional<String> lookBack) throws Exception;

  /** Two orders, as they were read. */
  private BatchManifest begun(Source source) throws Exception {
    begin();
    put(1, "2026-01-01 10:00:00", 10);
    put(2, "2026-01-02 10:00:00", 20);
    return extract(source, "x1", ORDERS);
  }

  protected final List<String> ids(BatchManifest batch) {
    return rows(batch, "select id from %s order by id").stream().map(r -> r.get(0)).toList();
  }

  private static Optional<String> previous(BatchManifest batch) {
    return batch.increment().flatMap(Increment::previous);
  }

  @Test
  void readsWhatIsNewAndWhatHasChanged() throws Exception {
    Source source = byChange(Optional.empty());

    BatchManifest first = begun(source);
    put(3, "2026-01-03 10:00:00", 30);
    put(1, "2026-01-04 10:00:00", 11);
    BatchManifest second = extract(source, "x2", ORDERS);

    assertThat(first.isWhole()).isTrue();
    assertThat(ids(first)).containsExactly("1", "2");
    assertThat(second.isWhole()).isFalse();
    assertThat(second.primaryKey()).containsExactly(name("id"));
    assertThat(previous(second)).hasValue("x1");
    assertThat(rows(second, "select id, amount from %s order by id"))
        .contains(List.of("1", "11"), List.of("3", "30"))
        .isSubsetOf(List.of("1", "11"), List.of("2", "20"), List.of("3", "30"));
  }

  @Test
  void goesOnFromTheHighestChangeWhenNothingWasNew() throws Exception {
    Source source = byChange(Optional.empty());
    begun(source);

    BatchManifest nothing = extract(source, "x2", ORDERS);
    put(3, "2026-01-02 10:00:01", 30);
    BatchManifest third = extract(source, "x3", ORDERS);

    assertThat(ids(nothing)).isSubsetOf("2");
    assertThat(ids(third)).contains("3").doesNotContain("1");
    assertThat(previous(third)).hasValue("x2");
  }

  @Test
  void looksBackAsFarAsItIsTold() throws Exception {
    Source source = byChange(Optional.of("PT1H"));
    begun(source);
    put(3, "2026-01-02 09:30:00", 30);
    put(4, "2026-01-02 08:30:00", 40);

    assertThat(ids(extract(source, "x2", ORDERS))).contains("3").doesNotContain("1", "4");
  }

  @Test
  void readsAllWhenAllIsWanted() throws Exception {
    Source source = byChange(Optional.empty());
    begun(source);

    BatchManifest second =
        extract(source, new ExtractRequest("x2", "run", List.of(ORDERS), RowsWanted.WHOLE));

    assertThat(second.isWhole()).isTrue();
    assertThat(ids(second)).containsExactly("1", "2");
  }

  @Test
  void readsAllAgainWhenAColumnWasAdded() throws Exception {
    Source source = byChange(Optional.empty());
    begun(source);
    addColumn();

    BatchManifest second = extract(source, "x2", ORDERS);

    assertThat(second.isWhole()).isTrue();
    assertThat(ids(second)).containsExactly("1", "2");
    assertThat(second.columns()).hasSize(4);
  }
}
