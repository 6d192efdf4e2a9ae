package io.ecluse.flow;

import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Format;
import io.ecluse.project.Localized;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.Shape;
import io.ecluse.project.SqlParams;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.schema.TableName;
import io.ecluse.transform.Models;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds models, each after those that it reads, and has them tested. */
public final class BuildKind implements TaskKind {
  static final String BUILD = "build";

  @Override
  public String name() {
    return BUILD;
  }

  @Override
  public Localized word() {
    return new Localized("build", "construction");
  }

  @Override
  public List<Shape.Field> keys() {
    return List.of(
        Shape.Field.optional(
            BUILD,
            new Shape.Text(Format.SELECTOR),
            "Models to build and test: marts.students, marts.*, +x with what it reads, x+ with what reads it."));
  }

  @Override
  public void check(StepCheck step) {
    step.task().text(BUILD).ifPresent(step::requireModels);
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    String selector = task.text(BUILD, "");
    return expansion -> expand(expansion, selector);
  }

  private static void expand(Expansion expansion, String selector) {
    for (TableName model : expansion.models().select(selector)) {
      Optional<ModelFile> file = Optional.ofNullable(expansion.project().models().get(model));
      expansion.add(
          new Planned(
              "build." + model,
              expansion.computed(
                  ModelTasks.work(BUILD, model).writing(model.toString()),
                  ModelTasks.compute(file)),
              file.map(ModelFile::upstream).orElse(Set.of()),
              ModelTasks.order(file.isPresent())));
      if (file.filter(ModelFile::hasTests).isPresent()) {
        // the build has waited already
        ModelTasks.addTests(expansion, model, Planned.Order.INPUTS);
      }
    }
  }

  @Override
  public Optional<Target> target(Work work) {
    return ModelTasks.target(work);
  }

  @Override
  public Set<String> params(Work work, Project project) {
    return ModelTasks.file(project, work).map(m -> SqlParams.names(m.sql())).orElse(Set.of());
  }

  @Override
  public boolean countsRows() {
    return true;
  }

  @Override
  public TaskResult run(TaskRun run) {
    Models models = run.stages().models();
    ModelFile model = ModelTasks.model(run);
    Job job =
        models.build(
            run.errand(),
            model,
            run.attempt().params(),
            run.attempt().handle().map(JobHandle::parse));
    if (job instanceof Job.Elsewhere elsewhere) {
      if (run.attempt().handle().isEmpty()) {
        run.attempt()
            .log("%s is built elsewhere, as %s".formatted(model.name(), elsewhere.handle()));
      }
      return new TaskResult.Again(elsewhere.after(), Optional.of(elsewhere.handle().toString()));
    } else if (job instanceof Job.Done done) {
      run.attempt()
          .log(
              "Built %s from %s: %s"
                  .formatted(model.name(), model.path(), models.made(model, done.rows())));
      return new TaskResult.Done(done.rows(), 0, done.facts());
    }
    throw new AssertionError("Unhandled " + job);
  }
}
