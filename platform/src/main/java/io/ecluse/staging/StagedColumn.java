package io.ecluse.staging;

import io.ecluse.schema.Column;

/**
 * A column of a batch with the type that the source gives it.
 *
 * @param column name and type in staging
 * @param sourceType the type in the source's own words, {@code character varying(30)}
 */
public record StagedColumn(Column column, String sourceType) {}
