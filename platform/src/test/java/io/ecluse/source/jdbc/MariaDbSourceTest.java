package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Discovery;
import io.ecluse.source.DriftPolicy;
import io.ecluse.source.Finding;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.Source;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbSourceTest extends JdbcContract {
  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    boolean runs = MariaDbServer.runsHere();
    if (!runs) {
      System.err.println("SKIPPED: MariaDB is tested on Linux with amd64 only");
      assertThat(System.getenv("CI")).as("with CI=true nothing is skipped").isNull();
    }
    assumeTrue(runs);
    server = MariaDbServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  String url() {
    return server.url();
  }

  @Override
  String user() {
    return MariaDbServer.USER;
  }

  @Override
  String password() {
    return MariaDbServer.PASSWORD;
  }

  @Override
  String clean() {
    return "CREATE OR REPLACE DATABASE school CHARACTER SET utf8mb4";
  }

  /** A database that is made anew has to be chosen anew. */
  @Override
  void execute(String... statements) throws SQLException {
    List<String> all = new ArrayList<>(List.of(clean(), "USE school"));
    Stream.of(statements).filter(s -> !s.equals(clean())).forEach(all::add);
    super.execute(all.toArray(String[]::new));
  }

  @Override
  Source source(JdbcSettings settings) {
    return JdbcSource.mariaDb(settings, stage());
  }

  @Override
  String timeType() {
    return "DATETIME(6)";
  }

  @Override
  protected Source unreachable() {
    return at(
        MariaDbUrl.of("127.0.0.1", 1, "school", "disable", Duration.ofSeconds(5)), password());
  }

  @Override
  protected Source refused() {
    return at(url(), "not-the-password");
  }

  private Source filled(String... statements) throws SQLException {
    execute(statements);
    return at(url(), password());
  }

  @Test
  void tellsWhatTheServerCounted() throws Exception {
    Map<String, String> receipt = receipt(source());

    assertThat(Long.parseLong(receipt.get("impact_bytes_sent"))).isGreaterThan(MARKS * 10L);
    assertThat(Long.parseLong(receipt.get("impact_server_rows_read"))).isGreaterThan(MARKS);
    assertThat(receipt).containsKey("impact_server_blocks_asked");
  }

  @Test
  void landsEveryTypeUnchanged() throws SQLException {
    Source source =
        filled(
            """
            CREATE TABLE things (f BIT(1), b BOOLEAN, i1 TINYINT UNSIGNED, i4 INT, u4 INT UNSIGNED, i8 BIGINT, u8 BIGINT UNSIGNED,
              f4 FLOAT, f8 DOUBLE, n DECIMAL(12,3), nn DECIMAL(60,5), v VARCHAR(30), t LONGTEXT, d DATE, dt DATETIME(6),
              ts TIMESTAMP(6) NULL, y YEAR, o TIME, bl BLOB, bits BIT(12), e ENUM('a','b'), j JSON, u UUID, m MEDIUMINT UNSIGNED)
            """,
            "SET time_zone = '+02:00'",
            """
            INSERT INTO things VALUES (b'1', 7, 255, -3, 4294967295, -9007199254740993, 18446744073709551615, 1.5, 2.25,
              -123456.789, 1234567890123456789012345678901234567890.5, 'Zoë 😀', 'long', '2020-02-29', '2020-03-29 02:30:59.999999',
              '2020-01-01 00:00:00', 2024, '-123:45:06', x'00ff', b'100000000001', 'b', '{"a": [1, null]}',
              '123e4567-e89b-12d3-a456-426614174000', 9)
            """,
            "INSERT INTO things (i4) VALUES (NULL)");

    BatchManifest batch = extract(source, "x1", "things");

    assertThat(batch.columns().stream().map(c -> c.column().type().sql()))
        .containsExactly(
            "BOOLEAN",
            "INTEGER",
            "INTEGER",
            "INTEGER",
            "BIGINT",
            "BIGINT",
            "DECIMAL(20,0)",
            "REAL",
            "DOUBLE",
            "DECIMAL(12,3)",
            "VARCHAR",
            "VARCHAR",
            "VARCHAR",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMPTZ",
            "INTEGER",
            "VARCHAR",
            "BLOB",
            "BLOB",
            "VARCHAR",
            "VARCHAR",
            "UUID",
            "INTEGER");
    assertThat(
            rows(
                batch,
                "select f, b, i1, i4, u4, i8, u8, f4, f8, n, nn, v, t, d, dt::varchar, epoch(ts), y, o, hex(bl), hex(bits), e, j, u, m from %s where f"))
        .containsExactly(
            List.of(
                "true",
                "7",
                "255",
                "-3",
                "4294967295",
                "-9007199254740993",
                "18446744073709551615",
                "1.5",
                "2.25",
                "-123456.789",
                "1234567890123456789012345678901234567890.50000",
                "Zoë 😀",
                "long",
                "2020-02-29",
                "2020-03-29 02:30:59.999999",
                "1.5778296E9",
                "2024",
                "-123:45:06",
                "00FF",
                "0801",
                "b",
                "{\"a\": [1, null]}",
                "123e4567-e89b-12d3-a456-426614174000",
                "9"));
    assertThat(rows(batch, "select count(*), count(columns(*)) from %s"))
        .allSatisfy(row -> assertThat(row.subList(1, row.size())).containsOnly("1"));
  }

  @Test
  void refusesADayThatNeverWasRatherThanLosingIt() throws SQLException {
    Source source =
        filled(
            "SET sql_mode = ''",
            "CREATE TABLE odd (id INT, d DATE)",
            "INSERT INTO odd VALUES (1, '0000-00-00')");

    assertThatThrownBy(() -> extract(source, "x1", "odd"))
        .hasMessageContaining("odd.d")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
    assertThat(staging().list("school", "odd")).isEmpty();
  }

  @Test
  void tellsTheSnapshotsPlaceInTheBinaryLog() throws SQLException {
    Source source = filled("CREATE TABLE one (id INT) ENGINE=InnoDB", "INSERT INTO one VALUES (1)");

    assertThat(extract(source, "x1", "one").position())
        .matches("consistent snapshot of \\S+ binlog\\.\\d+ \\d+");
  }

  @Test
  void comparesMomentsInUtcWhateverTheZoneOfServerAndMachine() throws SQLException {
    execute(
        clean(),
        "SET time_zone = '-08:00'",
        "CREATE TABLE seen (id INT PRIMARY KEY, at TIMESTAMP(6) NULL)",
        "INSERT INTO seen VALUES (1, '2026-01-01 10:00:00'), (2, '2026-01-01 11:00:00')");
    StreamPlan plan =
        new StreamPlan(
            StreamPlan.Mode.INCREMENTAL,
            Optional.of("at"),
            Optional.empty(),
            List.of(),
            StreamPlan.Deletes.IGNORE);
    Source source =
        source(
            settings(url(), password(), Optional.empty())
                .reading(Map.of("seen", plan), DriftPolicy.EVOLVE));
    BatchManifest first = extract(source, "x1", "seen");

    assertThat(first.increment().orElseThrow().to()).hasValue("2026-01-01T19:00:00Z");
    assertThat(rows(extract(source, "x2", "seen"), "select id from %s"))
        .containsExactly(List.of("2"));
  }

  @Test
  void readsMoreSlowlyFromAServerThatSuffersWhileItIsRead() throws Exception {
    execute(
        clean(),
        "CREATE TABLE big (id INT PRIMARY KEY, mark CHAR(200))",
        "INSERT INTO big SELECT seq, repeat('x', 200) FROM seq_1_to_15000");
    AtomicReference<Optional<AutoCloseable>> disturbance = new AtomicReference<>(Optional.empty());
    AtomicReference<Optional<ImpactReceipt>> receipt = new AtomicReference<>(Optional.empty());
    Listener disturbing =
        new Listener() {
          @Override
          public void log(String line) {
            if (line.startsWith("Reading ")) { // the pulse has been felt without readers
              try {
                disturbance.set(Optional.of(server.disturbed()));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            }
          }

          @Override
          public void impact(ImpactReceipt told) {
            receipt.set(Optional.of(told));
          }
        };

    try {
      source(
              settings(url(), password(), Optional.empty())
                  .sparing(new ImpactLimits(Optional.of(0.25), Optional.empty())))
          .extract(request("x1"), disturbing);
    } finally {
      disturbance.get().orElseThrow().close();
    }

    assertThat(receipt.get().orElseThrow().during().p95())
        .as("the server stands still for 40 ms again and again")
        .isGreaterThan(10);
    assertThat(receipt.get().orElseThrow().throttledSeconds())
        .as("seconds that readers held back")
        .isGreaterThan(3);
  }

  private Source wide(String user) {
    JdbcSettings one = settings(url(), password(), Optional.empty());
    return source(
        new JdbcSettings(
                one.name(),
                one.url(),
                Map.of("user", user, "password", password()),
                Optional.empty(),
                Optional.empty(),
                one.statementTimeout())
            .over(3));
  }

  private static List<BatchManifest> extract(Source source, Lines lines) {
    return source.extract(request("x1"), lines);
  }

  @Test
  void readsRangesOfKeysOverSeveralConnectionsThatSeeOneMoment() throws Exception {
    execute(
        clean(),
        "CREATE TABLE big (id INT PRIMARY KEY, mark VARCHAR(20))",
        "INSERT INTO big SELECT seq, concat('mark ', seq) FROM seq_1_to_250000",
        "CREATE TABLE here (id INT PRIMARY KEY AUTO_INCREMENT)",
        "CREATE TABLE there (id INT PRIMARY KEY AUTO_INCREMENT)");
    Lines lines = new Lines();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger pairs = new AtomicInteger();
    Thread writer = new Thread(() -> writePairs(stop, pairs), "pairs");
    writer.start();
    List<BatchManifest> batches = extract(wide(MariaDbServer.HOLDER), lines);
    stop.set(true);
    writer.join();

    BatchManifest big = batches.get(0);
    assertThat(big.stream()).isEqualTo("big");
    assertThat(big.parts()).hasSize(2);
    assertThat(rows(big, "select count(*), count(distinct id), min(id), max(id) from %s"))
        .containsExactly(List.of("250000", "250000", "1", "250000"));
    assertThat(batches.get(1).rows()).isEqualTo(batches.get(2).rows());
    assertThat(pairs).hasPositiveValue();
    assertThat(lines.said).anyMatch(l -> l.contains("over 3 connections"));
  }

  /** Rows that come in both tables at once, all the time. */
  private void writePairs(AtomicBoolean stop, AtomicInteger pairs) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop.get()) {
        statement.execute("INSERT INTO here VALUES ()");
        statement.execute("INSERT INTO there VALUES ()");
        connection.commit();
        pairs.incrementAndGet();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void readsOverOneConnectionAndSaysWhyWhenCommitsCannotBeHeld() throws SQLException {
    filled("CREATE TABLE one (id INT PRIMARY KEY)", "INSERT INTO one VALUES (1)");
    Lines lines = new Lines();

    List<BatchManifest> batches = extract(wide(MariaDbServer.USER), lines);

    assertThat(batches.get(0).rows()).isEqualTo(1);
    assertThat(lines.said)
        .anyMatch(
            l ->
                l.contains("over one connection instead of 3")
                    && l.contains("error 1227")
                    && l.contains("GRANT RELOAD"));
  }

  private List<Finding> check(JdbcSettings settings, SourceInspection.WantedStream... wanted) {
    List<Finding> findings = new ArrayList<>();
    JdbcInspection.mariaDb(settings, Clock.systemUTC()).check(List.of(wanted), findings::add);
    return findings;
  }

  private static SourceInspection.WantedStream wants(String name, String key, String cursor) {
    return new SourceInspection.WantedStream(
        name, List.of(key), Optional.of(cursor).filter(c -> !c.isEmpty()));
  }

  private static List<String> states(List<Finding> findings) {
    return findings.stream().map(f -> f.check() + " " + f.state()).toList();
  }

  @Test
  void findsWhatThereIsAndWhoItIsAbout() throws SQLException {
    execute(
        clean(),
        "CREATE TABLE students (id INT PRIMARY KEY, email VARCHAR(60), duration TIME, updated_at DATETIME) COMMENT 'Everybody'",
        "INSERT INTO students (id) VALUES (1), (2)",
        "CREATE TABLE old_log (line TEXT) ENGINE=MyISAM",
        "CREATE VIEW names AS SELECT email FROM students");

    Discovery found =
        JdbcInspection.mariaDb(settings(url(), password(), Optional.empty()), Clock.systemUTC())
            .discover((what, done, total) -> {});

    assertThat(found.system()).startsWith("MariaDB 11.4");
    assertThat(found.leftOut()).extracting(Discovery.LeftOut::name).containsExactly("names");
    assertThat(found.streams())
        .extracting(Discovery.Found::name)
        .containsExactly("old_log", "students");
    Discovery.Found students = found.streams().get(1);
    assertThat(students.description()).isEqualTo("Everybody");
    assertThat(students.primaryKey()).containsExactly("id");
    assertThat(students.bytes()).isPositive();
    assertThat(students.notes()).containsExactly("perhaps mode: incremental by cursor: updated_at");
    assertThat(students.columns().get(1).personal().orElseThrow().category()).isEqualTo("contact");
    assertThat(students.columns().get(2).landing().orElseThrow()).contains("lands as text");
    assertThat(found.streams().get(0).notes())
        .containsExactly("no primary key", "of an engine without snapshots");
  }

  @Test
  void checksWhatAnExtractNeeds() throws SQLException {
    execute(
        clean(),
        "CREATE TABLE orders (id INT PRIMARY KEY, changed DATETIME, other DATETIME, KEY (changed))",
        "CREATE TABLE old_log (line TEXT) ENGINE=MyISAM");
    JdbcSettings settings = settings(url(), password(), Optional.empty());

    assertThat(states(check(settings.over(2), wants("orders", "id", "changed"))))
        .containsExactly(
            "connection OK",
            "streams OK",
            "select OK",
            "cursor OK",
            "snapshot OK",
            "connections NOTE");
    assertThat(check(settings))
        .filteredOn(f -> f.check().equals("snapshot"))
        .singleElement()
        .satisfies(f -> assertThat(f.found()).startsWith("old_log are of an engine without"));
    List<Finding> wrong =
        check(settings, wants("orders", "changed", "other"), wants("lessons", "id", ""));
    assertThat(states(wrong))
        .containsExactly(
            "connection OK",
            "streams PROBLEM",
            "select OK",
            "primary_key PROBLEM",
            "cursor NOTE",
            "snapshot OK");
    assertThat(wrong.get(1).found()).isEqualTo("there is no table lessons");
    assertThat(wrong.get(1).remedy().get(0)).contains("old_log, orders");
  }

  @Test
  void tellsThatNobodyAnswersOrThatThePasswordIsWrong() {
    JdbcSettings nobody =
        settings(
            MariaDbUrl.of("127.0.0.1", 1, "school", "disable", Duration.ofSeconds(5)),
            password(),
            Optional.empty());

    assertThat(states(check(nobody))).containsExactly("connection UNREACHABLE");
    List<Finding> wrong = check(settings(url(), "not-the-password", Optional.empty()));
    assertThat(states(wrong)).containsExactly("connection PROBLEM");
    assertThat(wrong.get(0).found()).contains("wrong password").doesNotContain("not-the-password");
  }

  private static final class Lines extends Listener {
    private final List<String> said = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public void log(String line) {
      said.add(line);
    }
  }

  @Override
  void endOtherSessions(Statement statement) throws SQLException {
    List<Long> others = new ArrayList<>();
    try (ResultSet sessions =
        statement.executeQuery(
            "SELECT id FROM information_schema.processlist WHERE id <> connection_id()")) {
      while (sessions.next()) {
        others.add(sessions.getLong(1));
      }
    }
    for (long session : others) {
      statement.execute("KILL " + session);
    }
  }

  @Test
  void goesOnAfterTheLastRangeThatLandedWhenSessionsAreKilled() throws Exception {
    int rows = 450_000;
    Source source =
        filled(
            "CREATE TABLE big (id INT PRIMARY KEY, mark VARCHAR(200))",
            "INSERT INTO big SELECT seq, concat('mark ', seq, repeat('x', 100)) FROM seq_1_to_"
                + rows);

    goesOnAfterTheLastRangeThatLanded(source, rows);
  }

  @Test
  void readsATableWithoutAUsableKeyFromItsBeginningAndSaysWhy() throws Exception {
    Source source =
        filled(
            "CREATE TABLE names (name VARCHAR(250) PRIMARY KEY)",
            "INSERT INTO names SELECT concat(seq, repeat('x', 200)) FROM seq_1_to_120000");
    Once cut =
        new Once(OptionalLong.of(1), () -> cutAfter("INSERT INTO names VALUES ('one more')"));

    BatchManifest batch = source.extract(request("x1"), cut).get(0);

    assertThat(rows(batch, "select count(*), count(distinct name) from %s"))
        .containsExactly(List.of("120001", "120001"));
    assertThat(batch.isOneMoment()).isTrue();
    assertThat(batch.position())
        .contains(
            "; read from its beginning because the snapshot was lost, in consistent snapshot");
    assertThat(cut.said).anyMatch(l -> l.contains("without a primary key of one whole number"));
    assertThat(batch.parts()).hasSize(1);
  }

  @Test
  void readsRowsAndKeysOfOneMomentWhenDeletesAreLookedFor() throws Exception {
    execute(
        clean(),
        "CREATE TABLE big (id INT PRIMARY KEY, seen INT)",
        "INSERT INTO big SELECT seq, seq FROM seq_1_to_250000");
    StreamPlan plan =
        new StreamPlan(
            StreamPlan.Mode.INCREMENTAL,
            Optional.of("seen"),
            Optional.empty(),
            List.of(),
            StreamPlan.Deletes.DETECT);
    Source source =
        source(
            settings(url(), password(), Optional.empty())
                .reading(Map.of("big", plan), DriftPolicy.EVOLVE));
    Once cut =
        new Once(
            OptionalLong.of(150_000), () -> cutAfter("DELETE FROM big WHERE id IN (1, 250000)"));

    BatchManifest batch = source.extract(request("x1"), cut).get(0);

    assertThat(batch.rows()).isEqualTo(249_998);
    assertThat(batch.keys().orElseThrow().rows()).isEqualTo(249_998);
    assertThat(batch.isOneMoment()).isTrue();
  }

  @Test
  void goesOnInTheSameMomentAsLongAsOneConnectionLives() throws Exception {
    execute(
        clean(),
        "CREATE TABLE big (id INT PRIMARY KEY, mark VARCHAR(20))",
        "INSERT INTO big SELECT seq, concat('mark ', seq) FROM seq_1_to_450000");
    Once cut =
        new Once(
            OptionalLong.empty(),
            () -> {
              try (Connection connection = holder();
                  Statement statement = connection.createStatement()) {
                try (ResultSet first =
                    statement.executeQuery(
                        "SELECT min(id) FROM information_schema.processlist WHERE id <> connection_id() AND user = 'holder'")) {
                  first.next();
                  statement.execute("KILL " + first.getLong(1));
                }
              }
            });

    BatchManifest batch = wide(MariaDbServer.HOLDER).extract(request("x1"), cut).get(0);

    assertThat(rows(batch, "select count(*), count(distinct id) from %s"))
        .containsExactly(List.of("450000", "450000"));
    assertThat(batch.isOneMoment()).isTrue();
    assertThat(batch.position()).doesNotContain("lost");
  }

  private Connection holder() throws SQLException {
    return DriverManager.getConnection(url(), MariaDbServer.HOLDER, password());
  }
}
