package io.ecluse.transform;

import io.ecluse.duckdb.QueryEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.ModelFile;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Warehouse;
import java.util.List;

/** A model that a run builds, for what it becomes. */
public record Building(
    String runId,
    ModelFile model,
    Warehouse warehouse,
    QueryEngine engine,
    Cancellation cancellation) {
  /** What the run has written over what is published. */
  public ReadView view() {
    return new ReadView.OfRun(runId);
  }

  /** The columns of the model's query. */
  public List<Column> columns() {
    return engine.describe(model.sql(), view());
  }
}
