package io.ecluse.warehouse;

import java.util.Optional;

/**
 * What the writer of a file counted in one column.
 *
 * @param bytes compressed size
 * @param values how many, NULL included
 * @param nulls how many are NULL
 * @param min smallest value as SQL text; empty if the writer gave none (all NULL, or NaN among
 *     them)
 * @param max largest value as SQL text; empty likewise
 * @param nan whether NaN is among the values, for floating point only
 */
public record ColumnStatistics(
    long bytes,
    long values,
    long nulls,
    Optional<String> min,
    Optional<String> max,
    Optional<Boolean> nan) {}
