package io.ecluse.project;

import io.ecluse.pipeline.Work;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of task, as the project's files and people speak of it: what a DAG file may say, what
 * tasks that becomes, and how they are shown. Who runs them adds how. Stateless.
 */
public interface TaskForm {
  /** The stable lower-case name, as the run store and the API spell it. */
  String name();

  /** What people call it. */
  Localized word();

  /**
   * The keys that a task of a DAG file may have for it, beside those of every task. The first asks
   * for the kind and is called like it; without any, no file can ask for it.
   */
  default List<Shape.Field> keys() {
    return List.of();
  }

  /** Says what is wrong with a task that keeps to its shape: with what it refers to. */
  default void check(StepCheck step) {}

  /**
   * What a task asks for.
   *
   * @param task as it stands in the file, without errors
   */
  default DagFile.Action action(Value.Entries task) {
    return expansion -> {};
  }

  /** Where people find what a task is about. */
  default Optional<Target> target(Work work) {
    return Optional.empty();
  }

  /** Whether the number of rows is worth telling even if there were none. */
  default boolean countsRows() {
    return false;
  }

  /** The parameters that the SQL of a task names; files with errors name none. */
  default Set<String> params(Work work, Project project) {
    return Set.of();
  }

  /** A thing of the project: a {@code table} or a {@code source}, by its name. */
  record Target(String type, String name) {}
}
