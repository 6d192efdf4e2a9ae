package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an extract does not do to a server that others work with, nor to this machine's memory. */
@Timeout(120)
class MariaDbCareTest extends MariaDbFixture {
  @Test
  void letsOthersWriteWhatItReadsThroughTheDriverOfAnyDatabase() throws Exception {
    fill(
        "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20))",
        "INSERT INTO people SELECT seq, 'before' FROM seq_1_to_50000");
    Once write =
        Once.after(
            1,
            () -> execute("SET innodb_lock_wait_timeout = 1", "UPDATE people SET name = 'after'"));

    BatchManifest batch =
        new JdbcSource(settings(), new StandardDialect(stage().clock()), stage())
            .extract(request("x1"), write)
            .get(0);

    assertThat(rows(batch, "select count(*) from %s where name = 'before'"))
        .containsExactly(List.of("50000"));
  }

  @Test
  void letsCommitsGoOnWhenItStandsStillWhileItHoldsThem() throws Exception {
    fill("CREATE TABLE one (id INT)");
    try (Connection holder =
            java.sql.DriverManager.getConnection(url(), MariaDbServer.HOLDER, password());
        Connection writer = connect();
        Statement write = writer.createStatement()) {
      AutoCloseable held = new MariaDbDialect(Clock.systemUTC()).hold(holder);

      write.execute("INSERT INTO one VALUES (1)"); // waits until the server lets go

      assertThatThrownBy(held::close).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void readsAsSlowlyAsItMustWithoutBeingCutOff() throws Exception {
    fill(
        "CREATE TABLE big (id INT, mark VARCHAR(1000))",
        "INSERT INTO big SELECT seq, repeat('x', 1000) FROM seq_1_to_50000");
    database().administer("SET GLOBAL net_write_timeout = 1");
    try {
      Once pause = Once.after(1, () -> Thread.sleep(4_000));

      BatchManifest batch = source(settings()).extract(request("x1"), pause).get(0);

      assertThat(batch.rows()).isEqualTo(50_000);
      assertThat(batch.position()).doesNotContain("lost");
    } finally {
      database().administer("SET GLOBAL net_write_timeout = 60");
    }
  }

  @Test
  void isNotCutOffWhereOneConnectionWaitsForTheOthers() throws Exception {
    fill("CREATE TABLE one (id INT)", "INSERT INTO one VALUES (1)");
    database()
        .administer(
            "SET GLOBAL wait_timeout = 1",
            "SET GLOBAL idle_transaction_timeout = 1",
            "SET GLOBAL idle_readonly_transaction_timeout = 1");
    try {
      Once pause = Once.beforeRows(() -> Thread.sleep(3_000));

      BatchManifest batch = wide(MariaDbServer.HOLDER).extract(request("x1"), pause).get(0);

      assertThat(batch.position()).doesNotContain("lost");
    } finally {
      database()
          .administer(
              "SET GLOBAL wait_timeout = 28800",
              "SET GLOBAL idle_transaction_timeout = 0",
              "SET GLOBAL idle_readonly_transaction_timeout = 0");
    }
  }

  @Test
  void readsOverOneConnectionWhenTheUserMayHaveNoMore() throws Exception {
    fill("CREATE TABLE one (id INT)", "INSERT INTO one VALUES (1)");
    String alter = "ALTER USER holder@127.0.0.1 WITH MAX_USER_CONNECTIONS ";
    database().administer(alter + 2);
    try {
      Lines lines = new Lines();

      List<BatchManifest> batches = wide(MariaDbServer.HOLDER).extract(request("x1"), lines);

      assertThat(batches.get(0).rows()).isEqualTo(1);
      assertThat(lines.said)
          .anyMatch(
              l -> l.contains("over one connection instead of 3") && l.contains("error 1226"));
    } finally {
      database().administer(alter + 0);
    }
  }

  @Test
  void leavesTheRestOfATableOnTheServerWhenAValueHasNoPlace() throws Exception {
    fill(
        "SET sql_mode = ''",
        "CREATE TABLE day (d DATE)",
        "INSERT INTO day VALUES ('0000-00-00')",
        "CREATE VIEW odd AS SELECT seq, d, repeat('x', 1000) mark FROM seq_1_to_5000000 JOIN day");
    long before = database().number("SHOW GLOBAL STATUS LIKE 'Bytes_sent'", 2);

    assertThatThrownBy(() -> extract(source(settings()), "x1", "odd"))
        .hasMessageContaining("odd.d")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);

    assertThat(database().number("SHOW GLOBAL STATUS LIKE 'Bytes_sent'", 2) - before)
        .isLessThan(1L << 30);
  }

  @Test
  void holdsFewRowsOfWhatMayBeLong() throws Exception {
    fill("CREATE VIEW scans AS SELECT seq AS id, repeat('x', 10000000) AS scan FROM seq_1_to_40");
    JdbcSettings settings = settings();
    Dialect dialect = new MariaDbDialect(Clock.systemUTC());
    try (Connection connection = connect()) {
      JdbcCatalog catalog = new JdbcCatalog(connection, JdbcAccess.to(settings, dialect));
      JdbcTable table = catalog.table(catalog.names(Optional.empty()).get("scans"));
      assertThat(dialect.fetchSize(connection, table, 131)).isEqualTo(1);
    }

    BatchManifest batch = extract(source(settings()), "x1", "scans");

    assertThat(rows(batch, "select count(*), min(length(scan)) from %s"))
        .containsExactly(List.of("40", "10000000"));
  }
}
