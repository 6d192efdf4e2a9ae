package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.source.Source;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several connections that read as of one moment. */
class MariaDbConnectionsTest extends MariaDbFixture {
  private static List<BatchManifest> extract(Source source, Lines lines) {
    return source.extract(request("x1"), lines);
  }

  @Test
  void readsRangesOfKeysOverSeveralConnectionsThatSeeOneMoment() throws Exception {
    fill(
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

  @Test
  void readsOverOneConnectionAndSaysWhyWhenCommitsCannotBeHeld() throws SQLException {
    fill("CREATE TABLE one (id INT PRIMARY KEY)", "INSERT INTO one VALUES (1)");
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

  @Test
  void goesOnInTheSameMomentAsLongAsOneConnectionLives() throws Exception {
    fill(
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

  private Connection holder() throws SQLException {
    return DriverManager.getConnection(url(), MariaDbServer.HOLDER, password());
  }
}
