package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.source.Source;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every type of MariaDB, its edges too, held against what the server itself makes of the values.
 */
class MariaDbTypesTest extends MariaDbFixture {
  private static final String EXACT = "cast(x * 1e0 as char)";

  private Source source() {
    return source(settings());
  }

  /** What the server says of a column's values, in the order of their keys. */
  private List<String> there(String expression) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      try (ResultSet rows =
          statement.executeQuery("SELECT " + expression + " FROM things ORDER BY id")) {
        while (rows.next()) {
          values.add(String.valueOf(rows.getString(1)));
        }
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

  private BatchManifest things(String type, String values) throws SQLException {
    fill("CREATE TABLE things (id INT PRIMARY KEY AUTO_INCREMENT, x " + type + " NULL)");
    for (String value : values.split(";")) {
      execute("INSERT INTO things (x) VALUES (" + value.strip() + ")");
    }
    execute("INSERT INTO things (x) VALUES (NULL)");
    return extract(source(), "x1", "things");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          FLOAT            | 1234567.8; 16777217; 0.1; -0.1; 3.4028234e38; -3.4028234e38; 1.1754944e-38; 1e-45; 0; 123456.789; 1e10; 33554434
          FLOAT UNSIGNED   | 1234567.8; 3.4028234e38; 0
          FLOAT(10,2)      | 1234567.8; 99999.99; -0.01
          FLOAT(53)        | 1234567.8; 0.1
          DOUBLE           | 1234567.8; 0.1; 1.7976931348623157e308; 2.2250738585072014e-308; 5e-324; 9007199254740993; -0.30000000000000004
          """)
  void fractionsLandAsTheServerHoldsThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    List<String> there = there(EXACT);
    List<String> landed = landed(batch, "x::double");
    for (int i = 0; i < there.size(); i++) {
      assertThat(
              landed.get(i).equals("null")
                  ? "null"
                  : String.valueOf(Double.parseDouble(landed.get(i))))
          .as(type + " " + there.get(i))
          .isEqualTo(
              there.get(i).equals("null")
                  ? "null"
                  : String.valueOf(Double.parseDouble(there.get(i))));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          TINYINT                     | -128; 127; 0
          TINYINT UNSIGNED            | 255; 0
          TINYINT(1)                  | -128; 2; 1; 0
          SMALLINT                    | -32768; 32767
          SMALLINT UNSIGNED ZEROFILL  | 65535; 7
          MEDIUMINT                   | -8388608; 8388607
          MEDIUMINT UNSIGNED          | 16777215
          INT                         | -2147483648; 2147483647
          INT UNSIGNED                | 4294967295; 2147483648
          BIGINT                      | -9223372036854775808; 9223372036854775807; 9007199254740993
          BIGINT UNSIGNED             | 18446744073709551615; 9223372036854775808
          DECIMAL(38,10)              | 1234567890123456789012345678.0123456789; -0.0000000001; 0
          DECIMAL(65,30)              | 12345678901234567890123456789012345.123456789012345678901234567890
          DECIMAL(12,3) UNSIGNED      | 999999999.999; 0.001
          DOUBLE(20,1)                | 1234567.8; 1234567890123.4; -0.1
          YEAR                        | 1901; 2155; 0
          """)
  void numbersLandAsTheServerHoldsThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    assertThat(landed(batch, "x"))
        .isEqualTo(
            there(type.contains("ZEROFILL") ? "x + 0" : type.equals("YEAR") ? "x + 0" : "x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          DATE          | x                         | '1000-01-01'; '9999-12-31'; '0001-01-01'; '2020-02-29'; '1582-10-10'
          DATETIME      | x                         | '1000-01-01 00:00:00'; '9999-12-31 23:59:59'; '2020-03-29 02:30:00'
          DATETIME(6)   | date_format(x, '%Y-%m-%d %H:%i:%s.%f') | '0001-01-01 00:00:00.000001'; '9999-12-31 23:59:59.999999'; '1582-10-10 12:00:00.5'
          TIME          | x                         | '-838:59:59'; '838:59:59'; '00:00:00'
          TIME(6)       | x                         | '-838:59:58.999999'; '12:34:56.000001'; '-00:00:00.5'
          """)
  void timesLandAsTheServerHoldsThem(String type, String there, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    String format = type.equals("DATETIME(6)") ? "strftime(x, '%Y-%m-%d %H:%M:%S.%f')" : "x";
    assertThat(landed(batch, format.replace("%", "%%"))).isEqualTo(there(there));
  }

  @Test
  void momentsLandAsTheServerHoldsThem() throws SQLException {
    BatchManifest batch =
        things(
            "TIMESTAMP(6)",
            "'1970-01-02 00:00:00.000001'; '2038-01-18 03:14:07.999999'; '2020-10-25 02:30:00'; '2020-03-29 01:30:00'");

    assertThat(landed(batch, "epoch_us(x)"))
        .isEqualTo(there("cast(unix_timestamp(x) * 1000000 as signed)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CHAR(10)                     | 'ab'; ''; 'ab   '; ' 😀é'
          VARCHAR(50)                  | 'ab   '; ''; char(9,10,34); '😀'; 'NULL'
          VARCHAR(20) CHARACTER SET latin1 | 'é€'; 'ÿ'
          VARCHAR(20) CHARACTER SET utf16  | '😀é'
          TINYTEXT                     | 'é'; ''
          LONGTEXT                     | repeat('é', 70000); ''
          ENUM('a','é','')             | 'a'; 'é'; ''
          SET('a','b','c')             | 'a,c'; ''
          JSON                         | '{"a": [1, null, 1.10]}'; '""'
          UUID                         | '123e4567-e89b-12d3-a456-426614174000'
          INET6                        | '::1'; '2001:db8::ff00:42:8329'; '::ffff:192.168.0.1'
          INET4                        | '255.255.255.255'; '0.0.0.0'
          """)
  void textsLandAsTheServerHoldsThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    assertThat(landed(batch, "hex(encode(x::varchar))"))
        .isEqualTo(there("hex(convert(cast(x as char) using utf8mb4))"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          BINARY(4)       | x'00ff'; x'00000000'; ''
          VARBINARY(10)   | x'00ff00'; ''
          TINYBLOB        | x'00'
          LONGBLOB        | repeat(x'00ff', 50000); ''
          BIT(12)         | b'100000000001'; b'0'; b'111111111111'
          BIT(64)         | b'1000000000000000000000000000000000000000000000000000000000000001'
          POINT           | st_geomfromtext('POINT(1.5 -2)')
          """)
  void bytesLandAsTheServerHoldsThem(String type, String values) throws SQLException {
    BatchManifest batch = things(type, values);

    String there =
        type.startsWith("BIT(")
            ? "lpad(hex(x), %d, '0')".formatted(type.contains("64") ? 16 : 4)
            : "hex(x)";
    assertThat(landed(batch, "hex(x)")).isEqualTo(there(there));
  }

  @Test
  void flagsLandAsTheServerHoldsThem() throws SQLException {
    assertThat(landed(things("BIT(1)", "b'1'; b'0'"), "x::integer")).isEqualTo(there("x + 0"));
  }

  @Test
  void theHighestOfACursorOfFloatsIsWhatTheServerHolds() throws SQLException {
    fill(
        "CREATE TABLE things (id INT PRIMARY KEY, x FLOAT NOT NULL)",
        "INSERT INTO things VALUES (1, 1234567.8)");
    Source source =
        source(
            Settings.reading(
                "things",
                new io.ecluse.source.StreamPlan(
                    io.ecluse.source.StreamPlan.Mode.INCREMENTAL,
                    java.util.Optional.of("x"),
                    java.util.Optional.empty(),
                    List.of(),
                    io.ecluse.source.StreamPlan.Deletes.IGNORE),
                settings()));
    extract(source, "x1", "things");
    execute("INSERT INTO things VALUES (2, 1234568.5)");

    assertThat(rows(extract(source, "x2", "things"), "select id from %s order by id"))
        .containsExactly(List.of("1"), List.of("2"));
  }
}
