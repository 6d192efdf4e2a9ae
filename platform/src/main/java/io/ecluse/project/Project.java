package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.pipeline.Bundle;
import io.ecluse.project.BrokenFile.Kind;
import io.ecluse.schema.TableName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A project: every reference in it leads somewhere. Files with errors are none of it, and known by
 * name, so that whoever asks for one is told what is wrong with it. Immutable.
 *
 * @param folder absolute
 * @param bundle the files of it that runs read, as they were when this was made of them
 * @param settings by environment, in the order of {@code ecluse.yaml}; at least one
 * @param sources by name
 * @param dags by id
 * @param models by name, in the order of the names
 * @param audits by name
 * @param dashboards by id
 * @param notebooks relative to the folder
 * @param vocabulary what its files could ask for when they were read
 * @param broken files with errors
 */
public record Project(
    Path folder,
    Bundle bundle,
    String name,
    String description,
    Map<String, Settings> settings,
    Map<String, SourceFile> sources,
    Map<String, DagFile> dags,
    Map<TableName, ModelFile> models,
    Map<String, AuditFile> audits,
    Map<String, DashboardFile> dashboards,
    List<String> notebooks,
    Vocabulary vocabulary,
    BrokenFiles broken) {

  /** The environment a command works in when none is named. */
  public static final String DEFAULT_ENVIRONMENT = "dev";

  public Project {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    sources = Collections.unmodifiableMap(new TreeMap<>(sources));
    dags = Collections.unmodifiableMap(new TreeMap<>(dags));
    models = Collections.unmodifiableMap(new TreeMap<>(models));
    audits = Collections.unmodifiableMap(new TreeMap<>(audits));
    dashboards = Collections.unmodifiableMap(new TreeMap<>(dashboards));
    notebooks = List.copyOf(notebooks);
  }

  /** Names of the environments, in the order of {@code ecluse.yaml}. */
  public Set<String> environments() {
    return settings.keySet();
  }

  /** The settings of an environment; NOT_FOUND, with the nearest name, if there is no such one. */
  public Settings settings(String environment) {
    return Nearest.require("environment", environment, settings);
  }

  /** A source; INVALID_PROJECT if its file has errors. So for all that follow. */
  public SourceFile source(String source) {
    broken.refuse(Kind.SOURCE, source);
    return Nearest.require("source", source, sources);
  }

  /** Whether there is a source of this name, with errors or without. */
  public boolean isSource(String name) {
    return sources.containsKey(name) || broken.find(BrokenFile.Kind.SOURCE, name).isPresent();
  }

  /** What the project says of a stream, whatever the case of its name; empty if nothing. */
  public Optional<SourceFile.Stream> stream(String source, String stream) {
    return Optional.ofNullable(sources.get(source))
        .flatMap(
            file ->
                file.streams().values().stream()
                    .filter(s -> s.name().equalsIgnoreCase(stream))
                    .findFirst());
  }

  public DagFile dag(String id) {
    broken.refuse(Kind.DAG, id);
    return Nearest.require("DAG", id, dags);
  }

  public AuditFile audit(String audit) {
    broken.refuse(Kind.AUDIT, audit);
    return Nearest.require("audit", audit, audits);
  }

  public DashboardFile dashboard(String id) {
    broken.refuse(Kind.DASHBOARD, id);
    return Nearest.require("dashboard", id, dashboards);
  }

  /** The model named {@code schema.name}. */
  public ModelFile model(String model) {
    Optional<ModelFile> found = TableName.find(model).map(models::get);
    if (found.isPresent()) {
      return found.get();
    }
    broken.refuse(Kind.MODEL, model);
    Map<String, ModelFile> named = new TreeMap<>();
    models.forEach((table, file) -> named.put(table.toString(), file));
    return Nearest.require("model", model, named);
  }

  /** Where the platform keeps what is its own: the private database, secrets, logs. */
  public Path stateFolder() {
    return folder.resolve(".ecluse");
  }
}
