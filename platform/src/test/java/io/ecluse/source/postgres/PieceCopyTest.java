package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.source.StagedWarehouse;
import io.ecluse.source.Terms;
import io.ecluse.source.Throttle;
import io.ecluse.staging.BatchManifest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are read a few pages at a time, so that their server makes no gulps. */
@Timeout(60)
class PieceCopyTest {
  private static final ImpactLimits GENTLE =
      new ImpactLimits(Optional.of(0.25), Optional.empty(), Duration.ofMinutes(30));
  private static final Optional<PostgresTable.PageRange> ALL = Optional.empty();

  @TempDir Path folder;
  private final String erp = Servers.newDatabase();

  @BeforeEach
  void fill() {
    Servers.execute(
        erp,
        """
        CREATE TABLE grades (id int PRIMARY KEY, note text) WITH (autovacuum_enabled = false);
        INSERT INTO grades SELECT i, md5(i::text) FROM generate_series(1, 30000) t(i);
        DELETE FROM grades WHERE id BETWEEN 4000 AND 9000 OR id % 7 = 0;
        ANALYZE grades;
        """);
  }

  /** What came: statements, and rows. */
  private record Came(int statements, long rows) {}

  private static Came copied(
      Connection connection,
      ImpactLimits limits,
      long pages,
      Optional<PostgresTable.PageRange> range)
      throws SQLException {
    PostgresTable table =
        new PostgresTable("public", "grades", List.of(), 30_000, pages, Optional.empty());
    PieceCopy copy = new PieceCopy(connection, table, range, new Throttle(limits));
    int statements = 0;
    while (copy.read() != null) {
      statements += copy.isHeader() ? 1 : 0;
    }
    assertThat(copy.read()).isNull();
    return new Came(statements, copy.rows());
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void readsEachRowOnceByManyStatements() throws SQLException {
    try (Connection connection = Servers.server().connect(erp)) {
      long pages = number(connection, "SELECT pg_relation_size('grades') / 8192");
      long rows = number(connection, "SELECT count(*) FROM grades");
      assertThat(copied(connection, ImpactLimits.NONE, pages, ALL)).isEqualTo(new Came(1, rows));

      Came gentle = copied(connection, GENTLE, pages, ALL);

      assertThat(gentle.rows()).isEqualTo(rows);
      assertThat(gentle.statements()).isBetween(10, (int) pages);
    }
  }

  @Test
  void keepsToTheRangeAndHasNoEndWhereTheRangeHasNone() throws SQLException {
    try (Connection connection = Servers.server().connect(erp)) {
      long pages = number(connection, "SELECT pg_relation_size('grades') / 8192");
      PostgresTable.PageRange first = new PostgresTable.PageRange(0, Optional.of(57L));
      PostgresTable.PageRange rest = new PostgresTable.PageRange(57, Optional.empty());
      Servers.execute(
          erp, "INSERT INTO grades SELECT i, 'grown' FROM generate_series(40001, 60000) t(i)");
      long inFirst = number(connection, "SELECT count(*) FROM grades WHERE " + first.condition());

      assertThat(copied(connection, GENTLE, pages, Optional.of(first)).rows()).isEqualTo(inFirst);
      assertThat(copied(connection, GENTLE, pages, Optional.of(rest)).rows())
          .isEqualTo(number(connection, "SELECT count(*) FROM grades WHERE " + rest.condition()))
          .isGreaterThan(20_000);
    }
  }

  @Test
  void landsTheSameValues() throws SQLException {
    PostgresSourceSettings settings =
        LocalErp.settings(
            LocalErp.server(erp), 2, GENTLE, 0, new LocalErp.Ranges(64, Terms.Compare.CHECKSUMS));
    try (StagedWarehouse stage = new StagedWarehouse(folder);
        Connection connection = Servers.server().connect(erp)) {
      BatchManifest batch =
          new PostgresSource(
                  settings,
                  new Landing.Stage(stage.staging(), stage.engine().parts(), Clock.systemUTC()))
              .extract(
                  new ExtractRequest("x1", "run1", List.of(), RowsWanted.AS_PLANNED),
                  new SilentListener())
              .get(0);

      assertThat(batch.parts()).hasSizeGreaterThan(2).allMatch(part -> part.sums().isPresent());
      assertThat(batch.rows()).isEqualTo(number(connection, "SELECT count(*) FROM grades"));
    }
  }
}
