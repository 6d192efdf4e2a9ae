package io.ecluse.catalog;

import io.ecluse.pipeline.Task;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.LastProgram;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tasks that make tables by programs, whose text says nothing of what they read and write: what
 * their files say, and over that, what they did when they last ran, as the catalog of their run saw
 * it. Immutable.
 */
final class Programs {
  private static final Set<String> KINDS = Set.of("spark", "outside");
  private static final String READS = "reads";

  private Programs() {}

  /**
   * A program.
   *
   * @param runId of the run that it last was part of, as far as that succeeded
   */
  record Program(String dag, String task, Optional<String> runId, Used used) {}

  /** What a program uses. */
  record Used(Set<TableName> reads, Set<TableName> writes) {}

  /** Those of a project. */
  static List<Program> of(Project project, Collection<LastProgram> last) {
    Map<String, LastProgram> told = new LinkedHashMap<>();
    last.forEach(l -> told.put(l.dagId() + "/" + l.taskId(), l));
    DagExpander expander = new DagExpander(project);
    List<Program> programs = new ArrayList<>();
    project
        .dags()
        .forEach(
            (dag, file) ->
                expander.expand(file).tasks().stream()
                    .filter(t -> KINDS.contains(t.work().kind()))
                    .map(t -> program(dag, t, Optional.ofNullable(told.get(dag + "/" + t.id()))))
                    .forEach(programs::add));
    return programs;
  }

  private static Program program(String dag, Task task, Optional<LastProgram> last) {
    return new Program(
        dag,
        task.id(),
        last.map(LastProgram::runId),
        new Used(
            tables(last, READS).orElseGet(() -> tables(task.work().list(READS).stream())),
            tables(last, "writes").orElseGet(() -> tables(task.work().writes().stream()))));
  }

  private static Optional<Set<TableName>> tables(Optional<LastProgram> last, String what) {
    return last.flatMap(l -> Optional.ofNullable(l.facts().get("spark_" + what)))
        .map(text -> tables(Stream.of(text.split(", "))));
  }

  private static Set<TableName> tables(Stream<String> names) {
    Set<TableName> tables = new LinkedHashSet<>();
    names.flatMap(n -> TableName.find(n).stream()).map(TableName::lower).forEach(tables::add);
    return tables;
  }
}
