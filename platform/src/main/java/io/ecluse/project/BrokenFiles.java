package io.ecluse.project;

import io.ecluse.project.BrokenFile.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of a project with errors, by what they would make. Immutable. */
public final class BrokenFiles {
  private final Map<Kind, Map<String, BrokenFile>> byKind = new EnumMap<>(Kind.class);

  public BrokenFiles(Collection<BrokenFile> files) {
    for (Kind kind : Kind.values()) {
      byKind.put(kind, new TreeMap<>());
    }
    files.forEach(file -> byKind.computeIfPresent(file.kind(), (kind, named) -> with(named, file)));
    byKind.replaceAll((kind, named) -> Collections.unmodifiableMap(named));
  }

  private static Map<String, BrokenFile> with(Map<String, BrokenFile> named, BrokenFile file) {
    named.put(file.name(), file);
    return named;
  }

  /** Those of a kind, by name. */
  public Map<String, BrokenFile> of(Kind kind) {
    return byKind.getOrDefault(kind, Map.of());
  }

  /** The one of this name, if its file has errors. */
  public Optional<BrokenFile> find(Kind kind, String name) {
    return Optional.ofNullable(of(kind).get(name));
  }

  /**
   * @throws io.ecluse.error.EcluseException INVALID_PROJECT if the file of that name has errors
   */
  public void refuse(Kind kind, String name) {
    find(kind, name)
        .ifPresent(
            file -> {
              throw file.error();
            });
  }
}
