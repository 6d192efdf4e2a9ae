package io.ecluse.scheduler;

import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The edges of a DAG, the way the scheduler asks for them. */
final class RunGraph {
  private final Dag dag;
  private final Map<String, Task> tasks = new HashMap<>();
  private final Map<String, List<String>> downstream = new HashMap<>();

  RunGraph(Dag dag) {
    this.dag = dag;
    for (Task task : dag.tasks()) {
      tasks.put(task.id(), task);
      task.upstream()
          .forEach(u -> downstream.computeIfAbsent(u, k -> new ArrayList<>()).add(task.id()));
    }
  }

  Dag dag() {
    return dag;
  }

  Task task(String id) {
    Task task = tasks.get(id);
    if (task == null) {
      throw new AssertionError("Run of " + dag.id() + " has no task " + id);
    }
    return task;
  }

  List<String> dependants(String id) {
    return downstream.getOrDefault(id, List.of());
  }

  /** All that wait for this task, directly or not; itself left out. */
  Set<String> descendants(String id) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(dependants(id));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (found.add(next)) {
        open.addAll(dependants(next));
      }
    }
    return found;
  }
}
