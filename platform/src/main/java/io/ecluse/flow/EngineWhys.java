package io.ecluse.flow;

import io.ecluse.engine.Engines;
import io.ecluse.error.EcluseException;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** By which engine the models of a DAG would be built now, and why; nothing is run for it. */
public final class EngineWhys {
  private static final String NONE = "-";

  private EngineWhys() {}

  /**
   * A model's.
   *
   * @param engine its name; a dash where none is needed or could be told
   * @param why for people
   */
  public record Why(String model, String engine, String why) {}

  /** Those of a DAG, in its order. */
  public static List<Why> of(Stages stages, Project project, Dag dag, String environment) {
    List<Why> whys = new ArrayList<>();
    for (Task task : dag.tasks()) {
      if (task.work().kind().equals(BuildKind.BUILD)) {
        whys.add(of(stages, project, task, dag, environment));
      }
    }
    return whys;
  }

  private static Why of(Stages stages, Project project, Task task, Dag dag, String environment) {
    String name = task.work().label();
    Optional<ModelFile> file = ModelTasks.file(project, task.work());
    if (file.isEmpty()) {
      return new Why(name, NONE, "its file has errors");
    }
    try {
      Optional<Engines.Choice> choice =
          stages
              .models()
              .choice(file.get(), dag.params(), TaskRun.wish(task.work(), project, environment));
      return choice
          .map(c -> new Why(name, c.name(), c.why()))
          .orElseGet(() -> new Why(name, NONE, "a view has no rows of its own"));
    } catch (EcluseException e) {
      return new Why(name, NONE, String.valueOf(e.getMessage()));
    }
  }
}
