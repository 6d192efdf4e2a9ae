package io.ecluse.project;

import io.ecluse.schema.TableName;

/** A table that SQL reads, as it is written there, and where. */
public record TableReference(TableName table, Position at) {}
