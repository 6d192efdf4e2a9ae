package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.source.DriftPolicy;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Source;
import io.ecluse.source.SourceContract;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.StreamPlan.Deletes;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A database that JDBC reaches, with the streams of the contract. */
abstract class JdbcContract extends SourceContract {
  private static final int BATCH = 1_000;

  abstract String url();

  abstract String user();

  abstract String password();

  /** SQL that empties the database. */
  abstract String clean();

  JdbcSettings settings(String url, String password, Optional<Path> driver) {
    return new JdbcSettings(
        "school",
        url,
        Map.of("user", user(), "password", password),
        Optional.empty(),
        driver,
        Duration.ofMinutes(5));
  }

  Source source(JdbcSettings settings) {
    return JdbcSource.any(settings, stage());
  }

  Source at(String url, String password) {
    return source(settings(url, password, Optional.empty()));
  }

  @Override
  protected Source source() throws SQLException {
    execute(
        clean(),
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

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The type of a time without a zone. */
  String timeType() {
    return "TIMESTAMP(6)";
  }

  /** What a test does in the middle of an extract. */
  interface Meddling {
    void meddle() throws SQLException;
  }

  /** Does something once so many rows are read; before any is, if there is no number. */
  static final class Once extends Listener {
    final List<String> said = new CopyOnWriteArrayList<>();
    private final OptionalLong after;
    private final Meddling meddling;
    private final AtomicBoolean done = new AtomicBoolean();

    Once(OptionalLong after, Meddling meddling) {
      this.after = after;
      this.meddling = meddling;
    }

    private void meddle() {
      if (done.compareAndSet(false, true)) {
        try {
          meddling.meddle();
        } catch (SQLException e) {
          throw new AssertionError(e);
        }
      }
    }

    @Override
    public void log(String line) {
      said.add(line);
      if (after.isEmpty() && line.startsWith("Reading ")) {
        meddle();
      }
    }

    @Override
    public void progress(long rows, long total) {
      if (after.isPresent() && rows >= after.getAsLong()) {
        meddle();
      }
    }
  }

  /** Ends every session but that of the statement. */
  void endOtherSessions(Statement statement) throws SQLException {
    throw new AssertionError("no way to end sessions here");
  }

  /** Changes something, and then ends the sessions of the extract. */
  void cutAfter(String... changes) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String change : changes) {
        statement.execute(change);
      }
      endOtherSessions(statement);
    }
  }

  /**
   * A table BIG of so many ranges, of which the sessions are ended once more than one was read:
   * what had landed stays as it was, the rest is of after the changes.
   */
  void goesOnAfterTheLastRangeThatLanded(Source source, int rows) throws Exception {
    String big = name("big");
    Once cut =
        new Once(
            OptionalLong.of(rows / 3),
            () ->
                cutAfter(
                    "UPDATE big SET mark = 'later' WHERE id = 1 OR id = " + rows,
                    "DELETE FROM big WHERE id = " + (rows - 1)));

    BatchManifest batch =
        source.extract(new ExtractRequest("x1", "run1", List.of(big)), cut).get(0);

    assertThat(rows(batch, "select count(*), count(distinct id), max(id) from %s"))
        .containsExactly(
            List.of(String.valueOf(rows - 1), String.valueOf(rows - 1), String.valueOf(rows)));
    assertThat(rows(batch, "select id from %s where mark = 'later'"))
        .containsExactly(List.of(String.valueOf(rows)));
    assertThat(batch.isOneMoment()).isFalse();
    assertThat(batch.position())
        .containsPattern("; [1-9] of \\d key ranges re-read because the snapshot was lost, in ");
    assertThat(cut.said).anyMatch(l -> l.contains("have landed and stay"));
    try (Stream<Path> files = Files.list(Path.of(staging().location(batch)))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .as("nothing that is not in the manifest")
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(Stream.of("manifest.json"), batch.parts().stream().map(Part::file))
                  .toList());
    }
  }

  @Test
  void readsNoFasterThanIsAllowed() throws Exception {
    source();
    long most = 256 << 10;

    Map<String, String> receipt =
        receipt(
            source(
                settings(url(), password(), Optional.empty())
                    .sparing(new ImpactLimits(Optional.empty(), Optional.of(most)))));

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
    return source(
        settings(url(), password(), Optional.empty())
            .reading(Map.of("orders", plan), DriftPolicy.EVOLVE));
  }

  private void change(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void orders(String type, String first, String second) throws SQLException {
    execute(
        clean(),
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

  private List<String> ids(BatchManifest batch) {
    return rows(batch, "select id from %s order by id").stream().map(r -> r.get(0)).toList();
  }

  private static Increment increment(BatchManifest batch) {
    return batch.increment().orElseThrow();
  }

  @Test
  void readsWhatIsNewByTime() throws SQLException {
    orders(timeType(), "'2026-01-01 10:00:00.5'", "'2026-01-02 10:00:00.000001'");
    Source source = reading(StreamPlan.Mode.INCREMENTAL, "changed", "", Deletes.IGNORE);

    BatchManifest first = extract(source, "x1", "orders");
    change("INSERT INTO orders VALUES (4, '2026-01-02 10:00:00')");
    change("INSERT INTO orders VALUES (5, '2026-01-02 10:00:00.000001')");
    BatchManifest second = extract(source, "x2", "orders");
    BatchManifest whole =
        extract(source, new ExtractRequest("x3", "run", List.of(), ExtractRequest.Reading.WHOLE));

    assertThat(ids(first)).containsExactly("1", "2", "3");
    assertThat(first.primaryKey()).containsExactly(name("id"));
    assertThat(increment(first).to()).hasValue("2026-01-02T10:00:00.000001");
    assertThat(ids(second)).as("as high, and without a cursor").containsExactly("2", "3", "5");
    assertThat(increment(second).previous()).hasValue("x1");
    assertThat(increment(second).from().orElseThrow()).contains("2026-01-02T10:00:00.000001");
    assertThat(ids(whole)).hasSize(5);
  }

  @Test
  void looksBack() throws SQLException {
    orders(timeType(), "'2026-01-01 10:00:00'", "'2026-01-02 10:00:00'");
    Source source = reading(StreamPlan.Mode.INCREMENTAL, "changed", "PT1H", Deletes.IGNORE);
    extract(source, "x1", "orders");
    change(
        "INSERT INTO orders VALUES (4, '2026-01-02 09:00:00')",
        "INSERT INTO orders VALUES (5, '2026-01-02 08:59:59')");

    assertThat(ids(extract(source, "x2", "orders"))).containsExactly("2", "3", "4");
  }

  @Test
  void readsWhatIsNewByDateAndByNumber() throws SQLException {
    for (String type : List.of("DATE", "DECIMAL(12,2)", "BIGINT")) {
      boolean date = type.equals("DATE");
      orders(type, date ? "'2026-01-01'" : "5", date ? "'2026-01-09'" : "900719925");
      Source source =
          reading(StreamPlan.Mode.INCREMENTAL, "changed", date ? "PT24H" : "1", Deletes.IGNORE);
      extract(source, "x1" + type.length(), "orders");
      change("INSERT INTO orders VALUES (4, %s)".formatted(date ? "'2026-01-08'" : "900719924"));

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
    change("INSERT INTO orders VALUES (10, NULL)");

    assertThat(ids(extract(source, "x2", "orders"))).containsExactly("10");
    assertThat(extract(source, "x3", "orders").rows()).isZero();
  }

  @Test
  void readsAllKeysToFindWhatWasDeleted() throws SQLException {
    orders(timeType(), "'2026-01-01 10:00:00'", "'2026-01-02 10:00:00'");
    Source source = reading(StreamPlan.Mode.INCREMENTAL, "changed", "", Deletes.DETECT);
    extract(source, "x1", "orders");
    change("DELETE FROM orders WHERE id = 1");

    BatchManifest second = extract(source, "x2", "orders");

    assertThat(second.rows()).isEqualTo(2);
    assertThat(second.keys().orElseThrow().rows()).isEqualTo(2);
    assertThat(staging().reading().keys(second)).hasSize(1);
  }

  @Test
  void readsAllAgainWhenColumnsChanged() throws SQLException {
    orders(timeType(), "'2026-01-01 10:00:00'", "'2026-01-02 10:00:00'");
    Source source = reading(StreamPlan.Mode.INCREMENTAL, "changed", "", Deletes.IGNORE);
    extract(source, "x1", "orders");
    change("ALTER TABLE orders ADD note VARCHAR(10)");

    assertThat(extract(source, "x2", "orders").isWhole()).isTrue();
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
