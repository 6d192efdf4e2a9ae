package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Source;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.StreamPlan.Deletes;
import io.ecluse.source.TableContract;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A database that JDBC reaches, with the streams of the contract. */
abstract class JdbcContract extends TableContract implements OnDatabase {
  private static final int BATCH = 1_000;

  Source source(JdbcSettings settings) {
    return new JdbcSource(settings, new StandardDialect(stage().clock()), stage());
  }

  Source at(String url, String password) {
    return source(settings(url, password));
  }

  @Override
  protected Source source() throws SQLException {
    fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(100), born DATE, grade DECIMAL(10,2))",
        "CREATE TABLE empty (id INTEGER, name VARCHAR(100))",
        "CREATE TABLE marks (id INTEGER PRIMARY KEY, mark VARCHAR(100))");
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      people(connection);
      marks(connection);
      connection.commit();
    }
    return at(url(), password());
  }

  private static void people(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO people VALUES (?, ?, ?, ?)")) {
      for (Person person : PEOPLE) {
        insert.setInt(1, person.id());
        insert.setString(2, orNull(person.name()));
        insert.setString(3, orNull(person.born()));
        insert.setString(4, orNull(person.grade()));
        insert.executeUpdate();
      }
    }
  }

  private static void marks(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO marks VALUES (?, ?)")) {
      for (int i = 0; i < MARKS; i++) {
        insert.setInt(1, i);
        insert.setString(2, mark(i));
        insert.addBatch();
        if (i % BATCH == BATCH - 1 || i == MARKS - 1) {
          insert.executeBatch();
        }
      }
    }
  }

  @SuppressWarnings("NullAway")
  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  @Override
  protected String timeType() {
    return "TIMESTAMP(6)";
  }

  @Override
  protected void change(String... statements) throws SQLException {
    execute(statements);
  }

  @Override
  protected Source orders(StreamPlan plan, DriftPolicy drift) {
    return source(Settings.reading(ORDERS, plan, drift, settings()));
  }

  @Test
  void readsNoFasterThanIsAllowed() throws Exception {
    source();
    long most = 256 << 10;

    Map<String, String> receipt =
        receipt(
            source(
                Settings.sparing(
                    new ImpactLimits(Optional.empty(), Optional.of(most)), settings())));

    double least = MARKS * 12.0 / most; // of values alone, seconds
    assertThat(Double.parseDouble(receipt.get("impact_seconds"))).isGreaterThan(least);
    assertThat(Double.parseDouble(receipt.get("impact_throttled_seconds"))).isPositive();
    assertThat(receipt(at(url(), password()))).containsEntry("impact_throttled_seconds", "0.00");
  }

  private Source reading(StreamPlan.Mode mode, String cursor, String lookBack, Deletes deletes) {
    StreamPlan plan =
        new StreamPlan(
            mode,
            Optional.of(cursor).filter(c -> !c.isEmpty()).map(this::name),
            Optional.of(lookBack).filter(b -> !b.isEmpty()),
            List.of(),
            deletes);
    return source(Settings.reading("orders", plan, settings()));
  }

  private void orders(String type, String first, String second) throws SQLException {
    fill(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, changed %s)".formatted(type),
        "INSERT INTO orders VALUES (1, %s)".formatted(first),
        "INSERT INTO orders VALUES (2, %s)".formatted(second),
        "INSERT INTO orders VALUES (3, NULL)");
  }

  @Test
  void leavesAReceiptOfWhatItCost() throws Exception {
    assertThat(receipt(source()))
        .containsKeys(
            "impact_seconds",
            "impact_snapshot_seconds",
            "impact_probe_before_ms",
            "impact_probe_during_ms",
            "impact_probe_after_ms")
        .containsEntry("impact_connections", "2");
  }

  /** A row of three columns, of which the last cannot land, and the type of that. */
  abstract OddValue oddValue();

  /**
   * @param type of the column
   * @param odd a value of it that has no place in a table
   * @param plain one that has
   * @param session what lets a session write the odd one
   */
  record OddValue(String type, String odd, String plain, List<String> session) {
    OddValue(String type, String odd, String plain) {
      this(type, odd, plain, List.of());
    }
  }

  private void odd() throws SQLException {
    OddValue value = oddValue();
    fill(
        "CREATE TABLE odd (id INTEGER PRIMARY KEY, name VARCHAR(10), seen %s)"
            .formatted(value.type()));
    List<String> inserts = new ArrayList<>(value.session());
    for (int i = 1; i <= 9; i++) {
      inserts.add(
          "INSERT INTO odd VALUES (%d, %s, %s)"
              .formatted(
                  i, i == 8 ? "NULL" : "'n" + i + "'", i % 3 == 1 ? value.odd() : value.plain()));
    }
    execute(inserts.toArray(String[]::new));
  }

  private Source leavingOut(long most) {
    StreamPlan plan =
        new StreamPlan(
            StreamPlan.Mode.APPEND, Optional.empty(), Optional.empty(), List.of(), Deletes.IGNORE);
    return source(Settings.leavingOut(most, Settings.reading(name("odd"), plan, settings())));
  }

  @Test
  void leavesOutRowsThatCannotLandUpToAsManyAsAreAllowed() throws SQLException {
    odd();

    assertThatThrownBy(() -> extract(leavingOut(2), "x1", name("odd")))
        .hasMessageContaining(name("odd") + " " + name("id") + " = ")
        .hasMessageContaining("extract.max_rejected in sources/school.yaml");
    BatchManifest batch = extract(leavingOut(3), "x2", name("odd"));

    assertThat(batch.rejected().rows()).isEqualTo(3);
    assertThat(batch.rejected().examples())
        .extracting(r -> r.key())
        .containsExactly(Map.of(name("id"), "1"), Map.of(name("id"), "4"), Map.of(name("id"), "7"));
    assertThat(batch.rejected().examples())
        .allSatisfy(
            r -> assertThat(r.reason()).startsWith(name("odd") + "." + name("seen") + " holds"));
    assertThat(rows(batch, "select id, name from %s order by id"))
        .containsExactly(
            List.of("2", "n2"),
            List.of("3", "n3"),
            List.of("5", "n5"),
            List.of("6", "n6"),
            List.of("8", "null"),
            List.of("9", "n9"));
  }

  @Test
  void readsRejectedRowsAgainOnceTheyAreMended() throws SQLException {
    odd();
    Source source = leavingOut(3);
    ExtractRequest again = new ExtractRequest("x2", "run", List.of(), RowsWanted.REJECTED);
    assertThatThrownBy(() -> extract(source, again))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    extract(source, "x1", name("odd"));
    execute("UPDATE odd SET seen = %s WHERE id < 7".formatted(oddValue().plain()));

    BatchManifest mended = extract(source, again);

    assertThat(ids(mended)).containsExactly("1", "4");
    assertThat(mended.rejected().rows()).isEqualTo(1);
    assertThat(increment(mended).previous()).hasValue("x1");
  }

  private static Increment increment(BatchManifest batch) {
    return batch.increment().orElseThrow();
  }

  @Test
  void readsWhatIsNewByTime() throws SQLException {
    orders(timeType(), "'2026-01-01 10:00:00.5'", "'2026-01-02 10:00:00.000001'");
    Source source = reading(StreamPlan.Mode.INCREMENTAL, "changed", "PT0S", Deletes.IGNORE);

    BatchManifest first = extract(source, "x1", "orders");
    execute("INSERT INTO orders VALUES (4, '2026-01-02 10:00:00')");
    execute("INSERT INTO orders VALUES (5, '2026-01-02 10:00:00.000001')");
    BatchManifest second = extract(source, "x2", "orders");
    BatchManifest whole =
        extract(source, new ExtractRequest("x3", "run", List.of(), RowsWanted.WHOLE));

    assertThat(ids(first)).containsExactly("1", "2", "3");
    assertThat(first.primaryKey()).containsExactly(name("id"));
    assertThat(increment(first).to()).hasValue("2026-01-02T10:00:00.000001");
    assertThat(ids(second)).as("as high, and without a cursor").containsExactly("2", "3", "5");
    assertThat(increment(second).previous()).hasValue("x1");
    assertThat(increment(second).from().orElseThrow()).contains("2026-01-02T10:00:00.000001");
    assertThat(ids(whole)).hasSize(5);
  }

  @Test
  void readsWhatIsNewByDateAndByNumber() throws SQLException {
    for (String type : List.of("DATE", "DECIMAL(12,2)", "BIGINT")) {
      boolean date = type.equals("DATE");
      orders(type, date ? "'2026-01-01'" : "5", date ? "'2026-01-09'" : "900719925");
      Source source =
          reading(StreamPlan.Mode.INCREMENTAL, "changed", date ? "PT24H" : "1", Deletes.IGNORE);
      extract(source, "x1" + type.length(), "orders");
      execute("INSERT INTO orders VALUES (4, %s)".formatted(date ? "'2026-01-08'" : "900719924"));

      assertThat(ids(extract(source, "x2" + type.length(), "orders")))
          .as(type)
          .containsExactly("2", "3", "4");
      staging().list("school", "orders").forEach(staging()::delete);
    }
  }

  @Test
  void readsRowsThatWereAdded() throws SQLException {
    orders(timeType(), "NULL", "NULL");
    Source source = reading(StreamPlan.Mode.APPEND, "", "", Deletes.IGNORE);
    extract(source, "x1", "orders");
    execute("INSERT INTO orders VALUES (10, NULL)", "INSERT INTO orders VALUES (20000, NULL)");

    assertThat(ids(extract(source, "x2", "orders")))
        .as("with those before, which may have been committed late")
        .contains("10", "20000")
        .doesNotHaveDuplicates();
    BatchManifest third = extract(source, "x3", "orders");
    assertThat(ids(third)).as("no further back than 10000").containsExactly("20000");
    assertThat(third.counted())
        .contains(third.increment().orElseThrow().counted().orElseThrow().before().orElseThrow());
  }

  @Test
  void saysWhichColumnTheCursorCouldBe() throws SQLException {
    orders(timeType(), "NULL", "NULL");

    assertThatThrownBy(
            () ->
                extract(
                    reading(StreamPlan.Mode.INCREMENTAL, "chnged", "", Deletes.IGNORE),
                    "x1",
                    "orders"))
        .hasMessageContaining("sources/school.yaml: stream orders has no column")
        .hasMessageContaining("its columns are " + name("id") + ", " + name("changed"));
  }
}
