package io.ecluse.catalog;

/** What there is, for whoever may see it. */
public record Catalog(Tables tables, Batches batches, Runs runs, Definitions definitions) {}
