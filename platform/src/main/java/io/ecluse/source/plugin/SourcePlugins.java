package io.ecluse.source.plugin;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.PluginForms;
import io.ecluse.project.SourceFile;
import io.ecluse.source.SourceFactory;
import io.ecluse.source.SourceType;
import io.ecluse.source.SourceTypes;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The types of source that jars bring, found by {@link ServiceLoader} in the project's folder
 * {@code plugins} and on the class path. Jars that have changed are loaded anew; what is still read
 * with the old ones goes on.
 */
public final class SourcePlugins implements SourceTypes.Plugins {
  private Optional<Loaded> loaded = Optional.empty();

  /** Factories by type, and the jars that they are from. */
  private record Loaded(Map<Path, FileTime> jars, Map<String, SourceFactory> factories) {}

  @Override
  public SourceType type(SourceFile file, Path project) {
    Map<String, SourceFactory> factories = factories(project);
    return Optional.ofNullable(factories.get(file.type()))
        .map(PluginType::new)
        .orElseThrow(
            () ->
                ErrorCode.INVALID_PROJECT.error(
                    "%s: a jar describes the type %s, but none has a SourceFactory for it; those found are for: %s"
                        .formatted(
                            file.path(),
                            file.type(),
                            factories.isEmpty()
                                ? "nothing"
                                : String.join(", ", factories.keySet()))));
  }

  private synchronized Map<String, SourceFactory> factories(Path project) {
    try {
      Map<Path, FileTime> jars = jars(project);
      Optional<Loaded> same = loaded.filter(l -> l.jars().equals(jars));
      if (same.isEmpty()) {
        loaded = Optional.of(new Loaded(jars, load(jars)));
      }
      return loaded.orElseThrow().factories();
    } catch (IOException e) {
      throw ErrorCode.INVALID_PROJECT.error(
          "The folder %s cannot be read: %s".formatted(project, e), e);
    }
  }

  private static Map<Path, FileTime> jars(Path project) throws IOException {
    Map<Path, FileTime> jars = new LinkedHashMap<>();
    for (Path file : PluginForms.jars(project)) {
      jars.put(file, Files.getLastModifiedTime(file));
    }
    return jars;
  }

  /** The loader lives as long as what it has loaded. */
  private static Map<String, SourceFactory> load(Map<Path, FileTime> jars)
      throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars.keySet()) {
      urls.add(jar.toUri().toURL());
    }
    ClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), SourcePlugins.class.getClassLoader());
    Map<String, SourceFactory> factories = new LinkedHashMap<>();
    try {
      ServiceLoader.load(SourceFactory.class, loader).forEach(f -> factories.put(f.type(), f));
    } catch (ServiceConfigurationError e) {
      throw ErrorCode.INVALID_PROJECT.error(
          "A plug-in cannot be loaded (%s); is it made for this version of the platform?"
              .formatted(e.getMessage()),
          e);
    }
    return factories;
  }
}
