package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.SilentListener;
import io.ecluse.source.Source;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MariaDbSourceTest extends JdbcContract implements OnMariaDb {
  @Override
  Source source(JdbcSettings settings) {
    return new JdbcSource(settings, new MariaDbDialect(stage().clock()), stage());
  }

  @Override
  protected String timeType() {
    return "DATETIME(6)";
  }

  @Override
  OddValue oddValue() {
    return new OddValue("DATE", "'0000-00-00'", "'2026-01-01'", List.of("SET sql_mode = ''"));
  }

  @Override
  protected Source unreachable() {
    return at(
        MariaDbType.url("127.0.0.1:1", "school", "disable", Duration.ofSeconds(5)), password());
  }

  @Override
  protected Source refused() {
    return at(url(), "not-the-password");
  }

  private Source filled(String... statements) throws SQLException {
    fill(statements);
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
    fill(
        "SET time_zone = '-08:00'",
        "CREATE TABLE seen (id INT PRIMARY KEY, at TIMESTAMP(6) NULL)",
        "INSERT INTO seen VALUES (1, '2026-01-01 10:00:00'), (2, '2026-01-01 11:00:00')");
    StreamPlan plan =
        new StreamPlan(
            StreamPlan.Mode.INCREMENTAL,
            Optional.of("at"),
            Optional.of("PT0S"),
            List.of(),
            StreamPlan.Deletes.IGNORE);
    Source source = source(Settings.reading("seen", plan, settings()));
    BatchManifest first = extract(source, "x1", "seen");

    assertThat(first.increment().orElseThrow().to()).hasValue("2026-01-01T19:00:00Z");
    assertThat(rows(extract(source, "x2", "seen"), "select id from %s"))
        .containsExactly(List.of("2"));
  }

  @Test
  void readsMoreSlowlyFromAServerThatSuffersWhileItIsRead() throws Exception {
    fill(
        "CREATE TABLE big (id INT PRIMARY KEY, mark CHAR(200))",
        "INSERT INTO big SELECT seq, repeat('x', 200) FROM seq_1_to_15000");
    AtomicReference<Optional<AutoCloseable>> disturbance = new AtomicReference<>(Optional.empty());
    AtomicReference<Optional<ImpactReceipt>> receipt = new AtomicReference<>(Optional.empty());
    SilentListener disturbing =
        new SilentListener() {
          @Override
          public void log(String line) {
            if (line.startsWith("Reading ")) { // the pulse has been felt without readers
              try {
                disturbance.set(Optional.of(database().disturbed()));
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
    Source gentle =
        source(Settings.sparing(new ImpactLimits(Optional.of(0.25), Optional.empty()), settings()));

    try {
      gentle.extract(request("x1"), disturbing);
    } finally {
      disturbance.get().orElseThrow().close();
    }

    assertThat(receipt.get().orElseThrow().felt().during().p95())
        .as("the server stands still for 40 ms again and again")
        .isGreaterThan(10);
    assertThat(receipt.get().orElseThrow().throttledSeconds())
        .as("seconds that readers held back")
        .isGreaterThan(3);
  }
}
