package io.ecluse.source;

import io.ecluse.project.SourceFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The kinds of sources there are: those that are registered, and those that jars of a project
 * bring. Safe for use by several threads.
 */
public final class SourceTypes {
  private final Map<String, SourceType> registered;
  private final Plugins plugins;

  /** Finds the kinds that a project's jars bring. */
  public interface Plugins {
    /**
     * The kind of a source.
     *
     * @param project the folder
     * @throws io.ecluse.error.EcluseException INVALID_PROJECT, naming the kinds there are
     */
    SourceType type(SourceFile file, Path project);
  }

  public SourceTypes(Map<String, SourceType> registered, Plugins plugins) {
    this.registered = Collections.unmodifiableMap(new LinkedHashMap<>(registered));
    this.plugins = plugins;
  }

  /** The kind of a source. */
  public SourceType of(SourceFile file, Path project) {
    return Optional.ofNullable(registered.get(file.type()))
        .orElseGet(() -> plugins.type(file, project));
  }

  /** How sources are named that no file has, by the word for their type. */
  public Map<String, SourceNaming> namings() {
    Map<String, SourceNaming> namings = new LinkedHashMap<>();
    registered.forEach((word, type) -> type.naming().ifPresent(n -> namings.put(word, n)));
    return namings;
  }
}
