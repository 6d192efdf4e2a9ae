package io.ecluse.cli;

import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Runs a DAG, shows how it goes and ends with its result.")
final class RunCommand extends RunningCommand {
  @Parameters(paramLabel = "DAG", description = "name of a file in dags/, without .yaml")
  private String dag = "";

  @Option(
      names = "--from",
      paramLabel = "TASK",
      description = "only this task and those that wait for it")
  private Optional<String> from = Optional.empty();

  @Override
  public Integer call() {
    return run(
        project -> {
          Dag expanded = expander(project).expand(project.dag(dag));
          return from.map(task -> from(expanded, task)).orElse(expanded);
        });
  }

  private static Dag from(Dag dag, String taskId) {
    if (dag.task(taskId).isEmpty()) {
      throw ErrorCode.NOT_FOUND.error(
          "DAG %s has no task %s; it has %s"
              .formatted(
                  dag.id(),
                  taskId,
                  String.join(", ", dag.tasks().stream().map(Task::id).toList())));
    }
    return dag.only(dag.from(taskId));
  }
}
