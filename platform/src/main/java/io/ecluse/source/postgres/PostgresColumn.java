package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.staging.StagedColumn;

/**
 * A column of a table as it is read.
 *
 * @param staged how it lands
 * @param wire how the server is asked for it and what it then sends
 */
record PostgresColumn(StagedColumn staged, Wire wire) {
  /** What travels in a binary COPY. */
  enum Wire {
    BOOL,
    INT2,
    INT4,
    INT8,
    FLOAT4,
    FLOAT8,
    NUMERIC,
    TEXT,
    DATE,
    TIMESTAMP,
    TIMESTAMPTZ,
    BYTEA,
    UUID,
    /** Not one of the above: the server turns it into text, which loses nothing. */
    AS_TEXT
  }

  private static final int NUMERIC_HEADER = 4;

  /**
   * @param typeName the name in pg_type, of the base type if it is a domain
   * @param modifier the type modifier; for numeric it holds precision and scale (PostgreSQL source,
   *     numeric.c, make_numeric_typmod)
   * @param sourceType as format_type() writes it
   */
  static PostgresColumn of(String name, String typeName, int modifier, String sourceType) {
    return switch (typeName) {
      case "bool" -> column(name, DataType.BOOLEAN, Wire.BOOL, sourceType);
      case "int2" -> column(name, DataType.INTEGER, Wire.INT2, sourceType);
      case "int4" -> column(name, DataType.INTEGER, Wire.INT4, sourceType);
      case "int8" -> column(name, DataType.BIGINT, Wire.INT8, sourceType);
      case "float4" -> column(name, DataType.REAL, Wire.FLOAT4, sourceType);
      case "float8" -> column(name, DataType.DOUBLE, Wire.FLOAT8, sourceType);
      case "text", "varchar", "bpchar", "name" ->
          column(name, DataType.VARCHAR, Wire.TEXT, sourceType);
      case "date" -> column(name, DataType.DATE, Wire.DATE, sourceType);
      case "timestamp" -> column(name, DataType.TIMESTAMP, Wire.TIMESTAMP, sourceType);
      case "timestamptz" -> column(name, DataType.TIMESTAMPTZ, Wire.TIMESTAMPTZ, sourceType);
      case "bytea" -> column(name, DataType.BLOB, Wire.BYTEA, sourceType);
      case "uuid" -> column(name, DataType.UUID, Wire.UUID, sourceType);
      case "numeric" -> numeric(name, modifier, sourceType);
      default -> column(name, DataType.VARCHAR, Wire.AS_TEXT, sourceType);
    };
  }

  private static PostgresColumn numeric(String name, int modifier, String sourceType) {
    int precision = ((modifier - NUMERIC_HEADER) >> 16) & 0xffff;
    int scale = ((modifier - NUMERIC_HEADER) << 21) >> 21; // 11 bits, signed
    boolean fits =
        modifier >= NUMERIC_HEADER
            && precision <= DataType.MAX_PRECISION
            && scale >= 0
            && scale <= precision;
    return fits
        ? column(name, DataType.decimal(precision, scale), Wire.NUMERIC, sourceType)
        : column(name, DataType.VARCHAR, Wire.AS_TEXT, sourceType);
  }

  private static PostgresColumn column(String name, DataType type, Wire wire, String sourceType) {
    return new PostgresColumn(new StagedColumn(new Column(name, type), sourceType), wire);
  }

  /** The expression to select. */
  String expression() {
    String quoted = staged.column().quoted();
    if (wire != Wire.AS_TEXT) {
      return quoted;
    }
    // the cast of an inet adds a mask that nobody wrote
    return staged.sourceType().equals("inet")
        ? "CASE WHEN %1$s IS NOT NULL THEN format('%%s', %1$s) END".formatted(quoted)
        : quoted + "::text";
  }
}
