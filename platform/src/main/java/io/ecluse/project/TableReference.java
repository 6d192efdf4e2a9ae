package io.ecluse.project;

/** A table that SQL reads, as it is written there, and where. */
public record TableReference(TableName table, Position at) {}
