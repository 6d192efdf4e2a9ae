package io.ecluse.transform;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Engine;
import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.project.ModelFile;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;

/**
 * A model that a run builds, for what it becomes.
 *
 * @param model its parameters replaced
 * @param engine which was chosen for it
 * @param earlier the job that an attempt before has left, if it is the engine's to know
 * @param begins to be called before anything is read: keeps what the model is made from
 */
public record Building(
    String runId,
    ModelFile model,
    Warehouse warehouse,
    Engine engine,
    Optional<JobHandle> earlier,
    Runnable begins,
    Cancellation cancellation) {
  /** What the run has written over what is published. */
  public ReadView view() {
    return new ReadView.OfRun(runId);
  }

  /** The columns of the model's query. */
  public List<Column> columns() {
    return engine.describe(model.sql(), view());
  }

  /** Has the engine fill the model's table with the rows of a query, or go on with doing so. */
  public Job fill(List<Column> columns, String sql) {
    try (StagedTable table =
        warehouse.stage(runId, model.name().lower(), columns, model.layout())) {
      return earlier
          .flatMap(handle -> engine.resume(handle, table, cancellation))
          .orElseGet(
              () -> {
                cancellation.check();
                begins.run();
                return engine.write(table, sql, view(), cancellation);
              });
    }
  }
}
