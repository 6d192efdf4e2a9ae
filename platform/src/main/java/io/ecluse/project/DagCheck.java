package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.pipeline.Cycles;
import io.ecluse.project.ProjectFiles.Part;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that a DAG file speaks of what there is, and in an order that can work. */
record DagCheck(ProjectFiles files, ModelGraph models, Vocabulary vocabulary, Problems problems) {
  private static final String PUBLISH = "publish";

  void check(Part part) {
    Problems.OfFile ofFile = problems.in(part.path());
    Value.Entries dag = part.entries();
    Value.Entries tasks = dag.entries("tasks");
    if (dag.has("tasks") && tasks.keys().isEmpty()) {
      ofFile.error(dag.keyAt("tasks"), "The DAG has no task");
    }
    if (tasks.has(PUBLISH)) {
      ofFile.error(
          tasks.keyAt(PUBLISH),
          "The task name 'publish' is taken",
          "a task of that name is added to every DAG that loads or builds");
    }
    if (dag.has("timezone") && !dag.keys().containsKey("schedule")) {
      ofFile.warning(
          dag.keyAt("timezone"),
          "A time zone means nothing without a schedule",
          "add schedule: \"0 3 * * *\"");
    }
    Map<String, Set<String>> after = new LinkedHashMap<>();
    tasks.keys().keySet().forEach(name -> after.put(name, checkAfter(name, tasks, ofFile)));
    checkCycle(after, tasks, ofFile);
    Set<String> params = dag.entries("params").keys().keySet();
    Map<String, Set<String>> allBefore = new LinkedHashMap<>();
    tasks.values().keySet().forEach(name -> allBefore.put(name, ancestors(name, after)));
    StepCheck.Dag steps = new StepCheck.Dag(files, models, tasks, allBefore, params, ofFile);
    for (TaskForm kind : vocabulary.asked()) {
      for (String name : tasks.values().keySet()) {
        if (tasks.entries(name).has(kind.name())) {
          kind.check(new StepCheck(name, steps));
        }
      }
    }
  }

  private Set<String> checkAfter(String name, Value.Entries tasks, Problems.OfFile ofFile) {
    Set<String> upstream = new LinkedHashSet<>();
    for (Value.Text other : tasks.entries(name).items("after").texts()) {
      if (!tasks.keys().containsKey(other.text())) {
        ofFile.error(
            other.at(),
            "There is no task '%s' in this DAG".formatted(other.text()),
            Nearest.hint(other.text(), tasks.keys().keySet()));
      } else {
        upstream.add(other.text());
      }
    }
    return upstream;
  }

  private static void checkCycle(
      Map<String, Set<String>> after, Value.Entries tasks, Problems.OfFile ofFile) {
    Set<String> left = new LinkedHashSet<>(after.keySet());
    Optional<List<String>> cycle = Cycles.find(left, after::get);
    while (cycle.isPresent()) {
      String waiting = cycle.get().get(1);
      ofFile.error(
          tasks.entries(waiting).keyAt("after"),
          "Tasks wait for each other in a circle: " + Cycles.spell(cycle.get()));
      left.removeAll(new HashSet<>(cycle.get()));
      cycle = Cycles.find(left, after::get);
    }
  }

  private static Set<String> ancestors(String name, Map<String, Set<String>> after) {
    Set<String> found = new LinkedHashSet<>(after.getOrDefault(name, Set.of()));
    Set<String> fresh = new LinkedHashSet<>(found);
    while (!fresh.isEmpty()) {
      Set<String> next = new LinkedHashSet<>();
      fresh.forEach(task -> next.addAll(after.getOrDefault(task, Set.of())));
      next.removeAll(found);
      found.addAll(next);
      fresh = next;
    }
    return found;
  }
}
