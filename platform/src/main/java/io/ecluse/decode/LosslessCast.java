package io.ecluse.decode;

import io.ecluse.schema.DataType;

/**
 * Whether a type holds all that a text says. DuckDB casts what it can: it rounds digits for which
 * there is no place, drops the time of a day and the zone of a time, and makes 1e400 infinite.
 */
final class LosslessCast {
  /** Digits after the point, less those that the exponent moves before it. */
  private static final String PLACES =
      "length(rtrim(regexp_extract(%1$s, '[.]([0-9]*)', 1), '0')) - coalesce(try_cast(regexp_extract(%1$s, '[eE]([+-]?[0-9]+)', 1) AS HUGEINT), 0)";

  private static final String IS_ZERO =
      "NOT regexp_matches(regexp_extract(%1$s, '[^eE]*'), '[1-9]')";

  private static final String MICROSECONDS = "NOT regexp_matches(%1$s, '[.][0-9]{6}[0-9]*[1-9]')";

  private static final String NO_ZONE =
      "NOT regexp_matches(regexp_replace(%1$s, '[+-]00(:?00)?$', ''), ':[0-9]{2}([.][0-9]+)? ?[+-]')";

  private LosslessCast() {}

  /**
   * The condition in SQL. Of {@code REAL} and {@code DOUBLE} it asks only that the number is not
   * too large: to take the nearest is what they are for.
   *
   * @param text an expression, not NULL
   */
  static String holds(DataType type, String text) {
    String cast = "try_cast(%s AS %s)".formatted(text, type.sql());
    String rest =
        switch (type.kind()) {
          case INTEGER, BIGINT, DECIMAL ->
              "(" + IS_ZERO + " OR " + PLACES + " <= " + type.scale() + ")";
          case REAL, DOUBLE -> "(isfinite(" + cast + ") OR NOT regexp_matches(%1$s, '[0-9]'))";
          case DATE -> "CAST(" + cast + " AS TIMESTAMP) = try_cast(%1$s AS TIMESTAMP)";
          case TIMESTAMP -> MICROSECONDS + " AND " + NO_ZONE;
          case TIMESTAMPTZ -> MICROSECONDS;
          case BOOLEAN, VARCHAR, BLOB, UUID -> "true";
        };
    return cast + " IS NOT NULL AND " + rest.formatted(text);
  }
}
