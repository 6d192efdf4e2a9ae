package io.ecluse.catalog;

import io.ecluse.project.DashboardFile;
import io.ecluse.project.ModelGraph;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.schema.TableName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is made of what, as the project's files say: the batches of a stream fill a table, models
 * read tables and make one, tiles of dashboards read tables. Immutable.
 */
public final class Lineage {
  private final Map<Node, Set<Node>> upstream = new LinkedHashMap<>();
  private final Map<Node, Set<Node>> downstream = new LinkedHashMap<>();

  /** A thing that data go through. */
  public record Node(Kind kind, String name) {
    /** Kinds of things, in the order in which data go through them. */
    public enum Kind {
      /** {@code source.stream}: all its batches. */
      STREAM,
      TABLE,
      MODEL,
      /** {@code dag/task}: a program. */
      TASK,
      /** {@code dashboard/tile}. */
      TILE
    }

    static Node table(TableName name) {
      return new Node(Kind.TABLE, name.toString());
    }
  }

  private Lineage() {}

  /** That of a project without what its programs did, models with errors among the others. */
  public static Lineage of(Project project) {
    return of(project, Programs.of(project, List.of()));
  }

  /** The same, with what programs read and write. */
  static Lineage of(Project project, List<Programs.Program> programs) {
    Lineage lineage = new Lineage();
    for (Programs.Program program : programs) {
      Node task = new Node(Node.Kind.TASK, program.dag() + "/" + program.task());
      program.used().reads().forEach(table -> lineage.add(Node.table(table), task));
      program.used().writes().forEach(table -> lineage.add(task, Node.table(table)));
    }
    for (SourceFile source : project.sources().values()) {
      for (String stream : source.streams().keySet()) {
        TableName table = new TableName(source.name(), stream);
        lineage.add(new Node(Node.Kind.STREAM, table.toString()), Node.table(table));
      }
    }
    ModelGraph.reads(project)
        .forEach(
            (name, tables) -> {
              Node model = new Node(Node.Kind.MODEL, name.toString());
              tables.forEach(table -> lineage.add(Node.table(table), model));
              lineage.add(model, Node.table(name));
            });
    for (DashboardFile dashboard : project.dashboards().values()) {
      for (DashboardFile.Tile tile : dashboard.tiles()) {
        Node node = new Node(Node.Kind.TILE, dashboard.id() + "/" + tile.id());
        tile.reads().forEach(table -> lineage.add(Node.table(table), node));
      }
    }
    return lineage;
  }

  private void add(Node from, Node to) {
    downstream.computeIfAbsent(from, n -> new LinkedHashSet<>()).add(to);
    upstream.computeIfAbsent(to, n -> new LinkedHashSet<>()).add(from);
  }

  /** What it is made of, directly. */
  public List<Node> upstream(Node node) {
    return List.copyOf(upstream.getOrDefault(node, Set.of()));
  }

  /** The tables that are made of one by a model or a program, of whatever is made of those too. */
  public Set<String> impact(TableName table) {
    Set<String> found = new LinkedHashSet<>();
    Deque<Node> open = new ArrayDeque<>(List.of(Node.table(table.lower())));
    while (!open.isEmpty()) {
      for (Node next : downstream(open.remove())) {
        if (next.kind() != Node.Kind.TABLE || found.add(next.name())) {
          open.add(next);
        }
      }
    }
    found.remove(table.lower().toString());
    return found;
  }

  /** What is made of it, directly. */
  public List<Node> downstream(Node node) {
    return List.copyOf(downstream.getOrDefault(node, Set.of()));
  }
}
