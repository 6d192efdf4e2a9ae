package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.source.Source;
import io.ecluse.source.SourceFixture;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types of SQL with their edges, held against what a database itself makes of the values. */
abstract class StandardTypesContract extends SourceFixture implements OnDatabase {
  private BatchManifest things(String type, String values) throws SQLException {
    fill("CREATE TABLE things (id INT PRIMARY KEY, x " + type + ")");
    int id = 0;
    for (String value : values.split(";")) {
      execute("INSERT INTO things VALUES (%d, %s)".formatted(id++, value.strip()));
    }
    execute("INSERT INTO things VALUES (%d, NULL)".formatted(id));
    Source source = new JdbcSource(settings(), new StandardDialect(stage().clock()), stage());
    return extract(source, "x1", "THINGS");
  }

  /** What the database says of the values, in the order of their keys. */
  private List<String> there(String expression) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT " + expression + " FROM things ORDER BY id")) {
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
    }
    return values;
  }

  private List<String> landed(BatchManifest batch, String expression) {
    return rows(batch, "select coalesce((" + expression + ")::varchar, 'null') from %s order by id")
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  private static String number(String text) {
    return text.equals("null") ? text : String.valueOf(Double.parseDouble(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          DOUBLE PRECISION | 1234567.8; 0.1; 1.7976931348623157E308; 4.9E-324; 9007199254740993E0; -0.30000000000000004E0
          REAL             | 1234567.8; 0.1; 123456.79; 16777216
          FLOAT            | 1234567.8; 0.1; -1E-300
          """)
  void fractionsLandAsTheDatabaseHoldsThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    assertThat(landed(batch, "x::double").stream().map(StandardTypesContract::number).toList())
        .isEqualTo(
            there("CAST(x AS DOUBLE PRECISION)").stream()
                .map(StandardTypesContract::number)
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          TINYINT       | -128; 127
          SMALLINT      | -32768; 32767
          INT           | -2147483648; 2147483647
          BIGINT        | -9223372036854775808; 9223372036854775807; 9007199254740993
          NUMERIC(38,10)| 1234567890123456789012345678.0123456789; -0.0000000001; 0
          DECIMAL(60,5) | 1234567890123456789012345678901234567890.12345
          BOOLEAN       | true; false
          """)
  void exactValuesLandAsTheDatabaseHoldsThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    assertThat(landed(batch, "x"))
        .isEqualTo(there("x").stream().map(t -> t.toLowerCase(Locale.ROOT)).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          DATE           | DATE '0001-01-01'; DATE '9999-12-31'; DATE '2020-02-29'; DATE '1582-10-20'
          TIMESTAMP(6)   | TIMESTAMP '1000-01-01 00:00:00.000001'; TIMESTAMP '9999-12-31 23:59:59.999999'; TIMESTAMP '2020-03-29 02:30:00'
          TIMESTAMP(0)   | TIMESTAMP '1582-10-20 12:00:00'; TIMESTAMP '1969-12-31 23:59:59'
          TIME(0)        | TIME '00:00:00'; TIME '23:59:59'
          VARCHAR(40)    | 'ab   '; ''; '😀é'; 'NULL'; ' a'
          CHAR(6)        | 'ab'; ''; 'ab é'
          CLOB           | 'é'; ''; 'long'
          UUID           | CAST('123e4567-e89b-12d3-a456-426614174000' AS UUID)
          """)
  void textsAndTimesLandAsTheDatabaseWritesThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    List<String> landed =
        landed(
            batch, type.startsWith("TIMESTAMP") ? "regexp_replace(x::varchar, '[.]0+$', '')" : "x");
    List<String> there = there("CAST(x AS VARCHAR(100))");
    assertThat(landed)
        .isEqualTo(
            there.stream()
                .map(t -> type.startsWith("TIMESTAMP") ? t.replaceFirst("[.]0+$", "") : t)
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          VARBINARY(10) | X'00ff00'; X''
          BLOB          | X'00ff'; X''
          """)
  void bytesLandAsTheDatabaseHoldsThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    List<String> written = new ArrayList<>();
    for (String value : values.split(";")) {
      written.add(value.strip().replace("X'", "").replace("'", ""));
    }
    written.add("null");
    assertThat(landed(batch, "lower(hex(x))")).isEqualTo(written);
  }
}
