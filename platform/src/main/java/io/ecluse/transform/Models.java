package io.ecluse.transform;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Engine;
import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.engine.RowReader;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.project.AuditFile;
import io.ecluse.project.ColumnTest;
import io.ecluse.project.ModelFile;
import io.ecluse.project.SqlParams;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds models and runs their tests, each within a run: reading what the run has written over what
 * is published, and writing where only the run sees it. Safe for use by several threads.
 */
public final class Models {
  private static final int SHOWN_KEYS = 5;

  private final Map<String, Materialization> materializations;
  private final Warehouse warehouse;
  private final Engine engine;
  private final ModelStates states;

  /**
   * @param materializations what models become, by the word of their headers
   */
  public Models(
      Map<String, Materialization> materializations,
      Warehouse warehouse,
      Engine engine,
      ModelStates states) {
    this.materializations = Map.copyOf(materializations);
    this.warehouse = warehouse;
    this.engine = engine;
    this.states = states;
  }

  /**
   * Builds a model; a view has no rows of its own. What it is made from is kept.
   *
   * @param params of the run, which the SQL may name
   * @param earlier the job that an attempt before has left, if it is the engine's to know
   * @throws EcluseException SQL_INVALID with file, line and column
   */
  public Job build(
      String runId,
      ModelFile written,
      Map<String, String> params,
      Optional<JobHandle> earlier,
      Cancellation cancellation) {
    ModelFile model = written.withSql(SqlParams.bind(written.sql(), params));
    Building building =
        new Building(
            runId,
            model,
            warehouse,
            engine,
            earlier,
            () -> keepState(runId, written),
            cancellation);
    try {
      return materialization(model).build(building);
    } catch (EcluseException e) {
      throw located(model.path(), e);
    }
  }

  /** What a model becomes, for the log, when its rows are there. */
  public String made(ModelFile model, long rows) {
    return materialization(model).made(rows);
  }

  private Materialization materialization(ModelFile model) {
    return Nearest.require("materialisation", model.materialized().kind(), materializations);
  }

  /** Before anything is read: what changes meanwhile makes the next build build it again. */
  private void keepState(String runId, ModelFile model) {
    new Unchanged(warehouse, engine, states)
        .now(runId, model)
        .ifPresent(state -> states.keep(runId, model.name().lower(), state));
  }

  /** Runs every test of a model against what the run has built. */
  public List<TestOutcome> test(String runId, ModelFile model, Cancellation cancellation) {
    Optional<String> key =
        model.columns().values().stream()
            .filter(c -> c.tests().stream().anyMatch(t -> t instanceof ColumnTest.Unique))
            .map(ModelFile.Column::name)
            .findFirst();
    List<TestOutcome> outcomes = new ArrayList<>();
    for (ModelFile.Column column : model.columns().values()) {
      for (ColumnTest test : column.tests()) {
        String sql = TestSql.failing(model.name(), column.name(), test, key);
        String label = key.orElse(column.name());
        try {
          outcomes.add(
              run(
                  runId,
                  new Check(
                      test.name() + "(" + column.name() + ")",
                      Optional.of(column.name()),
                      sql,
                      label),
                  cancellation));
        } catch (EcluseException e) {
          throw located(model.path(), e);
        }
      }
    }
    return outcomes;
  }

  /**
   * Runs a free-form audit: its query must return no row; its first column tells which rows it is.
   */
  public TestOutcome audit(String runId, AuditFile audit, Cancellation cancellation) {
    try {
      List<Column> columns = engine.describe(audit.sql(), new ReadView.OfRun(runId));
      String key = columns.get(0).name();
      String sql =
          "SELECT failing_row.%s AS failing_key FROM (\n%s\n) failing_row"
              .formatted(Column.quote(key), audit.sql());
      return run(runId, new Check(audit.name(), Optional.empty(), sql, key), cancellation);
    } catch (EcluseException e) {
      throw located(audit.path(), e);
    }
  }

  /** The same, for a writer that leaves something only while the fence lets it. */
  public Models behind(Fence fence) {
    return new Models(materializations, warehouse.behind(fence), engine, states.behind(fence));
  }

  private record Check(String name, Optional<String> column, String failing, String keyLabel) {}

  private TestOutcome run(String runId, Check check, Cancellation cancellation) {
    List<String> keys = new ArrayList<>();
    long[] rows = {0};
    engine.run(
        check.failing(),
        new ReadView.OfRun(runId),
        cancellation,
        new RowReader() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(Object[] values) {
            rows[0]++;
            if (keys.size() < SHOWN_KEYS && values[0] != null) {
              keys.add(check.keyLabel() + " = " + values[0]);
            }
            return true;
          }
        });
    return new TestOutcome(check.name(), check.column(), rows[0], keys);
  }

  private static EcluseException located(String path, EcluseException e) {
    if (e.code() != ErrorCode.SQL_INVALID
        && e.code() != ErrorCode.NOT_FOUND
        && e.code() != ErrorCode.INVALID_PROJECT) {
      return e;
    }
    String where = e.position().map(p -> path + ":" + p.line() + ":" + p.column()).orElse(path);
    return new EcluseException(e.code(), where + ": " + e.getMessage(), e);
  }
}
