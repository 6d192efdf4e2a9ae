package io.ecluse.project;

import io.ecluse.error.ErrorCode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the files of a project may ask for, by registration: kinds of sources and of tasks, and what
 * models become. Immutable and thread-safe.
 *
 * @param sources by the word for their type, beside those that the project's plug-ins bring
 * @param tasks by name, in the order of their registration
 * @param materializations by name; the first is the one of a model that says nothing
 * @param clusters by the word for their type
 */
public record Vocabulary(
    Map<String, SourceForm> sources,
    Map<String, TaskForm> tasks,
    Map<String, MaterializationForm> materializations,
    Map<String, ClusterForm> clusters) {
  public Vocabulary {
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
    materializations = Collections.unmodifiableMap(new LinkedHashMap<>(materializations));
    clusters = Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
  }

  public static Vocabulary of(
      Collection<? extends SourceForm> sources,
      Collection<? extends TaskForm> tasks,
      Collection<? extends MaterializationForm> materializations,
      Collection<? extends ClusterForm> clusters) {
    return new Vocabulary(
        byName(sources, SourceForm::name),
        byName(tasks, TaskForm::name),
        byName(materializations, MaterializationForm::name),
        byName(clusters, ClusterForm::name));
  }

  /** Things by their names, of which no two may be the same. */
  public static <T, U extends T> Map<String, T> byName(
      Collection<U> things, Function<T, String> name) {
    Map<String, T> byName = new LinkedHashMap<>();
    for (T thing : things) {
      if (byName.put(name.apply(thing), thing) != null) {
        throw ErrorCode.INTERNAL.error("'%s' is registered twice".formatted(name.apply(thing)));
      }
    }
    return byName;
  }

  /** The kind of a task; empty of one that another version, or another registration, has made. */
  public Optional<TaskForm> task(String kind) {
    return Optional.ofNullable(tasks.get(kind));
  }

  /** What people call a kind: of one that is unknown, its name in words. */
  public Localized word(String kind) {
    return task(kind).map(TaskForm::word).orElseGet(() -> Localized.of(kind.replace('_', ' ')));
  }

  /** What a model becomes that does not say it. */
  String usualMaterialization() {
    return materializations.keySet().stream().findFirst().orElse("");
  }

  /** The kinds that a file can ask for. */
  List<TaskForm> asked() {
    return tasks.values().stream().filter(t -> !t.keys().isEmpty()).toList();
  }
}
