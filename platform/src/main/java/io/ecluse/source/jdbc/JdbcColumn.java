package io.ecluse.source.jdbc;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.jdbc.Dialect.JdbcType;
import io.ecluse.source.jdbc.Dialect.JdbcValue;
import io.ecluse.staging.StagedColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.UnaryOperator;

/**
 * A column of a table as it is read. The table of types is in docs/project-files.md.
 *
 * @param bytes about how long a value is
 * @param selected what is selected of it, its name quoted
 */
record JdbcColumn(
    StagedColumn staged, JdbcValue value, long bytes, UnaryOperator<String> selected) {
  private static final int FIXED_BYTES = 8;
  private static final int DIGITS_OF_INT = 10;
  private static final int LONGEST_KNOWN = 8_000;
  private static final int LONG_BYTES = 32_000;

  /** Whether nothing tells how long a value may be. */
  boolean isLong() {
    return bytes == LONG_BYTES;
  }

  static JdbcColumn of(String name, JdbcType type, Dialect dialect) {
    DataType lands = dialect.type(type).orElseGet(() -> standard(type));
    JdbcValue value = dialect.value(type).orElseGet(() -> value(lands));
    return new JdbcColumn(
        new StagedColumn(new Column(name, lands), sourceType(type)),
        value,
        bytes(lands, type),
        quoted -> dialect.expression(type, quoted));
  }

  private static String sourceType(JdbcType type) {
    boolean sized = type.precision() > 0 && type.precision() < LONGEST_KNOWN;
    String scale = type.scale() > 0 ? "," + type.scale() : "";
    return sized ? "%s(%d%s)".formatted(type.name(), type.precision(), scale) : type.name();
  }

  private static DataType standard(JdbcType type) {
    return switch (type.code()) {
      case Types.BOOLEAN -> DataType.BOOLEAN;
      case Types.BIT -> type.precision() > 1 ? DataType.BLOB : DataType.BOOLEAN;
      case Types.TINYINT, Types.SMALLINT -> DataType.INTEGER;
      case Types.INTEGER -> isBeyondInt(type) ? DataType.BIGINT : DataType.INTEGER;
      case Types.BIGINT ->
          type.sign() == JdbcType.Sign.UNSIGNED ? DataType.decimal(20, 0) : DataType.BIGINT;
      case Types.REAL -> DataType.REAL;
      case Types.FLOAT, Types.DOUBLE -> DataType.DOUBLE;
      case Types.NUMERIC, Types.DECIMAL -> decimal(type);
      case Types.DATE -> DataType.DATE;
      case Types.TIMESTAMP -> DataType.TIMESTAMP;
      case Types.TIMESTAMP_WITH_TIMEZONE -> DataType.TIMESTAMPTZ;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
          type.name().toUpperCase(Locale.ROOT).equals("UUID") ? DataType.UUID : DataType.BLOB;
      default ->
          type.name().toUpperCase(Locale.ROOT).equals("UUID") ? DataType.UUID : DataType.VARCHAR;
    };
  }

  private static boolean isBeyondInt(JdbcType type) {
    boolean isShort = type.precision() >= 1 && type.precision() < DIGITS_OF_INT;
    return type.sign() == JdbcType.Sign.UNSIGNED && !isShort;
  }

  private static DataType decimal(JdbcType type) {
    boolean fits =
        type.precision() >= 1
            && type.precision() <= DataType.MAX_PRECISION
            && type.scale() >= 0
            && type.scale() <= type.precision();
    return fits ? DataType.decimal(type.precision(), type.scale()) : DataType.VARCHAR;
  }

  private static JdbcValue value(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> (rows, i) -> present(rows, rows.getBoolean(i));
      case INTEGER -> (rows, i) -> present(rows, rows.getInt(i));
      case BIGINT -> (rows, i) -> present(rows, rows.getLong(i));
      case REAL -> (rows, i) -> present(rows, rows.getFloat(i));
      case DOUBLE -> (rows, i) -> present(rows, rows.getDouble(i));
      case DECIMAL -> (rows, i) -> Optional.ofNullable(rows.getBigDecimal(i));
      case VARCHAR, UUID -> (rows, i) -> Optional.ofNullable(rows.getString(i));
      case BLOB -> (rows, i) -> Optional.ofNullable(rows.getBytes(i));
      case DATE -> (rows, i) -> Optional.ofNullable(rows.getObject(i, LocalDate.class));
      case TIMESTAMP -> JdbcColumn::timestamp;
      case TIMESTAMPTZ ->
          (rows, i) ->
              Optional.ofNullable(rows.getObject(i, OffsetDateTime.class))
                  .map(OffsetDateTime::toInstant);
    };
  }

  private static Optional<Object> present(ResultSet rows, Object value) throws SQLException {
    return rows.wasNull() ? Optional.empty() : Optional.of(value);
  }

  /**
   * Drivers before JDBC 4.2 know only a class that reads an hour that summer time skips wrongly.
   */
  private static Optional<Object> timestamp(ResultSet rows, int column) throws SQLException {
    try {
      return Optional.ofNullable(rows.getObject(column, LocalDateTime.class));
    } catch (SQLException | AbstractMethodError e) {
      Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
      return Optional.ofNullable(rows.getTimestamp(column, utc))
          .map(Timestamp::toInstant)
          .map(moment -> LocalDateTime.ofInstant(moment, ZoneOffset.UTC));
    }
  }

  private static long bytes(DataType lands, JdbcType type) {
    return switch (lands.kind()) {
      case VARCHAR, BLOB ->
          type.precision() > 0 && type.precision() <= LONGEST_KNOWN ? type.precision() : LONG_BYTES;
      case BOOLEAN, INTEGER, BIGINT, REAL, DOUBLE, DECIMAL, DATE, TIMESTAMP, TIMESTAMPTZ, UUID ->
          FIXED_BYTES;
    };
  }
}
