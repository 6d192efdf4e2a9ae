package io.ecluse.flow;

import io.ecluse.pipeline.Work;
import io.ecluse.project.ColumnTest;
import io.ecluse.project.Compute;
import io.ecluse.project.Expansion;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.TaskForm.Target;
import io.ecluse.schema.TableName;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the kinds that work on models share. */
final class ModelTasks {
  private static final String MODEL = "model";

  private ModelTasks() {}

  static Work work(String kind, TableName model) {
    return new Work(kind, Map.of(MODEL, model.toString()));
  }

  static Optional<Target> target(Work work) {
    return Optional.of(new Target("table", work.text(MODEL)));
  }

  /** The model of a task; INVALID_PROJECT if its file has errors. */
  static ModelFile model(TaskRun run) {
    return run.project().model(run.work().text(MODEL));
  }

  /** Empty if its file has errors. */
  static Optional<ModelFile> file(Project project, Work work) {
    return TableName.find(work.text(MODEL)).map(project.models()::get);
  }

  /** What cannot run need not wait to say so. */
  static Planned.Order order(boolean isWhole) {
    return isWhole ? Planned.Order.STEPS : Planned.Order.INPUTS;
  }

  /** What a model says of its engine; nothing if its file has errors. */
  static Compute compute(Optional<ModelFile> file) {
    return file.map(ModelFile::compute).orElse(Compute.UNSAID);
  }

  /** Plans the tests of a model. */
  static void addTests(Expansion expansion, TableName model, Planned.Order order) {
    Set<TableName> reads = new LinkedHashSet<>();
    Optional.ofNullable(expansion.project().models().get(model))
        .ifPresent(
            file -> {
              reads.add(file.name());
              file.columns().values().stream()
                  .flatMap(c -> c.tests().stream())
                  .filter(ColumnTest.Relationship.class::isInstance)
                  .map(ColumnTest.Relationship.class::cast)
                  .forEach(r -> reads.add(r.to()));
            });
    Compute own = compute(Optional.ofNullable(expansion.project().models().get(model)));
    Work test = expansion.computed(work(TestKind.TEST, model), own);
    expansion.add(new Planned("test." + model, test, reads, order));
  }
}
