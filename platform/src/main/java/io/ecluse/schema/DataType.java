package io.ecluse.schema;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type that PostgreSQL, Parquet, Iceberg, DuckDB and Spark all hold without loss.
 *
 * @param kind the family
 * @param precision digits in all, for {@link Kind#DECIMAL} only, else 0
 * @param scale digits after the point, for {@link Kind#DECIMAL} only, else 0
 */
public record DataType(Kind kind, int precision, int scale) {
  /** The families; each constant's name is its SQL name, in DuckDB as in Spark. */
  public enum Kind {
    BOOLEAN,
    INTEGER,
    BIGINT,
    REAL,
    DOUBLE,
    DECIMAL,
    VARCHAR,
    DATE,
    /** Microseconds, no time zone. */
    TIMESTAMP,
    /** Microseconds since 1970 in UTC. */
    TIMESTAMPTZ,
    BLOB,
    UUID
  }

  public static final DataType BOOLEAN = new DataType(Kind.BOOLEAN, 0, 0);
  public static final DataType INTEGER = new DataType(Kind.INTEGER, 0, 0);
  public static final DataType BIGINT = new DataType(Kind.BIGINT, 0, 0);
  public static final DataType REAL = new DataType(Kind.REAL, 0, 0);
  public static final DataType DOUBLE = new DataType(Kind.DOUBLE, 0, 0);
  public static final DataType VARCHAR = new DataType(Kind.VARCHAR, 0, 0);
  public static final DataType DATE = new DataType(Kind.DATE, 0, 0);
  public static final DataType TIMESTAMP = new DataType(Kind.TIMESTAMP, 0, 0);
  public static final DataType TIMESTAMPTZ = new DataType(Kind.TIMESTAMPTZ, 0, 0);
  public static final DataType BLOB = new DataType(Kind.BLOB, 0, 0);
  public static final DataType UUID = new DataType(Kind.UUID, 0, 0);

  /** The widest decimal that every engine holds. */
  public static final int MAX_PRECISION = 38;

  private static final int DIGITS_OF_INTEGER = 10;
  private static final int DIGITS_OF_BIGINT = 19;
  private static final Pattern DECIMAL_TEXT = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

  public DataType {
    boolean right =
        kind == Kind.DECIMAL
            ? precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision
            : precision == 0 && scale == 0;
    if (!right) {
      throw new IllegalArgumentException(
          "No type %s with precision %d and scale %d".formatted(kind, precision, scale));
    }
  }

  public static DataType decimal(int precision, int scale) {
    return new DataType(Kind.DECIMAL, precision, scale);
  }

  /** Reads what {@link #sql()} writes; empty for a type that is not one of these. */
  public static Optional<DataType> parse(String text) {
    String upper = text.trim().toUpperCase(Locale.ROOT);
    Matcher decimal = DECIMAL_TEXT.matcher(upper);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      return precision >= 1 && precision <= MAX_PRECISION && scale <= precision
          ? Optional.of(decimal(precision, scale))
          : Optional.empty();
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.DECIMAL && kind.name().equals(upper)) {
        return Optional.of(new DataType(kind, 0, 0));
      }
    }
    return Optional.empty();
  }

  /** The narrowest type that holds every value of this one and of the other, if need be as text. */
  public DataType holding(DataType other) {
    if (equals(other)) {
      return this;
    }
    Set<Kind> kinds = EnumSet.of(kind, other.kind);
    if (digits() > 0 && other.digits() > 0) {
      int most = Math.max(scale, other.scale);
      int all = Math.max(digits() - scale, other.digits() - other.scale) + most;
      boolean whole = kind != Kind.DECIMAL && other.kind != Kind.DECIMAL;
      return whole ? BIGINT : all <= MAX_PRECISION ? decimal(all, most) : VARCHAR;
    } else if (kinds.equals(Set.of(Kind.REAL, Kind.DOUBLE))
        || kinds.equals(Set.of(Kind.INTEGER, Kind.DOUBLE))) {
      return DOUBLE;
    } else if (kinds.equals(Set.of(Kind.DATE, Kind.TIMESTAMP))) {
      return TIMESTAMP;
    }
    return VARCHAR;
  }

  /** Digits of an exact number; 0 for what is none. */
  private int digits() {
    return switch (kind) {
      case INTEGER -> DIGITS_OF_INTEGER;
      case BIGINT -> DIGITS_OF_BIGINT;
      case DECIMAL -> precision;
      case BOOLEAN, REAL, DOUBLE, VARCHAR, DATE, TIMESTAMP, TIMESTAMPTZ, BLOB, UUID -> 0;
    };
  }

  /** The SQL name, as in {@code DECIMAL(10,2)}. */
  public String sql() {
    return kind == Kind.DECIMAL ? "DECIMAL(" + precision + "," + scale + ")" : kind.name();
  }

  @Override
  public String toString() {
    return sql();
  }
}
