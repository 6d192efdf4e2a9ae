package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile.Action;
import io.ecluse.project.DagFile.Step;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One expansion of a DAG file, for {@link DagExpander}. */
final class Expansion {
  private static final String PUBLISH = "publish";

  private final Project project;
  private final ModelGraph models;
  private final DagFile file;

  /** Tasks of the DAG, with what they wait for so far. */
  private final Map<String, Node> nodes = new LinkedHashMap<>();

  private final Map<String, List<Node>> bySteps = new LinkedHashMap<>();

  /** Which task makes a table: a load or a build. */
  private final Map<TableName, Node> makers = new HashMap<>();

  /** Loads of every stream, by source. */
  private final Map<String, Node> wholeLoads = new HashMap<>();

  Expansion(Project project, ModelGraph models, DagFile file) {
    this.project = project;
    this.models = models;
    this.file = file;
  }

  /** A task in the making. */
  private record Node(String id, Step step, Work work, Set<String> upstream) {
    boolean makesTables() {
      return work instanceof Work.Load || work instanceof Work.Build;
    }
  }

  Dag dag() {
    file.steps().forEach(step -> bySteps.put(step.name(), new ArrayList<>()));
    file.steps().forEach(this::addNodes);
    nodes.values().forEach(this::addDataEdges);
    nodes.values().forEach(this::addOrderEdges);
    List<Task> tasks = new ArrayList<>();
    for (Node node : nodes.values()) {
      Step step = node.step();
      tasks.add(new Task(node.id(), node.work(), node.upstream(), step.retry(), step.timeout()));
    }
    if (nodes.values().stream().anyMatch(Node::makesTables)) {
      tasks.add(Task.of(PUBLISH, new Work.Publish(), terminals()));
    }
    return new Dag(
        file.id(), file.description(), file.schedule(), file.limits(), tasks, file.params());
  }

  private void addNodes(Step step) {
    Action action = step.action();
    if (action instanceof Action.Extract extract) {
      add(
          step,
          step.name(),
          new Work.Extract(extract.source(), extract.streams(), extract.reading()));
    } else if (action instanceof Action.Load load) {
      addLoads(step, load);
    } else if (action instanceof Action.Build build) {
      for (TableName model : models.select(build.selector())) {
        makers.put(model, add(step, "build." + model, new Work.Build(model.toString())));
        if (model(model).filter(ModelFile::hasTests).isPresent()) {
          add(step, "test." + model, new Work.Test(model.toString()));
        }
      }
    } else if (action instanceof Action.Test test) {
      for (TableName model : models.select(test.selector())) {
        if (model(model).map(ModelFile::hasTests).orElse(true)) { // of a broken one nobody knows
          add(step, "test." + model, new Work.Test(model.toString()));
        }
      }
    } else if (action instanceof Action.Audit audit) {
      selectAudits(audit.selector())
          .forEach(name -> add(step, "audit." + name, new Work.Audit(name)));
    }
    if (nodesOf(step.name()).isEmpty()) {
      add(step, step.name(), new Work.Empty()); // so that whatever waits for the step waits on
    }
  }

  private void addLoads(Step step, Action.Load load) {
    List<String> streams = streams(load);
    if (streams.isEmpty()) {
      Node node = add(step, step.name(), new Work.Load(load.source(), Work.Load.ALL));
      wholeLoads.put(load.source(), node);
    }
    for (String stream : streams) {
      String id = step.name() + "." + stream;
      makers.put(
          new TableName(load.source(), stream),
          add(step, id, new Work.Load(load.source(), stream)));
    }
  }

  /**
   * The streams to load as far as the project knows them: the step's, the extracts', the source's.
   */
  private List<String> streams(Action.Load load) {
    if (!load.streams().isEmpty()) {
      return load.streams();
    }
    Set<String> extracted = new LinkedHashSet<>();
    boolean known = false;
    for (Step step : file.steps()) {
      if (step.action() instanceof Action.Extract extract
          && extract.source().equals(load.source())) {
        if (extract.streams().isEmpty()) {
          return declared(load.source());
        }
        extracted.addAll(extract.streams());
        known = true;
      }
    }
    return known ? List.copyOf(extracted) : declared(load.source());
  }

  private List<String> declared(String source) {
    return Optional.ofNullable(project.sources().get(source))
        .map(file -> List.copyOf(file.streams().keySet()))
        .orElse(List.of());
  }

  private Set<String> selectAudits(String selector) {
    Set<String> all = new TreeSet<>(project.audits().keySet());
    all.addAll(project.broken().of(BrokenFile.Kind.AUDIT).keySet());
    Set<String> names = new TreeSet<>();
    for (String part : selector.split(",", -1)) {
      names.addAll(ModelGraph.matching("audit", part.strip(), all));
    }
    return names;
  }

  private Node add(Step step, String id, Work work) {
    Node node = new Node(id, step, work, new LinkedHashSet<>());
    Node other = nodes.putIfAbsent(id, node);
    boolean loadedTwice =
        work instanceof Work.Load
            && nodes.values().stream().anyMatch(n -> !n.id().equals(id) && n.work().equals(work));
    if (other != null || loadedTwice) {
      throw new EcluseException(
          ErrorCode.INVALID_PROJECT,
          "The tasks %s of DAG %s both %s %s: leave it to one of them"
              .formatted(stepsWith(work, step), file.id(), work.kind(), work.label()));
    }
    nodesOf(step.name()).add(node);
    return node;
  }

  private String stepsWith(Work work, Step last) {
    return nodes.values().stream()
            .filter(node -> node.work().equals(work))
            .map(node -> node.step().name())
            .findFirst()
            .orElse(last.name())
        + " and "
        + last.name();
  }

  /** Edges from whatever makes a table to whatever reads it. */
  private void addDataEdges(Node node) {
    if (node.work() instanceof Work.Build build) {
      model(name(build.model()))
          .ifPresent(model -> model.upstream().forEach(table -> waitForMaker(node, table)));
    } else if (node.work() instanceof Work.Test test) {
      model(name(test.model())).ifPresent(model -> addDataEdges(node, model));
    } else if (node.work() instanceof Work.Audit audit) {
      Optional.ofNullable(project.audits().get(audit.name()))
          .ifPresent(file -> file.upstream().forEach(table -> waitForMaker(node, table)));
    }
  }

  private void addDataEdges(Node test, ModelFile model) {
    waitForMaker(test, model.name());
    for (ModelFile.Column column : model.columns().values()) {
      for (ColumnTest rule : column.tests()) {
        if (rule instanceof ColumnTest.Relationship relationship) {
          waitForMaker(test, relationship.to());
        }
      }
    }
  }

  private void waitForMaker(Node node, TableName table) {
    Optional.ofNullable(makers.get(table))
        .or(() -> Optional.ofNullable(wholeLoads.get(table.schema())))
        .ifPresent(maker -> node.upstream().add(maker.id()));
  }

  /**
   * Edges of {@code after}. Whatever reads tables waits for the very loads and builds that make
   * them, not for all of the step: that is what lets a model start as soon as its own inputs are
   * there. A task with none of those waits for the whole step, so that {@code after} is never
   * without effect.
   */
  private void addOrderEdges(Node node) {
    boolean testsOwnBuild =
        node.work() instanceof Work.Test && node.step().action() instanceof Action.Build;
    if (testsOwnBuild || isBroken(node.work())) {
      return; // the build it tests has waited already; what cannot run need not wait to say so
    }
    boolean readsTables = !node.upstream().isEmpty() && !(node.work() instanceof Work.Load);
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

  private boolean isBroken(Work work) {
    if (work instanceof Work.Build build) {
      return model(name(build.model())).isEmpty();
    } else if (work instanceof Work.Test test) {
      return model(name(test.model())).isEmpty();
    } else if (work instanceof Work.Audit audit) {
      return !project.audits().containsKey(audit.name());
    }
    return work instanceof Work.Extract extract && !project.sources().containsKey(extract.source());
  }

  /** Empty if its file has errors. */
  private Optional<ModelFile> model(TableName name) {
    return Optional.ofNullable(project.models().get(name));
  }

  private static TableName name(String model) {
    return TableName.find(model).orElseThrow();
  }
}
