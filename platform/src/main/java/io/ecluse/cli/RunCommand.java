package io.ecluse.cli;

import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.project.DagExpander;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
          Dag expanded = new DagExpander(project).expand(project.dag(dag));
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
    Set<String> kept = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(taskId));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (kept.add(next)) {
        dag.tasks().stream()
            .filter(t -> t.upstream().contains(next))
            .forEach(t -> open.add(t.id()));
      }
    }
    return dag.only(kept);
  }
}
