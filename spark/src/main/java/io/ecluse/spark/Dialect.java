package io.ecluse.spark;

import java.util.Map;

/** What makes Spark's SQL the SQL of the models. */
final class Dialect {
  static final Map<String, String> SETTINGS =
      Map.of(
          "spark.sql.ansi.enabled", "true",
          "spark.sql.ansi.doubleQuotedIdentifiers", "true",
          "spark.sql.timestampType", "TIMESTAMP_NTZ",
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS",
          "spark.sql.parquet.inferTimestampNTZ.enabled", "true",
          // decimals that do not fit fail, and are not rounded
          "spark.sql.decimalOperations.allowPrecisionLoss", "false");

  private Dialect() {}
}
