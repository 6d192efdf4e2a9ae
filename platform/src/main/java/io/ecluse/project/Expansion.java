package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile.Step;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One expansion of a DAG file, to which the kinds of its tasks add what runs. */
public final class Expansion {
  private final Project project;
  private final ModelGraph models;
  private final DagFile file;
  private final Compute asked;

  /** Tasks of the DAG, with what they wait for so far. */
  private final Map<String, Node> nodes = new LinkedHashMap<>();

  private final Map<String, List<Node>> bySteps = new LinkedHashMap<>();

  /** Which task makes a table; also of every table of a schema, of which nobody knows the names. */
  private final Map<TableName, Node> makers = new HashMap<>();

  private Optional<Step> current = Optional.empty();

  Expansion(Project project, ModelGraph models, DagFile file, Compute asked) {
    this.project = project;
    this.models = models;
    this.file = file;
    this.asked = asked;
  }

  /**
   * A task that is planned.
   *
   * @param id unique in the DAG
   * @param reads tables, in a stable order; it waits for the tasks that make them
   * @param order whether it waits for what its step comes after, too
   */
  public record Planned(String id, Work work, Set<TableName> reads, Order order) {
    /** What a task waits for. */
    public enum Order {
      /**
       * For what makes the tables that it reads; if that is nothing of a step that its own comes
       * after, for all of that.
       */
      STEPS,
      /** For what makes the tables that it reads, and for nothing else. */
      INPUTS
    }

    public Planned {
      reads = Collections.unmodifiableSet(new LinkedHashSet<>(reads));
    }

    /** A task that reads no tables. */
    public static Planned of(String id, Work work) {
      return new Planned(id, work, Set.of(), Order.STEPS);
    }
  }

  /** A planned task in the making. */
  private record Node(Planned planned, Step step, Set<String> upstream) {
    String id() {
      return planned.id();
    }

    boolean makesTables() {
      return !planned.work().writes().isEmpty();
    }
  }

  public Project project() {
    return project;
  }

  public ModelGraph models() {
    return models;
  }

  /** The file that is expanded. */
  public DagFile file() {
    return file;
  }

  /**
   * Work that is told by what it is done, as far as that is said.
   *
   * @param own what is said of it itself
   */
  public Work computed(Work work, Compute own) {
    return asked.over(own).over(file.compute()).tell(work);
  }

  /** The name of the entry that is expanded now. */
  public String step() {
    return current.orElseThrow().name();
  }

  /**
   * Adds a task of the step that is expanded now.
   *
   * @throws EcluseException INVALID_PROJECT if another does the same
   */
  public void add(Planned planned) {
    Step step = current.orElseThrow();
    Work work = planned.work();
    Node node = new Node(planned, step, new LinkedHashSet<>());
    Node other = nodes.putIfAbsent(planned.id(), node);
    boolean madeTwice =
        node.makesTables()
            && nodes.values().stream().anyMatch(n -> n != node && n.planned().work().equals(work));
    if (other != null || madeTwice) {
      throw ErrorCode.INVALID_PROJECT.error(
          "The tasks %s of DAG %s both %s %s: leave it to one of them"
              .formatted(stepsWith(work, step), file.id(), work.kind(), work.label()));
    }
    nodesOf(step.name()).add(node);
    work.writes().forEach(table -> makers.put(TableName.find(table).orElseThrow(), node));
  }

  Dag dag() {
    file.steps().forEach(step -> bySteps.put(step.name(), new ArrayList<>()));
    file.steps().forEach(this::addNodes);
    nodes.values().forEach(node -> node.planned().reads().forEach(t -> waitForMaker(node, t)));
    nodes.values().forEach(this::addOrderEdges);
    List<Task> tasks = new ArrayList<>();
    for (Node node : nodes.values()) {
      Step step = node.step();
      tasks.add(
          new Task(
              node.id(),
              node.planned().work(),
              node.upstream(),
              step.retry(),
              step.timeout(),
              step.queue()));
    }
    if (nodes.values().stream().anyMatch(Node::makesTables)) {
      tasks.add(Task.of(Work.PUBLISH.kind(), Work.PUBLISH, terminals()));
    }
    return new Dag(
        file.id(), file.description(), file.schedule(), file.limits(), tasks, file.params());
  }

  private void addNodes(Step step) {
    current = Optional.of(step);
    step.action().expand(this);
    if (nodesOf(step.name()).isEmpty()) {
      add(Planned.of(step.name(), Work.EMPTY)); // so that whatever waits for the step waits on
    }
  }

  private String stepsWith(Work work, Step last) {
    return nodes.values().stream()
            .filter(node -> node.planned().work().equals(work))
            .map(node -> node.step().name())
            .findFirst()
            .orElse(last.name())
        + " and "
        + last.name();
  }

  private void waitForMaker(Node node, TableName table) {
    Optional.ofNullable(makers.get(table))
        .or(() -> Optional.ofNullable(makers.get(new TableName(table.schema(), Work.ALL))))
        .ifPresent(maker -> node.upstream().add(maker.id()));
  }

  /**
   * Edges of {@code after}. Whatever reads tables waits for the very loads and builds that make
   * them, not for all of the step: that is what lets a model start as soon as its own inputs are
   * there. A task with none of those waits for the whole step, so that {@code after} is never
   * without effect.
   */
  private void addOrderEdges(Node node) {
    if (node.planned().order() == Planned.Order.INPUTS) {
      return;
    }
    boolean readsTables = !node.upstream().isEmpty();
    for (String name : node.step().after()) {
      List<Node> step = nodesOf(name);
      boolean makesTables = step.stream().anyMatch(Node::makesTables);
      if (!(makesTables && readsTables)) {
        lastOf(step).forEach(last -> node.upstream().add(last.id()));
      }
    }
  }

  /** The tasks of a step that no other task of the step waits for. */
  private static List<Node> lastOf(List<Node> step) {
    Set<String> waitedFor = new HashSet<>();
    step.forEach(node -> waitedFor.addAll(node.upstream()));
    return step.stream().filter(node -> !waitedFor.contains(node.id())).toList();
  }

  private Set<String> terminals() {
    Set<String> waitedFor = new HashSet<>();
    nodes.values().forEach(node -> waitedFor.addAll(node.upstream()));
    Set<String> terminals = new LinkedHashSet<>(nodes.keySet());
    terminals.removeAll(waitedFor);
    return terminals;
  }

  private List<Node> nodesOf(String step) {
    return bySteps.getOrDefault(step, List.of());
  }
}
