package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFilesTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", DataType.INTEGER),
          new Column("yes", DataType.BOOLEAN),
          new Column("big", DataType.BIGINT),
          new Column("small", DataType.REAL),
          new Column("large", DataType.DOUBLE),
          new Column("money", DataType.decimal(38, 10)),
          new Column("a \"text\", with\nall", DataType.VARCHAR),
          new Column("day", DataType.DATE),
          new Column("local", DataType.TIMESTAMP),
          new Column("moment", DataType.TIMESTAMPTZ),
          new Column("bytes", DataType.BLOB),
          new Column("uuid", DataType.UUID));

  private static final String ROWS =
      """
      (VALUES
        (1, true, 9223372036854775807, 'inf'::REAL, 'nan'::DOUBLE, 1234567890123456789012345678.0123456789, 'plain',
          DATE '2024-02-29', TIMESTAMP '2024-02-29 23:59:59.999999', TIMESTAMPTZ '2024-02-29 23:59:59.999999+05:45',
          '\\xDE\\xAD\\x00\\x22\\x0A'::BLOB, '123e4567-e89b-12d3-a456-426614174000'::UUID),
        (2, false, -9223372036854775808, '-inf'::REAL, '-inf'::DOUBLE, -0.0000000001, '',
          DATE '0001-01-01', TIMESTAMP '0001-01-01 00:00:00', TIMESTAMPTZ '0001-01-01 00:00:00+00', ''::BLOB, NULL),
        (3, NULL, 0, 0.1::REAL, 0.1::DOUBLE, 0, NULL,
          DATE '9999-12-31', TIMESTAMP '9999-12-31 23:59:59.000001', TIMESTAMPTZ '9999-12-31 23:59:59+00', NULL, NULL),
        (4, NULL, NULL, 3.4028235e38::REAL, 1.7976931348623157e308::DOUBLE, 1, 'NULL',
          DATE '-4712-01-01', TIMESTAMP '1969-12-31 23:59:59.9', TIMESTAMPTZ '1883-11-18 12:00:00+00', NULL, NULL),
        (5, NULL, NULL, 1.4e-45::REAL, 4.9e-324::DOUBLE, 1, '"',
          DATE '12024-01-01', TIMESTAMP '12024-01-01 01:02:03', NULL, NULL, NULL),
        (6, NULL, NULL, '-0.0'::REAL, '-0.0'::DOUBLE, 1, '""', NULL, NULL, NULL, NULL, NULL),
        (7, NULL, NULL, NULL, 0.30000000000000004, 1, ' leading, and trailing ', NULL, NULL, NULL, NULL, NULL),
        (8, NULL, NULL, NULL, 123456789.123456789, 1, 'two' || chr(10) || 'lines' || chr(13) || chr(10) || 'and' || chr(13), NULL, NULL, NULL, NULL, NULL),
        (9, NULL, NULL, NULL, 1e22, 1, 'tab' || chr(9) || 'é € 😀 \\N \\', NULL, NULL, NULL, NULL, NULL),
        (10, NULL, NULL, NULL, NULL, 1, '\\.', NULL, NULL, NULL, NULL, NULL),
        (11, NULL, NULL, NULL, NULL, NULL, repeat('long "text", ', 300000), NULL, NULL, NULL, NULL, NULL),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
      AS t(id, yes, big, small, large, money, "a ""text"", with
      all", day, local, moment, bytes, uuid)""";

  @TempDir Path folder;
  private DuckDb duckDb;
  private DuckDbSession session;

  @BeforeEach
  void open() {
    duckDb =
        new DuckDb(
            new EngineSettings(512L << 20, 2, folder.resolve("spill"), 1L << 30, List.of(folder)));
    session = duckDb.open();
  }

  @AfterEach
  void close() {
    session.close();
    duckDb.close();
  }

  private Path written(List<Column> columns, String from, String name) {
    Path file = folder.resolve(name);
    StagedFiles.write(session, columns, from, 100, file);
    return file;
  }

  private long number(String sql) {
    return session.query(
        sql,
        0,
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  private void assertSame(List<Column> columns, String from, Path file) {
    String expected = Sql.cast(columns, from);
    String actual = "SELECT * FROM " + StagedFiles.relation(List.of(file), columns);
    assertThat(number("SELECT count(*) FROM ((%s) EXCEPT ALL (%s))".formatted(expected, actual)))
        .isZero();
    assertThat(number("SELECT count(*) FROM ((%s) EXCEPT ALL (%s))".formatted(actual, expected)))
        .isZero();
    assertThat(number("SELECT count(*) FROM (" + actual + ")"))
        .isEqualTo(number("SELECT count(*) FROM (" + expected + ")"));
  }

  @Test
  void everyValueOfEveryTypeComesBack() {
    for (String name : List.of("part.csv.gz", "part.parquet")) {
      assertSame(COLUMNS, ROWS, written(COLUMNS, ROWS, name));
    }
    assertThat(
            number(
                "SELECT count(*) FROM %s WHERE signbit(small) AND signbit(large) AND small = 0"
                    .formatted(
                        StagedFiles.relation(List.of(folder.resolve("part.csv.gz")), COLUMNS))))
        .isEqualTo(1);
  }

  /** Spark's vectorised reader refuses bytes that are split. */
  @Test
  void writesDifferencesOfNumbersButSplitsNoFloats() {
    Column id = new Column("id", DataType.BIGINT);
    Column score = new Column("score", DataType.DOUBLE);
    String rows = "(SELECT i AS id, sqrt(i) AS score FROM range(200000) t(i))";

    assertThat(encodings(written(List.of(id), rows, "numbers.parquet"), "id"))
        .isEqualTo("DELTA_BINARY_PACKED");
    Path floats = written(List.of(id, score), rows, "floats.parquet");
    assertThat(encodings(floats, "score")).isEqualTo("PLAIN");
    assertSame(List.of(id, score), rows, floats);
  }

  private String encodings(Path file, String column) {
    return session.query(
        "SELECT string_agg(DISTINCT encodings) FROM parquet_metadata(%s) WHERE path_in_schema = %s"
            .formatted(Sql.text(file.toString()), Sql.text(column)),
        0,
        rows -> {
          rows.next();
          return rows.getString(1);
        });
  }

  @Test
  void aLoneColumnKeepsNullAndEmptyApart() {
    List<Column> column = List.of(new Column("t", DataType.VARCHAR));
    String rows = "(VALUES ('a'), (NULL), (''), (NULL), (NULL), ('b'), (NULL)) AS v(t)";
    assertSame(column, rows, written(column, rows, "text.csv.gz"));

    List<Column> number = List.of(new Column("n", DataType.BIGINT));
    String numbers = "(VALUES (NULL), (1), (NULL)) AS v(n)";
    assertSame(number, numbers, written(number, numbers, "number.csv.gz"));
  }

  @Test
  void noRowIsARowLess() {
    String nothing = "(SELECT * FROM " + ROWS + " WHERE false)";
    assertSame(COLUMNS, nothing, written(COLUMNS, nothing, "none.csv.gz"));
  }

  @Test
  void isCsvAsTheRfcHasIt() throws IOException {
    List<Column> columns =
        List.of(new Column("id", DataType.INTEGER), new Column("a,b", DataType.VARCHAR));
    Path file =
        written(columns, "(VALUES (1, 'x\"y'), (2, ''), (3, NULL)) AS v(id, \"a,b\")", "x.csv.gz");

    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n"))
          .isEqualTo("id,\"a,b\"\n1,\"x\"\"y\"\n2,\"\"\n3,\n");
    }
  }

  @Test
  void leavesNothingButTheFileNeitherWhenItFails() throws IOException {
    List<Column> columns = List.of(new Column("n", DataType.BIGINT));
    written(columns, "range(100000) t(n)", "whole.csv.gz");
    assertThatThrownBy(
            () ->
                written(
                    columns,
                    "(SELECT CASE WHEN n = 99999 THEN error('stop') ELSE n END AS n FROM range(100000) t(n))",
                    "half.csv.gz"))
        .isInstanceOf(EcluseException.class);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()))
          .containsExactly("whole.csv.gz");
    }
  }

  @Test
  void saysThatARowIsTooLongWhenItIsWritten() {
    List<Column> column = List.of(new Column("t", DataType.VARCHAR));

    assertThatThrownBy(() -> written(column, "(SELECT repeat('x', 9000000) AS t)", "long.csv.gz"))
        .isInstanceOf(EcluseException.class)
        .hasMessageContainingAll("8 MB", "staging.format: parquet")
        .hasMessageNotContaining("xx");
    assertSame(
        column,
        "(SELECT repeat('\"', 8000000) AS t)",
        written(column, "(SELECT repeat('\"', 8000000) AS t)", "quotes.csv.gz"));
  }

  @Test
  void filesOfBothKindsAreReadTogether() {
    Path one = written(COLUMNS, ROWS, "a.csv.gz");
    Path two = written(COLUMNS, ROWS, "b.parquet");
    Path three = written(COLUMNS, ROWS, "c.csv.gz");

    assertThat(
            number(
                "SELECT count(*) FROM " + StagedFiles.relation(List.of(one, two, three), COLUMNS)))
        .isEqualTo(36);
  }
}
