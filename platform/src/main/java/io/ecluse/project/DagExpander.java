package io.ecluse.project;

import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile.Action;
import io.ecluse.project.DagFile.Step;
import io.ecluse.schema.RowsWanted;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the DAG that runs of the DAG that is written: a task for each stream to load, for each
 * model to build and to test, for each audit; edges where one reads what another makes; and a last
 * task that publishes what the run loaded or built. A model or audit whose file has errors is a
 * task too, which waits for nothing and fails with what is wrong. Immutable and thread-safe.
 */
public final class DagExpander {
  private final Project project;
  private final ModelGraph models;
  private final Compute asked;

  public DagExpander(Project project) {
    this(project, Compute.UNSAID);
  }

  /**
   * For a command.
   *
   * @param asked by what models are built, whatever files say
   */
  public DagExpander(Project project, Compute asked) {
    this.project = project;
    this.models = ModelGraph.of(project);
    this.asked = asked;
  }

  /** The DAG of a file of the project. */
  public Dag expand(DagFile file) {
    return new Expansion(project, models, file, asked).dag();
  }

  /**
   * The DAG of {@code ecluse extract SOURCE [STREAM…]}; no streams means all.
   *
   * @param reading which rows
   */
  public Dag extract(String source, List<String> streams, RowsWanted reading) {
    return ofStreams("extract", "Extract ", source, streams, Map.of("rows", reading.text()));
  }

  /** The DAG of {@code ecluse load SOURCE [STREAM…]}; no streams means all. */
  public Dag load(String source, List<String> streams) {
    return ofStreams("load", "Load ", source, streams, Map.of());
  }

  private Dag ofStreams(
      String kind, String verb, String source, List<String> streams, Map<String, String> texts) {
    SourceFile file = project.source(source);
    for (String stream : streams) {
      if (!file.streams().isEmpty()) {
        Nearest.require("stream of " + source, stream, file.streams());
      }
    }
    Action action = ask(kind, source, Map.of("streams", streams), texts);
    return adhoc("adhoc." + kind, verb + source, List.of(step(kind + "_" + source, action)));
  }

  /**
   * The DAG of {@code ecluse build SELECTOR}: builds and tests the models, runs the audits that
   * read any of them, publishes.
   */
  public Dag build(String selector) {
    return withAudits("build", "Build " + selector, selector);
  }

  /**
   * The same, leaving models as they are published; what audits say of those may have changed with
   * other tables, so they are run.
   *
   * @param skipped none of them reads one that is built
   */
  public Dag build(String selector, Set<TableName> skipped) {
    Dag dag = build(selector);
    if (skipped.isEmpty()) {
      return dag;
    }
    Set<String> names = skipped.stream().map(TableName::toString).collect(Collectors.toSet());
    Set<String> kept = new LinkedHashSet<>();
    for (Task task : dag.tasks()) {
      if (!names.contains(task.work().label())) { // builds and tests are labelled by their model
        kept.add(task.id());
      }
    }
    boolean builds =
        dag.tasks().stream().anyMatch(t -> kept.contains(t.id()) && !t.work().writes().isEmpty());
    if (!builds) {
      dag.tasks().stream()
          .filter(t -> t.work().equals(Work.PUBLISH))
          .forEach(t -> kept.remove(t.id()));
    }
    return dag.only(kept);
  }

  /**
   * The DAG of {@code ecluse test SELECTOR}: tests the models and runs the audits that read any of
   * them.
   */
  public Dag test(String selector) {
    return withAudits("test", "Test " + selector, selector);
  }

  private Dag withAudits(String kind, String description, String selector) {
    List<Step> steps = new ArrayList<>(List.of(step(kind, ask(kind, selector))));
    audits(models(selector)).ifPresent(names -> steps.add(step("audit", ask("audit", names))));
    return adhoc("adhoc." + kind, description, steps);
  }

  /** The models that a selector means, each after those that it reads. */
  public List<TableName> models(String selector) {
    Optional<String> mistake = Format.SELECTOR.mistake(selector);
    if (mistake.isPresent()) {
      throw ErrorCode.INVALID_USAGE.error("Wrong selector: " + mistake.get());
    }
    return models.select(selector);
  }

  private Optional<String> audits(List<TableName> selected) {
    Set<String> names = new LinkedHashSet<>();
    for (AuditFile audit : project.audits().values()) {
      if (audit.upstream().stream().anyMatch(selected::contains)) {
        names.add(audit.name());
      }
    }
    for (BrokenFile audit : project.broken().of(BrokenFile.Kind.AUDIT).values()) {
      if (audit.reads().stream().anyMatch(selected::contains)) {
        names.add(audit.name());
      }
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join(",", names));
  }

  private Dag adhoc(String id, String description, List<Step> steps) {
    DagFile file =
        new DagFile(
            id,
            "",
            description,
            Optional.empty(),
            RunLimits.DEFAULT,
            Compute.UNSAID,
            Map.of(),
            Map.of(),
            steps);
    Dag dag = new Expansion(project, models, file, asked).dag();
    return dag.withParams(new RunParams(project).agreed(dag));
  }

  private Action ask(String kind, String what) {
    return ask(kind, what, Map.of(), Map.of());
  }

  /** As if it stood in a file. */
  private Action ask(
      String kind, String what, Map<String, List<String>> lists, Map<String, String> texts) {
    Map<String, Value> task = new LinkedHashMap<>();
    task.put(kind, text(what));
    lists.forEach(
        (name, list) ->
            task.put(
                name,
                new Value.Items(Position.START, list.stream().map(DagExpander::text).toList())));
    texts.forEach((name, text) -> task.put(name, text(text)));
    return Nearest.require("kind of task", kind, project.vocabulary().tasks())
        .action(new Value.Entries(Position.START, task, Map.of()));
  }

  private static Value text(String text) {
    return new Value.Text(Position.START, text);
  }

  private static Step step(String name, Action action) {
    return new Step(
        name, action, Set.of(), RetryPolicy.DEFAULT, Task.DEFAULT_TIMEOUT, Task.DEFAULT_QUEUE);
  }
}
