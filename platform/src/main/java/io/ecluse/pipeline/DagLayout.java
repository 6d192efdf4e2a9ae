package io.ecluse.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where to draw each task: {@code x} is the longest path from a root, {@code y} the place in that
 * column after a few sweeps of barycentre ordering (Sugiyama, Tagawa and Toda, 1981), which keeps
 * edges from crossing where it can. Columns and rows count from 0.
 */
public final class DagLayout {
  private static final int SWEEPS = 8;

  /** A column and a row. */
  public record Place(int x, int y) {}

  private final Map<String, Task> tasks = new LinkedHashMap<>();
  private final Map<String, List<String>> downstream = new HashMap<>();
  private final Map<String, Integer> columns = new HashMap<>();

  private static <T> T of(Map<String, T> map, String id) {
    return Objects.requireNonNull(map.get(id));
  }

  private DagLayout(Dag dag) {
    dag.tasks().forEach(task -> tasks.put(task.id(), task));
    for (Task task : dag.tasks()) {
      for (String upstream : task.upstream()) {
        downstream.computeIfAbsent(upstream, id -> new ArrayList<>()).add(task.id());
      }
    }
  }

  /** The place of every task, in the order of the DAG's tasks. */
  public static Map<String, Place> of(Dag dag) {
    return new DagLayout(dag).places();
  }

  private Map<String, Place> places() {
    assignColumns();
    List<List<String>> layers = layers();
    Map<String, Integer> rows = new HashMap<>();
    layers.forEach(layer -> number(layer, rows));
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (List<String> layer : layers) {
        order(layer, rows, id -> of(tasks, id).upstream());
      }
      for (int i = layers.size() - 1; i >= 0; i--) {
        order(layers.get(i), rows, id -> downstream.getOrDefault(id, List.of()));
      }
    }
    for (List<String> layer : layers) {
      order(layer, rows, id -> of(tasks, id).upstream());
    }
    Map<String, Place> places = new LinkedHashMap<>();
    tasks.keySet().forEach(id -> places.put(id, new Place(of(columns, id), of(rows, id))));
    return places;
  }

  /** Kahn's walk, so that a chain of any length needs no deep recursion. */
  private void assignColumns() {
    Map<String, Integer> waiting = new HashMap<>();
    List<String> ready = new ArrayList<>();
    for (Task task : tasks.values()) {
      waiting.put(task.id(), task.upstream().size());
      if (task.upstream().isEmpty()) {
        ready.add(task.id());
        columns.put(task.id(), 0);
      }
    }
    for (int i = 0; i < ready.size(); i++) {
      String id = ready.get(i);
      for (String next : downstream.getOrDefault(id, List.of())) {
        columns.merge(next, of(columns, id) + 1, Math::max);
        if (waiting.merge(next, -1, Integer::sum) == 0) {
          ready.add(next);
        }
      }
    }
  }

  private List<List<String>> layers() {
    List<List<String>> layers = new ArrayList<>();
    for (String id : tasks.keySet()) {
      int column = of(columns, id);
      while (layers.size() <= column) {
        layers.add(new ArrayList<>());
      }
      layers.get(column).add(id);
    }
    return layers;
  }

  private static void order(
      List<String> layer,
      Map<String, Integer> rows,
      Function<String, ? extends Iterable<String>> neighbours) {
    Map<String, Double> centres = new HashMap<>();
    layer.forEach(id -> centres.put(id, centre(rows, of(rows, id), neighbours.apply(id))));
    layer.sort(Comparator.comparing(centres::get)); // stable, so ties keep their order
    number(layer, rows);
  }

  private static double centre(Map<String, Integer> rows, int ownRow, Iterable<String> neighbours) {
    double sum = 0;
    int count = 0;
    for (String neighbour : neighbours) {
      sum += of(rows, neighbour);
      count++;
    }
    return count == 0 ? ownRow : sum / count;
  }

  private static void number(List<String> layer, Map<String, Integer> rows) {
    for (int row = 0; row < layer.size(); row++) {
      rows.put(layer.get(row), row);
    }
  }
}
