package io.ecluse.warehouse;

import io.ecluse.schema.Column;

/**
 * A column of a table.
 *
 * @param fieldId what ties the column to the files, whatever its name is now
 */
public record TableColumn(int fieldId, Column column) {}
