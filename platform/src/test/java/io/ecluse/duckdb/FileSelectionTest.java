package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that no query needs to open: twelve of a hundred rows each, by the hundreds of a number.
 */
class FileSelectionTest {
  private static final TableName FACTS = new TableName("lab", "facts");
  private static final long SEED = 20_261_129;
  private static final int QUERIES = 400;
  private static final String ROWS =
      """
      SELECT CAST(range // 100 AS INTEGER) AS part, range AS n, date '2026-01-01' + CAST(range // 10 AS INTEGER) AS "Day",
        timestamp '2026-01-01' + range * interval '1 minute' AS moment,
        CASE WHEN range % 50 > 0 THEN 'née ' || lpad(CAST(range AS VARCHAR), 4, '0') END AS name, range / 8 AS half
      FROM range(1200)""";
  private static final List<Column> COLUMNS =
      List.of(
          new Column("part", DataType.INTEGER),
          new Column("n", DataType.BIGINT),
          new Column("Day", DataType.DATE),
          new Column("moment", DataType.TIMESTAMP),
          new Column("name", DataType.VARCHAR),
          new Column("half", DataType.DOUBLE));

  @TempDir static Path folder;
  private static Metadata metadata;
  private static Warehouse warehouse;
  private static DuckDbEngine engine;
  private static Connection plain;

  @BeforeAll
  static void table() throws SQLException {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                128L << 20,
                2,
                folder.resolve("engine"),
                8L << 20,
                List.of(folder.resolve("warehouse"))),
            warehouse);
    Layout layout =
        new Layout(List.of(new Layout.Part(Layout.Transform.IDENTITY, "part", 1)), List.of());
    StagedTable table = warehouse.stage("run", FACTS, COLUMNS, layout);
    engine.write(table, ROWS, ReadView.PUBLISHED, new Cancellation());
    warehouse.publish("run");
    plain = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = plain.createStatement()) {
      statement.execute("CREATE SCHEMA lab");
      statement.execute("CREATE TABLE lab.facts AS " + ROWS);
    }
  }

  @AfterAll
  static void close() throws SQLException {
    plain.close();
    engine.close();
    metadata.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT * FROM lab.facts WHERE part = 7 | 1",
        "SELECT * FROM lab.facts f WHERE f.part = 7 AND f.half > 2 | 1",
        "SELECT * FROM lab.facts WHERE 7 <= part AND n < 900 | 2",
        "SELECT * FROM lab.facts WHERE part IN (1, 5, 77) | 2",
        "SELECT * FROM lab.facts WHERE n BETWEEN 150 AND 420 | 4",
        "SELECT * FROM lab.facts WHERE day >= '2026-04-21' | 1",
        "SELECT * FROM lab.facts WHERE \"DAY\" = DATE '2026-01-15' | 1",
        "SELECT * FROM lab.facts WHERE moment < TIMESTAMP '2026-01-01 01:00:00' | 1",
        "SELECT * FROM lab.facts WHERE name = 'née 0512' | 1",
        "SELECT * FROM lab.facts WHERE n = -1 | 0",
        "SELECT * FROM lab.facts a JOIN lab.facts b USING (n) WHERE a.part = 1 AND b.part = 3 | 2",
        "SELECT (SELECT count(*) FROM lab.facts WHERE part = 2) FROM lab.facts WHERE part = 9 | 2",
        "WITH f AS (SELECT * FROM lab.facts WHERE part = 2) SELECT * FROM f | 1",
        "SELECT * FROM lab.facts WHERE part = 4 UNION ALL SELECT * FROM lab.facts WHERE part = 5 | 2",
        // what must not leave out any
        "SELECT * FROM lab.facts | 12",
        "SELECT * FROM lab.facts WHERE part = 7 OR half > 2 | 12",
        "SELECT * FROM lab.facts WHERE NOT part = 7 | 12",
        "SELECT * FROM lab.facts WHERE part + 0 = 7 | 12",
        "SELECT * FROM lab.facts WHERE part = '7' | 12",
        "SELECT * FROM lab.facts WHERE CAST(part AS VARCHAR) = '7' | 12",
        "SELECT * FROM lab.facts WHERE moment < '2026-01-01 01:00:00.0000001' | 12",
        "SELECT * FROM lab.facts WHERE part = NULL | 12",
        "SELECT * FROM lab.facts AS f(x, part) WHERE part = 7 | 12",
        "SELECT * FROM lab.facts, (SELECT 7 AS seven) s WHERE part = 7 | 12",
        "SELECT * FROM lab.facts a LEFT JOIN lab.facts b USING (n) WHERE b.part = 7 | 12",
        "SELECT * FROM lab.facts a ASOF JOIN lab.facts b ON a.n >= b.n WHERE b.part = 7 | 12",
        "SELECT * FROM lab.facts a JOIN lab.facts b USING (n) WHERE a.part = 1 | 12",
        "SELECT * FROM lab.facts WHERE part = 7 USING SAMPLE 3 ROWS | 12",
        "SELECT * FROM lab.facts TABLESAMPLE 10% WHERE part = 7 | 12",
        "SELECT * FROM (SELECT n AS part FROM lab.facts) WHERE part = 7 | 12",
      })
  void opensNoFilesThatCannotMatter(String sql, int files) throws SQLException {
    ParsedQuery query = ParsedQuery.of(sql, text(ParsedQuery.question(sql)));
    var found = warehouse.snapshots(Set.of(FACTS), ReadView.PUBLISHED);

    assertThat(FileSelection.of(warehouse, () -> List.of(query), found).get(FACTS).files())
        .hasSize(files);
  }

  @Test
  void seesTheRowsThatEveryQueryAsksFor() throws SQLException {
    Random random = new Random(SEED);
    for (int i = 0; i < QUERIES; i++) {
      String sql =
          "SELECT count(*) AS c, min(f.n) AS a, max(f.n) AS b FROM lab.facts f%s WHERE %s"
              .formatted(
                  random.nextInt(4) == 0 ? " JOIN lab.facts g ON f.n = g.n + 7" : "",
                  condition(random, 3));
      Rows ours = new Rows();
      engine.run(sql, ReadView.PUBLISHED, new Cancellation(), ours);

      assertThat(Arrays.toString(ours.all().get(0))).as(sql).isEqualTo(text(sql));
    }
  }

  private static String condition(Random random, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      String left = condition(random, depth - 1);
      String right = condition(random, depth - 1);
      return switch (random.nextInt(5)) {
        case 0 -> "(" + left + " OR " + right + ")";
        case 1 -> "NOT (" + left + ")";
        default -> left + " AND " + right;
      };
    }
    List<String> values = new ArrayList<>();
    int n = random.nextInt(1300) - 50;
    String column =
        switch (random.nextInt(5)) {
          case 0 -> value(values, "f.part", "" + n / 100, "'" + n / 100 + "'");
          case 1 -> value(values, "f.n", "" + n, n + ".5");
          case 2 -> value(values, "f.day", day(n), "DATE " + day(n));
          case 3 ->
              value(
                  values,
                  "f.moment",
                  "TIMESTAMP '2026-01-01 1" + Math.abs(n) % 10 + ":20:00'",
                  day(n));
          default -> value(values, "f.name", "'née " + n + "'", "'née 0" + n + "'");
        };
    String one = values.get(random.nextInt(2));
    return switch (random.nextInt(7)) {
      case 0 -> column + " BETWEEN " + one + " AND " + values.get(random.nextInt(2));
      case 1 -> column + " IN (" + values.get(0) + ", " + values.get(1) + ")";
      case 2 -> one + " <= " + column;
      case 3 -> column + " > " + one;
      case 4 -> column + " IS DISTINCT FROM " + one;
      case 5 -> column + " < " + one;
      default -> column + " = " + one;
    };
  }

  private static String value(List<String> values, String column, String one, String other) {
    values.add(one);
    values.add(other);
    return column;
  }

  private static String day(int n) {
    return "'2026-0%d-1%d'".formatted(1 + Math.abs(n) % 5, Math.abs(n) % 10);
  }

  private static String text(String sql) throws SQLException {
    try (Statement statement = plain.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      int columns = rows.getMetaData().getColumnCount();
      if (columns == 1) {
        return rows.getString(1);
      }
      Object[] values = new Object[columns];
      for (int i = 0; i < columns; i++) {
        values[i] = rows.getObject(i + 1);
      }
      return Arrays.toString(values);
    }
  }
}
