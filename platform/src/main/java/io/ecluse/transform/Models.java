package io.ecluse.transform;

import io.ecluse.engine.Engine;
import io.ecluse.engine.Engines;
import io.ecluse.engine.Errand;
import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.engine.Sample;
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

  /** Of which keys are shown; some may have none. */
  private static final int SAMPLED_ROWS = 100;

  private final Map<String, Materialization> materializations;
  private final Warehouse warehouse;
  private final Engines engines;
  private final ModelStates states;

  /**
   * @param materializations what models become, by the word of their headers
   */
  public Models(
      Map<String, Materialization> materializations,
      Warehouse warehouse,
      Engines engines,
      ModelStates states) {
    this.materializations = Map.copyOf(materializations);
    this.warehouse = warehouse;
    this.engines = engines;
    this.states = states;
  }

  /**
   * Builds a model; a view has no rows of its own. What it is made from is kept.
   *
   * @param params of the run, which the SQL may name
   * @param earlier the job that an attempt before has left, if it is an engine's to know
   * @throws EcluseException SQL_INVALID with file, line and column
   */
  public Job build(
      Errand errand, ModelFile written, Map<String, String> params, Optional<JobHandle> earlier) {
    ModelFile model = written.withSql(SqlParams.bind(written.sql(), params));
    try {
      Materialization materialization = materialization(model);
      Building building =
          new Building(
              errand.runId(),
              model,
              warehouse,
              engine(errand, model, earlier),
              earlier,
              () -> keepState(errand.runId(), written),
              errand.cancellation());
      return materialization.build(building);
    } catch (EcluseException e) {
      throw located(model.path(), e);
    }
  }

  private Engine engine(Errand errand, ModelFile model, Optional<JobHandle> earlier) {
    if (!materialization(model).movesRows()) {
      return engines.usual();
    }
    return earlier
        .map(job -> engines.holding(job, errand))
        .orElseGet(() -> chosen(errand, model.sql()));
  }

  private Engine chosen(Errand errand, String sql) {
    Engines.Choice choice = engines.choose(errand, sql, new ReadView.OfRun(errand.runId()));
    boolean isNews = choice.by() == Engines.By.NEED || choice.engine() != engines.usual();
    if (isNews && choice.by() != Engines.By.DEFAULT) {
      errand.log(choice.why());
    }
    return choice.engine();
  }

  /**
   * By what a model would be built now, by what is published; empty of one that has no rows of its
   * own.
   *
   * @param wish what is said of it
   */
  public Optional<Engines.Choice> choice(
      ModelFile written, Map<String, String> params, Errand.Wish wish) {
    ModelFile model = written.withSql(SqlParams.bind(written.sql(), params));
    try {
      return materialization(model).movesRows()
          ? Optional.of(engines.choose(Errand.quiet("none", wish), model.sql(), ReadView.PUBLISHED))
          : Optional.empty();
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
    new Unchanged(warehouse, engines.usual(), states)
        .now(runId, model)
        .ifPresent(state -> states.keep(runId, model.name().lower(), state));
  }

  /** Runs every test of a model against what the run has built. */
  public List<TestOutcome> test(Errand errand, ModelFile model) {
    Optional<String> key =
        model.columns().values().stream()
            .filter(c -> c.tests().stream().anyMatch(t -> t instanceof ColumnTest.Unique))
            .map(ModelFile.Column::name)
            .findFirst();
    List<TestOutcome> outcomes = new ArrayList<>();
    Engine engine = chosen(errand, "SELECT * FROM " + model.name());
    for (ModelFile.Column column : model.columns().values()) {
      for (ColumnTest test : column.tests()) {
        String sql = TestSql.failing(model.name(), column.name(), test, key);
        String label = key.orElse(column.name());
        try {
          outcomes.add(
              run(
                  engine,
                  errand,
                  new Check(
                      test.name() + "(" + column.name() + ")",
                      Optional.of(column.name()),
                      sql,
                      label)));
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
  public TestOutcome audit(Errand errand, AuditFile audit) {
    try {
      List<Column> columns =
          engines.usual().describe(audit.sql(), new ReadView.OfRun(errand.runId()));
      String key = columns.get(0).name();
      String sql =
          "SELECT failing_row.%s AS failing_key FROM (\n%s\n) failing_row"
              .formatted(Column.quote(key), audit.sql());
      return run(
          chosen(errand, audit.sql()), errand, new Check(audit.name(), Optional.empty(), sql, key));
    } catch (EcluseException e) {
      throw located(audit.path(), e);
    }
  }

  /** The same, for a writer that leaves something only while the fence lets it. */
  public Models behind(Fence fence) {
    return new Models(materializations, warehouse.behind(fence), engines, states.behind(fence));
  }

  private record Check(String name, Optional<String> column, String failing, String keyLabel) {}

  private static TestOutcome run(Engine engine, Errand errand, Check check) {
    Sample failing =
        engine.sample(
            check.failing(),
            new ReadView.OfRun(errand.runId()),
            SAMPLED_ROWS,
            errand.cancellation());
    List<String> keys =
        failing.first().stream()
            .filter(row -> row[0] != null)
            .limit(SHOWN_KEYS)
            .map(row -> check.keyLabel() + " = " + row[0])
            .toList();
    return new TestOutcome(check.name(), check.column(), failing.rows(), keys);
  }

  private static EcluseException located(String path, EcluseException e) {
    if (e.code() != ErrorCode.SQL_INVALID
        && e.code() != ErrorCode.NOT_FOUND
        && e.code() != ErrorCode.INVALID_PROJECT) {
      return e;
    }
    String where = e.position().map(p -> path + ":" + p.line() + ":" + p.column()).orElse(path);
    return e.code().error(where + ": " + e.getMessage(), e);
  }
}
