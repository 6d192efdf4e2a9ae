package io.ecluse.flow;

import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion;
import io.ecluse.project.Format;
import io.ecluse.project.Localized;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Shape;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.schema.TableName;
import java.util.List;
import java.util.Optional;

/** Tests models without building them. */
public final class TestKind implements TaskKind {
  static final String TEST = "test";

  @Override
  public String name() {
    return TEST;
  }

  @Override
  public Localized word() {
    return new Localized("test", "test");
  }

  @Override
  public List<Shape.Field> keys() {
    return List.of(
        Shape.Field.optional(
            TEST, new Shape.Text(Format.SELECTOR), "Models to test without building."));
  }

  @Override
  public void check(StepCheck step) {
    step.task().text(TEST).ifPresent(step::requireModels);
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    String selector = task.text(TEST, "");
    return expansion -> expand(expansion, selector);
  }

  private static void expand(Expansion expansion, String selector) {
    for (TableName model : expansion.models().select(selector)) {
      Optional<ModelFile> file = Optional.ofNullable(expansion.project().models().get(model));
      if (file.map(ModelFile::hasTests).orElse(true)) { // of a broken one nobody knows
        ModelTasks.addTests(expansion, model, ModelTasks.order(file.isPresent()));
      }
    }
  }

  @Override
  public Optional<Target> target(Work work) {
    return ModelTasks.target(work);
  }

  @Override
  public TaskResult run(TaskRun run) {
    ModelFile model = ModelTasks.model(run);
    return run.judged(model.name().lower(), run.stages().models().test(run.errand(), model));
  }
}
