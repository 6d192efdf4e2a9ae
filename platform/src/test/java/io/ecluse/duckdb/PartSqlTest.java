package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our SQL for transforms, against Iceberg's own code, on values of every sign and size. */
class PartSqlTest {
  private static final int VALUES = 3000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]");

  private Connection duckDb;

  @BeforeEach
  void open() throws SQLException {
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duckDb.createStatement()) {
      statement.execute("SET TimeZone = 'Asia/Kathmandu'");
    }
  }

  @AfterEach
  void close() throws SQLException {
    duckDb.close();
  }

  private static Type iceberg(DataType type) {
    return switch (type.kind()) {
      case INTEGER -> Types.IntegerType.get();
      case BIGINT -> Types.LongType.get();
      case DECIMAL -> Types.DecimalType.of(type.precision(), type.scale());
      case DATE -> Types.DateType.get();
      case TIMESTAMP -> Types.TimestampType.withoutZone();
      case TIMESTAMPTZ -> Types.TimestampType.withZone();
      case UUID -> Types.UUIDType.get();
      case VARCHAR -> Types.StringType.get();
      case BOOLEAN, REAL, DOUBLE, BLOB -> throw new AssertionError("Unhandled " + type);
    };
  }

  private static String values(DataType type) {
    String whole = "(hash(i) % 4294967296)::BIGINT - 2147483648";
    String time = "make_timestamp((hash(i) % 4000000000000000)::BIGINT - 1000000000000000)";
    return switch (type.kind()) {
      case INTEGER -> whole;
      case BIGINT -> "hash(i)::HUGEINT - 9223372036854775808";
      case DECIMAL -> "(" + whole + ")::DECIMAL(20, 0) / 1000";
      case DATE -> "DATE '1930-01-01' + (hash(i) % 50000)::INTEGER";
      case TIMESTAMP -> time;
      case TIMESTAMPTZ -> "timezone('UTC', " + time + ")";
      case UUID -> "md5(i::VARCHAR)::UUID";
      case VARCHAR -> "left(repeat('aé😀z' || i, 4), (i % 23)::INTEGER)";
      case BOOLEAN, REAL, DOUBLE, BLOB -> throw new AssertionError("Unhandled " + type);
    };
  }

  private static Transform<Object, ?> transform(Layout.Part part) {
    return switch (part.transform()) {
      case IDENTITY -> Transforms.identity();
      case YEAR -> Transforms.year();
      case MONTH -> Transforms.month();
      case DAY -> Transforms.day();
      case HOUR -> Transforms.hour();
      case BUCKET -> Transforms.bucket(part.width());
      case TRUNCATE -> Transforms.truncate(part.width());
    };
  }

  /** A value as Iceberg has it. */
  private static Object value(Type type, String text) {
    return switch (type.typeId()) {
      case INTEGER -> Integer.valueOf(text);
      case LONG -> Long.valueOf(text);
      case DECIMAL -> new BigDecimal(text).setScale(((Types.DecimalType) type).scale());
      case DATE -> (int) LocalDate.parse(text).toEpochDay();
      case TIMESTAMP ->
          ChronoUnit.MICROS.between(
              LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), LocalDateTime.parse(text, TIME));
      case UUID -> UUID.fromString(text);
      case STRING -> text;
      default -> throw new AssertionError("Unhandled " + type);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bucket(16, v)|INTEGER",
        "bucket(97, v)|BIGINT",
        "bucket(7, v)|DATE",
        "bucket(16, v)|TIMESTAMP",
        "bucket(16, v)|TIMESTAMPTZ",
        "bucket(1000, v)|UUID",
        "bucket(31, v)|VARCHAR",
        "truncate(10, v)|INTEGER",
        "truncate(7, v)|BIGINT",
        "truncate(50, v)|DECIMAL(12,3)",
        "truncate(3, v)|VARCHAR",
        "year(v)|DATE",
        "month(v)|DATE",
        "day(v)|DATE",
        "year(v)|TIMESTAMP",
        "month(v)|TIMESTAMP",
        "day(v)|TIMESTAMP",
        "hour(v)|TIMESTAMP",
        "year(v)|TIMESTAMPTZ",
        "month(v)|TIMESTAMPTZ",
        "day(v)|TIMESTAMPTZ",
        "hour(v)|TIMESTAMPTZ",
        "v|VARCHAR",
      })
  void givesTheVeryValuesOfIceberg(String text, String typeText) throws SQLException {
    DataType type = DataType.parse(typeText).orElseThrow();
    Layout.Part part = Layout.partition(text).get(0);
    Type from = iceberg(type);
    Transform<Object, ?> transform = transform(part);
    Type to = transform.getResultType(from);
    String shown =
        type.kind() == DataType.Kind.TIMESTAMPTZ ? "timezone('UTC', v)::VARCHAR" : "v::VARCHAR";
    String sql =
        "SELECT %s, CAST(%s AS VARCHAR) FROM (SELECT CASE WHEN i %% 7 > 0 THEN (%s)::%s END AS v FROM range(%d) t(i))"
            .formatted(
                shown,
                PartSql.of(part, new Column("v", type), "v"),
                values(type),
                type.sql(),
                VALUES);
    int wrong = 0;
    try (Statement statement = duckDb.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        String value = rows.getString(1);
        String ours = rows.getString(2);
        Object theirs = value == null ? null : transform.bind(from).apply(value(from, value));
        Object same = ours == null ? null : value(to, ours);
        wrong += Objects.equals(plain(theirs), same) ? 0 : 1;
      }
    }
    assertThat(wrong).isZero();
  }

  private static Object plain(Object value) {
    return value instanceof CharSequence || value instanceof ByteBuffer ? value.toString() : value;
  }
}
