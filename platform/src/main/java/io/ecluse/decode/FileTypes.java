package io.ecluse.decode;

import io.ecluse.schema.DataType;

/** What the types of a Parquet file become. */
final class FileTypes {
  private static final int UNSIGNED_64_DIGITS = 20;

  private FileTypes() {}

  /**
   * @param duckDb the type as DuckDB writes it; what is not known lands as text, lists and structs
   *     as JSON
   */
  static DataType of(String duckDb) {
    return switch (duckDb) {
      case "TINYINT", "SMALLINT", "UTINYINT", "USMALLINT" -> DataType.INTEGER;
      case "UINTEGER" -> DataType.BIGINT;
      case "UBIGINT" -> DataType.decimal(UNSIGNED_64_DIGITS, 0);
      case "FLOAT" -> DataType.REAL;
      case "TIMESTAMP WITH TIME ZONE" -> DataType.TIMESTAMPTZ;
      case "TIMESTAMP_S", "TIMESTAMP_MS" -> DataType.TIMESTAMP;
      default -> DataType.parse(duckDb).orElse(DataType.VARCHAR);
    };
  }
}
