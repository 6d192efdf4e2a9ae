package io.ecluse.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds a cycle in a graph given by the upstreams of each node. */
public final class Cycles {
  private Cycles() {}

  /**
   * The nodes of one cycle in the order of the data, its first node repeated at the end, if there
   * is one. Upstreams that are no node are ignored. Does not recurse, so chains may be of any
   * length.
   */
  public static Optional<List<String>> find(
      Collection<String> nodes, Function<String, ? extends Collection<String>> upstreams) {
    Set<String> known = new HashSet<>(nodes);
    Set<String> done = new HashSet<>();
    for (String start : nodes) {
      if (!done.contains(start)) {
        Optional<List<String>> cycle = search(start, known, done, upstreams);
        if (cycle.isPresent()) {
          return cycle;
        }
      }
    }
    return Optional.empty();
  }

  /** Spells a cycle as {@code a → b → a}. */
  public static String spell(List<String> cycle) {
    return String.join(" → ", cycle);
  }

  private static Optional<List<String>> search(
      String start,
      Set<String> known,
      Set<String> done,
      Function<String, ? extends Collection<String>> upstreams) {
    List<String> path = new ArrayList<>(List.of(start));
    Set<String> onPath = new HashSet<>(path);
    Deque<Iterator<String>> open = new ArrayDeque<>();
    open.push(List.copyOf(upstreams.apply(start)).iterator());
    while (!open.isEmpty()) {
      if (!open.element().hasNext()) {
        open.pop();
        String left = path.remove(path.size() - 1);
        onPath.remove(left);
        done.add(left);
        continue;
      }
      String next = open.element().next();
      if (onPath.contains(next)) {
        return Optional.of(cycle(path, next));
      }
      if (known.contains(next) && !done.contains(next)) {
        path.add(next);
        onPath.add(next);
        open.push(List.copyOf(upstreams.apply(next)).iterator());
      }
    }
    return Optional.empty();
  }

  private static List<String> cycle(List<String> path, String closing) {
    List<String> cycle = new ArrayList<>(path.subList(path.indexOf(closing), path.size()));
    cycle.add(closing);
    Collections.reverse(cycle);
    return List.copyOf(cycle);
  }
}
