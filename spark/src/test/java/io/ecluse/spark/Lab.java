package io.ecluse.spark;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The tables of the snippets, the same on both engines: few rows, all of them awkward. */
final class Lab {
  private static final List<String> TABLES =
      List.of(
          """
          kinds AS SELECT * FROM (VALUES
            (1, 10::BIGINT, 1.5::DOUBLE, 1.5::REAL, 1.25::DECIMAL(10,2), 1.5::DECIMAL(38,10), 'apple', TRUE,
              DATE '2024-01-31', TIMESTAMP '2024-01-31 10:11:12.123456', TIMESTAMPTZ '2024-01-31 10:11:12.123456+02', 'ab'::BLOB),
            (2, -10::BIGINT, -2.5::DOUBLE, -2.5::REAL, -7.50::DECIMAL(10,2), -2.25::DECIMAL(38,10), 'Banana', FALSE,
              DATE '2024-02-29', TIMESTAMP '2024-02-29 23:59:59.999999', TIMESTAMPTZ '2024-02-29 23:59:59+00', '\\x00\\xFF'::BLOB),
            (3, NULL, 'nan'::DOUBLE, 'nan'::REAL, NULL, NULL, 'çédille', NULL,
              DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.5', TIMESTAMPTZ '1969-12-31 12:00:00-05', NULL),
            (4, 9223372036854775807, 'inf'::DOUBLE, '-inf'::REAL, 99999999.99::DECIMAL(10,2), 1234567890.0123456789::DECIMAL(38,10), '', TRUE,
              DATE '2024-03-17', TIMESTAMP '2024-03-17 00:00:00', TIMESTAMPTZ '2024-03-31 01:30:00+00', ''::BLOB),
            (5, 0::BIGINT, -0.0::DOUBLE, 0.0::REAL, 0.00::DECIMAL(10,2), 0::DECIMAL(38,10), NULL, FALSE,
              NULL, NULL, NULL, 'z'::BLOB),
            (NULL, 7::BIGINT, NULL, NULL, 0.05::DECIMAL(10,2), 0.0000000001::DECIMAL(38,10), 'it''s a "b" \\ c', NULL,
              DATE '2023-12-25', TIMESTAMP '2023-12-25 06:30:00', TIMESTAMPTZ '2023-12-25 06:30:00+00', 'q'::BLOB)
          ) v(i, l, d, f, n, w, s, b, day, ts, zoned, bin)""",
          """
          people AS SELECT * FROM (VALUES
            (1, 'Zoé', 'Paris', 17), (2, 'Ann', 'Lyon', 20), (3, 'bob', NULL, NULL), (4, 'Éric', 'Paris', 20), (5, NULL, 'Nice', 35)
          ) v(id, name, city, age)""",
          """
          sales AS SELECT * FROM (VALUES
            (1, 1, DATE '2024-01-05', 3, 9.99::DECIMAL(8,2)), (2, 1, DATE '2024-01-20', 1, 120.00::DECIMAL(8,2)),
            (3, 2, DATE '2024-02-01', 2, 5.50::DECIMAL(8,2)), (4, 4, DATE '2024-02-14', 10, 0.75::DECIMAL(8,2)),
            (5, NULL, DATE '2024-03-01', 4, 33.33::DECIMAL(8,2)), (6, 9, NULL, 1, NULL), (7, 4, DATE '2024-02-14', NULL, 8.00::DECIMAL(8,2))
          ) v(id, person, day, pieces, price)""");

  private Lab() {}

  static void open(DuckDb duckDb, SparkSession spark) throws SQLException {
    duckDb.execute("CREATE SCHEMA lab");
    spark.sql("CREATE SCHEMA IF NOT EXISTS lab");
    for (String table : TABLES) {
      String name = "lab." + table.substring(0, table.indexOf(' '));
      duckDb.execute("CREATE TABLE lab." + table);
      spark.sql("CREATE VIEW %s AS %s".formatted(name, values(duckDb, "SELECT * FROM " + name)));
    }
  }

  /** The rows as Spark's SQL: a file would be a job for each query. */
  private static String values(DuckDb duckDb, String sql) throws SQLException {
    List<String> types = duckDb.types(sql).stream().map(TableTypes::ofDuckDb).toList();
    List<String> rows = new ArrayList<>();
    for (List<String> row : duckDb.rows(sql, types)) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(value(row.get(i), types.get(i)));
      }
      rows.add("(" + String.join(", ", values) + ")");
    }
    String names = String.join(", ", duckDb.query(sql + " LIMIT 0").columns());
    return "SELECT * FROM VALUES %s AS v(%s)".formatted(String.join(", ", rows), names);
  }

  private static String value(String word, String type) {
    if (type.equals("binary") && !word.equals("NULL")) {
      return "X'" + word + "'";
    }
    String quoted = word.equals("NULL") || word.startsWith("'") ? word : "'" + word + "'";
    String inside =
        quoted.length() > 1 && quoted.startsWith("'")
            ? quoted.substring(1, quoted.length() - 1)
            : "";
    String literal =
        quoted.equals("NULL")
            ? quoted
            : "'" + inside.replace("\\", "\\\\").replace("'", "''") + "'";
    return "CAST(%s AS %s)".formatted(literal, TableTypes.toSpark(type));
  }
}
