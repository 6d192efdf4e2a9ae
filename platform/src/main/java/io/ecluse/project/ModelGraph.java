package io.ecluse.project;

import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.schema.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Models and what they read of each other; answers selectors: {@code marts.students}, {@code
 * marts.*}, {@code +x} with all that x reads, {@code x+} with all that reads x, several with
 * commas, {@code *} for all. Immutable and thread-safe.
 */
public final class ModelGraph {
  private static final String ALL = "*";

  private final Map<TableName, Set<TableName>> upstream;
  private final Map<TableName, Set<TableName>> downstream = new HashMap<>();

  /**
   * @param reads what each model reads; tables that are no model are ignored
   */
  public ModelGraph(Map<TableName, ? extends Collection<TableName>> reads) {
    this.upstream = new TreeMap<>();
    reads.forEach(
        (model, tables) -> {
          Set<TableName> models = new TreeSet<>(tables);
          models.retainAll(reads.keySet());
          upstream.put(model, models);
          models.forEach(up -> downstream.computeIfAbsent(up, m -> new TreeSet<>()).add(model));
        });
  }

  /** The graph of a project, models whose files have errors among the others. */
  public static ModelGraph of(Project project) {
    return new ModelGraph(reads(project));
  }

  /** What each model of a project reads, as far as it could be made out where files have errors. */
  public static Map<TableName, Set<TableName>> reads(Project project) {
    Map<TableName, Set<TableName>> reads = new TreeMap<>();
    project
        .broken()
        .of(BrokenFile.Kind.MODEL)
        .forEach((name, file) -> reads.put(TableName.parse(name), file.reads()));
    project.models().forEach((name, model) -> reads.put(name, model.upstream()));
    return reads;
  }

  /**
   * The models of a selector, each after those it reads. NOT_FOUND, with the nearest name, if a
   * part of it selects nothing; only {@code *} may.
   */
  public List<TableName> select(String selector) {
    Set<TableName> selected = new HashSet<>();
    for (String part : selector.split(",", -1)) {
      selected.addAll(selectPart(part.strip()));
    }
    return inOrder(selected);
  }

  /** Models that the model reads, directly. */
  public Set<TableName> upstream(TableName model) {
    return upstream.getOrDefault(model, Set.of());
  }

  /** Models that read the model, directly. */
  public Set<TableName> downstream(TableName model) {
    return downstream.getOrDefault(model, Set.of());
  }

  private Set<TableName> selectPart(String part) {
    boolean ancestors = part.startsWith("+");
    boolean descendants = part.length() > 1 && part.endsWith("+");
    String glob = part.substring(ancestors ? 1 : 0, part.length() - (descendants ? 1 : 0));
    List<String> names = upstream.keySet().stream().map(TableName::toString).toList();
    Set<String> matching = new HashSet<>(matching("model", glob, names));
    Set<TableName> selected = new HashSet<>();
    for (TableName model : upstream.keySet()) {
      if (matching.contains(model.toString())) {
        selected.add(model);
        if (ancestors) {
          reach(model, this::upstream, selected);
        }
        if (descendants) {
          reach(model, this::downstream, selected);
        }
      }
    }
    return selected;
  }

  /** The names that a glob matches; NOT_FOUND if there are none, unless all were asked for. */
  public static List<String> matching(String what, String glob, Collection<String> names) {
    Pattern pattern = Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
    List<String> matching = names.stream().filter(n -> pattern.matcher(n).matches()).toList();
    if (matching.isEmpty() && !glob.equals(ALL)) {
      Optional<String> hint = Nearest.hint(glob, names);
      throw ErrorCode.NOT_FOUND.error(
          "No %s is selected by '%s'%s".formatted(what, glob, hint.map(h -> ": " + h).orElse("")));
    }
    return matching;
  }

  private static void reach(
      TableName start, Function<TableName, Set<TableName>> neighbours, Set<TableName> reached) {
    Set<TableName> seen = new HashSet<>();
    Deque<TableName> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      for (TableName neighbour : neighbours.apply(open.pop())) {
        if (seen.add(neighbour)) {
          open.push(neighbour);
        }
      }
    }
    reached.addAll(seen);
  }

  /** Kahn's order; of those that are ready, the first by name. Models of a cycle come last. */
  private List<TableName> inOrder(Set<TableName> models) {
    Map<TableName, Integer> waiting = new HashMap<>();
    TreeSet<TableName> ready = new TreeSet<>();
    for (TableName model : models) {
      int count = (int) upstream(model).stream().filter(models::contains).count();
      waiting.put(model, count);
      if (count == 0) {
        ready.add(model);
      }
    }
    List<TableName> ordered = new ArrayList<>();
    while (!ready.isEmpty()) {
      TableName model = ready.iterator().next();
      ready.remove(model);
      ordered.add(model);
      for (TableName next : downstream(model)) {
        if (models.contains(next) && waiting.merge(next, -1, Integer::sum) == 0) {
          ready.add(next);
        }
      }
    }
    Set<TableName> left = new TreeSet<>(models);
    left.removeAll(new HashSet<>(ordered));
    ordered.addAll(left);
    return List.copyOf(ordered);
  }
}
