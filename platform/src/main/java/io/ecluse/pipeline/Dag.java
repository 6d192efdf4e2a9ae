package io.ecluse.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A workflow: tasks and what each waits for. Ids are unique, upstreams exist, nothing is a cycle.
 *
 * @param params what a run is started with unless other values are given
 */
public record Dag(
    String id,
    String description,
    Optional<Schedule> schedule,
    RunLimits limits,
    List<Task> tasks,
    Map<String, String> params) {
  public Dag {
    Checks.name("id of a DAG", id);
    tasks = List.copyOf(tasks);
    params = Collections.unmodifiableMap(new TreeMap<>(params));
    checkTasks(id, tasks);
  }

  /** The same with other parameters. */
  public Dag withParams(Map<String, String> other) {
    return new Dag(id, description, schedule, limits, tasks, other);
  }

  /** These tasks and no others; none of them waits for one that is left out. */
  public Dag only(Set<String> taskIds) {
    List<Task> kept = new ArrayList<>();
    for (Task task : tasks) {
      if (taskIds.contains(task.id())) {
        Set<String> upstream = new LinkedHashSet<>(task.upstream());
        upstream.retainAll(taskIds);
        kept.add(
            new Task(task.id(), task.work(), upstream, task.retry(), task.timeout(), task.queue()));
      }
    }
    return new Dag(id, description, schedule, limits, kept, params);
  }

  /** Ids of a task and of all that wait for it, directly or not. */
  public Set<String> from(String taskId) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(taskId));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (found.add(next)) {
        tasks.stream().filter(t -> t.upstream().contains(next)).forEach(t -> open.add(t.id()));
      }
    }
    return found;
  }

  /** The task with this id, if the DAG has it. */
  public Optional<Task> task(String taskId) {
    return tasks.stream().filter(task -> task.id().equals(taskId)).findFirst();
  }

  private static void checkTasks(String id, List<Task> tasks) {
    Map<String, Set<String>> upstreams = new HashMap<>();
    for (Task task : tasks) {
      if (upstreams.put(task.id(), task.upstream()) != null) {
        throw Checks.invalid("DAG %s has two tasks named %s".formatted(id, task.id()));
      }
    }
    Set<String> ids = new HashSet<>(upstreams.keySet());
    for (Task task : tasks) {
      for (String upstream : task.upstream()) {
        if (!ids.contains(upstream)) {
          throw Checks.invalid(
              "Task %s of DAG %s waits for %s, which is not a task of it"
                  .formatted(task.id(), id, upstream));
        }
      }
    }
    Cycles.find(tasks.stream().map(Task::id).toList(), upstreams::get)
        .ifPresent(
            cycle -> {
              throw Checks.invalid("DAG %s has a cycle: %s".formatted(id, Cycles.spell(cycle)));
            });
  }
}
