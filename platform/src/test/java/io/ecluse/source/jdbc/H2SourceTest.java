package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Source;
import io.ecluse.staging.BatchManifest;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class H2SourceTest extends JdbcContract {
  @Override
  public JdbcDatabase database() {
    return new H2Database(folder);
  }

  @Override
  protected String name(String stream) {
    return stream.toUpperCase(Locale.ROOT);
  }

  @Override
  OddValue oddValue() {
    return new OddValue("TIMESTAMP(9)", "'2026-01-01 10:00:00.123456789'", "'2026-01-01 10:00:00'");
  }

  @Override
  protected Source unreachable() {
    return at("jdbc:h2:tcp://127.0.0.1:1/school", password());
  }

  @Override
  protected Source refused() throws SQLException {
    execute("SELECT 1");
    return at(url(), "not-the-password");
  }

  private Source filled(String... statements) throws SQLException {
    execute(statements);
    return at(url(), password());
  }

  @Test
  void landsEveryTypeUnchanged() throws SQLException {
    Source source =
        filled(
            """
            CREATE TABLE things (b BOOLEAN, i1 TINYINT, i2 SMALLINT, i4 INT, i8 BIGINT, f4 REAL, f8 DOUBLE PRECISION,
              n NUMERIC(12,3), nn NUMERIC(60,5), v VARCHAR(30), c CHAR(4), t CLOB, d DATE, ts TIMESTAMP(6),
              tz TIMESTAMP(6) WITH TIME ZONE, y VARBINARY(9), u UUID, o TIME, a INT ARRAY)
            """,
            """
            INSERT INTO things VALUES (true, 1, -2, 3, 9007199254740993, 1.5, 2.25, -123456.789,
              1234567890123456789012345678901234567890.5, 'Cesson-Sévigné', 'ab', 'long', DATE '2020-02-29',
              TIMESTAMP '2020-02-29 02:30:59.999999', TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+02',
              X'00ff', '123e4567-e89b-12d3-a456-426614174000', TIME '12:34:56', ARRAY[1, NULL])
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
            "REAL",
            "DOUBLE",
            "DECIMAL(12,3)",
            "VARCHAR",
            "VARCHAR",
            "VARCHAR",
            "VARCHAR",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMPTZ",
            "BLOB",
            "UUID",
            "VARCHAR",
            "VARCHAR");
    assertThat(
            rows(
                batch,
                "select b, i1, i2, i4, i8, f4, f8, n, nn, v, c, t, d, ts::varchar, epoch(tz), hex(y), u, o, a from %s where b"))
        .containsExactly(
            List.of(
                "true",
                "1",
                "-2",
                "3",
                "9007199254740993",
                "1.5",
                "2.25",
                "-123456.789",
                "1234567890123456789012345678901234567890.50000",
                "Cesson-Sévigné",
                "ab  ",
                "long",
                "2020-02-29",
                "2020-02-29 02:30:59.999999",
                "1.5778296E9",
                "00FF",
                "123e4567-e89b-12d3-a456-426614174000",
                "12:34:56",
                "[1, null]"));
    assertThat(rows(batch, "select count(*), count(columns(*)) from %s"))
        .allSatisfy(row -> assertThat(row.subList(1, row.size())).containsOnly("1"));
  }

  @Test
  void namesTheColumnOfAValueThatHasNoPlace() throws SQLException {
    Source source =
        filled(
            "CREATE TABLE odd (id INT, ts TIMESTAMP(9))",
            "INSERT INTO odd VALUES (1, TIMESTAMP '2020-02-29 23:59:59.123456789')");

    assertThatThrownBy(() -> extract(source, "x1", "odd"))
        .hasMessageContaining("odd.TS")
        .hasMessageNotContaining("123456789")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
    assertThat(staging().list("school", "odd")).isEmpty();
  }

  @Test
  void readsViewsAndNamesThatNeedQuotes() throws SQLException {
    Source source =
        filled(
            "CREATE TABLE \"Mixed \"\"case\" (\"select\" INT, \"a b\" INT)",
            "INSERT INTO \"Mixed \"\"case\" VALUES (1, 2)",
            "CREATE VIEW sums AS SELECT \"select\" + \"a b\" AS total FROM \"Mixed \"\"case\"");

    assertThat(rows(extract(source, "x1", "Mixed \"case"), "select * from %s"))
        .containsExactly(List.of("1", "2"));
    assertThat(rows(extract(source, "x2", "sums"), "select total from %s"))
        .containsExactly(List.of("3"));
  }

  @Test
  void refusesColumnsThatDifferOnlyByCase() throws SQLException {
    Source source = filled("CREATE TABLE grades (id INT, note INT, \"Note\" INT)");

    assertThatThrownBy(() -> extract(source, "x1", "grades"))
        .hasMessageContaining("grades: the columns NOTE and Note differ only by case");
  }

  @Test
  void readsWithTheProjectsOwnDriver() throws SQLException, URISyntaxException {
    filled("CREATE TABLE one (id INT)", "INSERT INTO one VALUES (1)");
    Path jar =
        Path.of(org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());

    Source source = source(Settings.withDriver(jar, settings()));

    assertThat(rows(extract(source, "x1", "one"), "select id from %s"))
        .containsExactly(List.of("1"));
  }

  @Test
  void saysWhichDriverIsMissing() throws Exception {
    assertThatThrownBy(() -> at("jdbc:nosuch:thing;password=x", "y").streams())
        .hasMessageContaining("no driver of the platform takes URLs of jdbc:nosuch")
        .hasMessageContaining("driver_jar")
        .hasMessageNotContaining("password=x");
    Path empty = Files.createDirectory(folder.resolve("drivers"));
    assertThatThrownBy(() -> source(Settings.withDriver(empty, settings())).streams())
        .hasMessageContaining("no jar at " + empty);
  }

  @Test
  void readsRangesOfKeysToTheEndsOfWhatAKeyMayBe() throws SQLException {
    Source source =
        filled(
            "CREATE TABLE wide (id BIGINT PRIMARY KEY)",
            "INSERT INTO wide VALUES (-9223372036854775808), (9223372036854775807)",
            "INSERT INTO wide SELECT X - 125000 FROM SYSTEM_RANGE(1, 250000)");

    BatchManifest batch = extract(source, "x1", "wide");

    assertThat(batch.parts()).as("ranges").hasSize(2);
    assertThat(rows(batch, "select count(*), count(distinct id), min(id), max(id) from %s"))
        .containsExactly(
            List.of("250002", "250002", "-9223372036854775808", "9223372036854775807"));
  }

  @Test
  void keepsSecretsOfUrlAndPropertiesFromMessages() {
    JdbcSettings settings =
        new JdbcSettings(
            "school",
            new JdbcSettings.Access(
                "jdbc:h2:mem:x",
                Map.of("user", "reader", "password", "sesame", "trustStorePassword", "locket"),
                Optional.empty(),
                Optional.empty()),
            settings().extraction());

    assertThat(
            settings.withoutSecret(
                "cannot open jdbc:x://h;user=reader;Password=hidden;a=b with sesame, locket"))
        .isEqualTo("cannot open jdbc:x://h;user=reader;Password=***;a=b with ***, ***");
  }

  @Test
  void quotesNoValueThatAViewFailsWith() throws SQLException {
    Source source =
        filled(
            "CREATE ALIAS REFUSE AS 'String refuse(String v) throws java.sql.SQLException { throw new java.sql.SQLException(\"no good: \" + v, \"S0001\"); }'",
            "CREATE TABLE people (name VARCHAR(20))",
            "INSERT INTO people VALUES ('Somebody')",
            "CREATE VIEW odd AS SELECT REFUSE(name) AS n FROM people");

    assertThatThrownBy(() -> extract(source, "x1", "odd"))
        .hasMessageContaining("table odd")
        .hasMessageNotContaining("Somebody");
  }
}
