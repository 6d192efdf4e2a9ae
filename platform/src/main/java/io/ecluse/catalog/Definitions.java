package io.ecluse.catalog;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.DagExpander;
import io.ecluse.project.DashboardFile;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What files of the project define, by name; behind them those whose files have errors. Safe for
 * use by several threads.
 */
public final class Definitions {
  private final Supplier<Project> project;
  private final Policy policy;

  public Definitions(Supplier<Project> project, Policy policy) {
    this.project = project;
    this.policy = policy;
  }

  /** What a file defines, or what is wrong with it. */
  public record Definition<T>(String name, Optional<T> made, Optional<BrokenFile> broken) {}

  public List<Definition<SourceFile>> sources(Caller caller) {
    return all(caller, project.get().sources(), BrokenFile.Kind.SOURCE);
  }

  public List<Definition<ModelFile>> models(Caller caller) {
    Map<String, ModelFile> models = new LinkedHashMap<>();
    project.get().models().forEach((name, model) -> models.put(name.toString(), model));
    return all(caller, models, BrokenFile.Kind.MODEL);
  }

  /** The DAGs with the tasks that they have now. */
  public List<Definition<Dag>> dags(Caller caller) {
    Project now = project.get();
    DagExpander expander = new DagExpander(now);
    Map<String, Dag> dags = new LinkedHashMap<>();
    now.dags().forEach((id, file) -> dags.put(id, expander.expand(file)));
    return all(caller, dags, BrokenFile.Kind.DAG);
  }

  public List<Definition<DashboardFile>> dashboards(Caller caller) {
    return all(caller, project.get().dashboards(), BrokenFile.Kind.DASHBOARD);
  }

  /** A DAG with the tasks that it has now; NOT_FOUND, INVALID_PROJECT. */
  public Dag dag(String id) {
    Project now = project.get();
    return new DagExpander(now).expand(now.dag(id));
  }

  private <T> List<Definition<T>> all(Caller caller, Map<String, T> whole, BrokenFile.Kind kind) {
    List<Definition<T>> all = new ArrayList<>();
    whole.forEach(
        (name, made) -> all.add(new Definition<>(name, Optional.of(made), Optional.empty())));
    project
        .get()
        .broken()
        .of(kind)
        .forEach(
            (name, file) -> all.add(new Definition<>(name, Optional.empty(), Optional.of(file))));
    all.removeIf(d -> !policy.permits(caller, Action.SEE, subject(kind, d.name())));
    return all;
  }

  private static Subject subject(BrokenFile.Kind kind, String name) {
    return switch (kind) {
      case SOURCE -> new Subject(Subject.Kind.SOURCE, name);
      case MODEL -> Subject.table(TableName.parse(name));
      case DAG -> new Subject(Subject.Kind.DAG, name);
      case DASHBOARD -> new Subject(Subject.Kind.DASHBOARD, name);
      case AUDIT -> Subject.PROJECT;
    };
  }
}
