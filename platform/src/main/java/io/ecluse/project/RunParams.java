package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a run is started with: the defaults of its DAG, and over them what a person gives. */
public record RunParams(Project project) {
  /**
   * The value of every parameter of a run.
   *
   * @throws EcluseException INVALID_USAGE if one is unknown, has no value, or one that cannot be
   */
  public Map<String, String> of(Dag dag, Map<String, String> given) {
    Set<String> used = used(dag);
    Set<String> known = new TreeSet<>(used);
    known.addAll(dag.params().keySet());
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        throw new EcluseException(
            ErrorCode.INVALID_USAGE,
            "%s has no parameter '%s': %s"
                .formatted(dag.id(), name, Nearest.hint(name, known).orElse("it has none")),
            name);
      }
    }
    Map<String, String> values = new TreeMap<>(dag.params());
    values.putAll(given);
    for (String name : used) {
      if (!values.containsKey(name)) {
        throw new EcluseException(
            ErrorCode.INVALID_USAGE,
            "%s needs the parameter %s: give it with --param %s=VALUE"
                .formatted(dag.id(), name, name),
            name);
      }
    }
    values.forEach(SqlParams::check);
    Map<String, ParamKind> kinds = kinds(dag);
    given.forEach((name, value) -> kinds.getOrDefault(name, ParamKind.TEXT).check(name, value));
    return values;
  }

  /** What values the parameters of a DAG take; none if it has no file. */
  public Map<String, ParamKind> kinds(Dag dag) {
    return Optional.ofNullable(project.dags().get(dag.id()))
        .map(DagFile::paramKinds)
        .orElse(Map.of());
  }

  /** The parameters that the models and audits of a DAG name; files with errors name none. */
  private Set<String> used(Dag dag) {
    Set<String> used = new TreeSet<>();
    for (Task task : dag.tasks()) {
      project
          .vocabulary()
          .task(task.work().kind())
          .ifPresent(kind -> used.addAll(kind.params(task.work(), project)));
    }
    return used;
  }

  /** For a DAG without a file: the defaults on which all DAGs of the project agree. */
  Map<String, String> agreed(Dag dag) {
    Map<String, String> agreed = new TreeMap<>();
    for (String name : used(dag)) {
      Set<String> values = new TreeSet<>();
      project
          .dags()
          .values()
          .forEach(file -> Optional.ofNullable(file.params().get(name)).ifPresent(values::add));
      if (values.size() == 1) {
        agreed.put(name, values.iterator().next());
      }
    }
    return agreed;
  }
}
