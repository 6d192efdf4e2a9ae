package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.Nearest;
import io.ecluse.pipeline.Cycles;
import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import io.ecluse.schema.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks that a DAG file speaks of what there is, and in an order that can work. */
final class DagCheck {
  private static final String PUBLISH = "publish";

  private final ProjectFiles files;
  private final ModelGraph models;
  private final Problems problems;

  DagCheck(ProjectFiles files, ModelGraph models, Problems problems) {
    this.files = files;
    this.models = models;
    this.problems = problems;
  }

  void check(Part part) {
    Problems.OfFile ofFile = problems.in(part.path());
    Value.Entries dag = part.content().orElseGet(() -> Value.Entries.none(Position.START));
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
    tasks.values().keySet().forEach(name -> checkWork(tasks.entries(name), params, ofFile));
    checkLoads(tasks, after, ofFile);
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

  private void checkWork(Value.Entries task, Set<String> params, Problems.OfFile ofFile) {
    task.text("extract").ifPresent(source -> checkSource(source, task, ofFile));
    task.text("load").ifPresent(source -> checkSource(source, task, ofFile));
    task.text("build").ifPresent(selector -> checkModels(selector, params, ofFile));
    task.text("test").ifPresent(selector -> checkModels(selector, params, ofFile));
    task.text("audit").ifPresent(selector -> checkAudits(selector, params, ofFile));
  }

  private void checkSource(Value.Text source, Value.Entries task, Problems.OfFile ofFile) {
    Part part = files.sources().get(source.text());
    if (part == null) {
      ofFile.error(
          source.at(),
          "There is no source '%s'".formatted(source.text()),
          Nearest.hint(source.text(), files.sources().keySet())
              .or(() -> Optional.of("add sources/" + source.text() + ".yaml")));
      return;
    }
    Collection<String> streams =
        part.content().map(content -> content.entries("streams").keys().keySet()).orElse(Set.of());
    Set<String> seen = new HashSet<>();
    for (Value.Text stream : task.items("streams").texts()) {
      if (!seen.add(stream.text())) {
        ofFile.error(stream.at(), "The stream '%s' comes a second time".formatted(stream.text()));
      } else if (!streams.isEmpty() && !streams.contains(stream.text())) {
        ofFile.error(
            stream.at(),
            "The source %s has no stream '%s'".formatted(source.text(), stream.text()),
            Nearest.hint(stream.text(), streams));
      }
    }
  }

  private void checkModels(Value.Text selector, Set<String> params, Problems.OfFile ofFile) {
    try {
      for (TableName model : models.select(selector.text())) {
        checkParams(selector, files.models().get(model), params, ofFile);
      }
    } catch (EcluseException e) {
      ofFile.error(selector.at(), String.valueOf(e.getMessage()));
    }
  }

  private void checkAudits(Value.Text selector, Set<String> params, Problems.OfFile ofFile) {
    try {
      for (String part : selector.text().split(",", -1)) {
        for (String audit : ModelGraph.matching("audit", part.strip(), files.audits().keySet())) {
          checkParams(selector, files.audits().get(audit), params, ofFile);
        }
      }
    } catch (EcluseException e) {
      ofFile.error(selector.at(), String.valueOf(e.getMessage()));
    }
  }

  private static void checkParams(
      Value.Text selector, @Nullable SqlPart part, Set<String> params, Problems.OfFile ofFile) {
    if (part == null) {
      return;
    }
    for (String name : part.sql().params()) {
      if (!params.contains(name)) {
        ofFile.error(
            selector.at(),
            "%s names the parameter '%s', which this DAG does not declare"
                .formatted(part.path(), name),
            Nearest.of(name, params)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("add params: { " + name + ": … } with its default"));
      }
    }
  }

  /** A load must come after every extract of its source, or it races with it. */
  private void checkLoads(
      Value.Entries tasks, Map<String, Set<String>> after, Problems.OfFile ofFile) {
    Map<String, Set<String>> extracts = new HashMap<>();
    tasks
        .values()
        .keySet()
        .forEach(
            name ->
                tasks
                    .entries(name)
                    .text("extract")
                    .ifPresent(
                        source ->
                            extracts
                                .computeIfAbsent(source.text(), s -> new TreeSet<>())
                                .add(name)));
    for (String name : tasks.values().keySet()) {
      Optional<Value.Text> source = tasks.entries(name).text("load");
      if (source.isEmpty() || !files.sources().containsKey(source.get().text())) {
        continue;
      }
      Set<String> before = extracts.getOrDefault(source.get().text(), Set.of());
      if (before.isEmpty()) {
        ofFile.warning(
            source.get().at(),
            "No task of this DAG extracts " + source.get().text(),
            "the newest batch that is in staging will be loaded");
      }
      Set<String> waited = ancestors(name, after);
      for (String extract : before) {
        if (!waited.contains(extract) && !extract.equals(name)) {
          ofFile.error(
              tasks.keyAt(name),
              "%s does not wait for %s, which extracts what it loads".formatted(name, extract),
              "add after: [" + extract + "]");
        }
      }
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
