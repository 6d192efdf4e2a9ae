package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.schema.TableName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tables of a run that another run published since this one began to write them: publishing them
 * again cannot help, only writing them again from what is published now. This says from where.
 */
record LostRace(Project project) {
  private static final String NUMBER = "-\\d{8}T\\d{6}-[0-9a-f]{4}$";

  EcluseException error(String runId, List<TableName> overtaken) {
    String names = overtaken.stream().map(TableName::toString).collect(Collectors.joining(", "));
    return ErrorCode.COMMIT_CONFLICT.error(
        "%s: published by another run since this one began to write; nothing of this run was published. %s"
            .formatted(names, remedy(runId, overtaken)));
  }

  private String remedy(String runId, List<TableName> overtaken) {
    String id = runId.replaceFirst(NUMBER, "");
    if (!project.dags().containsKey(id)) {
      return "Run the same command again";
    }
    Dag dag = new DagExpander(project).expand(project.dag(id));
    return first(dag, overtaken)
        .map(
            task ->
                "Write them again from what is published now: retry this run from task %s, or ecluse run %s --from %s"
                    .formatted(task.id(), id, task.id()))
        .orElse("Write them again from what is published now: ecluse run " + id);
  }

  /** The task that writes one of the tables and after which all others are written too. */
  private static Optional<Task> first(Dag dag, List<TableName> overtaken) {
    List<Task> writers =
        dag.tasks().stream().filter(t -> overtaken.stream().anyMatch(n -> writes(t, n))).toList();
    List<String> ids = writers.stream().map(Task::id).toList();
    return writers.stream()
        .filter(w -> dag.from(w.id()).containsAll(ids))
        .filter(w -> overtaken.stream().allMatch(n -> writers.stream().anyMatch(t -> writes(t, n))))
        .findFirst();
  }

  private static boolean writes(Task task, TableName table) {
    return task.work().writes().stream()
        .map(TableName::parse)
        .anyMatch(
            made ->
                made.name().equals(Work.ALL)
                    ? made.schema().equals(table.schema())
                    : made.lower().equals(table));
  }
}
