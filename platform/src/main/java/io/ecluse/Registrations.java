package io.ecluse;

import io.ecluse.access.Policy;
import io.ecluse.emr.CopyKind;
import io.ecluse.emr.EmrCluster;
import io.ecluse.emr.ServerlessCluster;
import io.ecluse.engine.Engine;
import io.ecluse.flow.AuditKind;
import io.ecluse.flow.BuildKind;
import io.ecluse.flow.EmptyKind;
import io.ecluse.flow.ExtractKind;
import io.ecluse.flow.LoadKind;
import io.ecluse.flow.OutsideKind;
import io.ecluse.flow.PublishKind;
import io.ecluse.flow.SparkKind;
import io.ecluse.flow.TaskKind;
import io.ecluse.flow.TestKind;
import io.ecluse.project.Vocabulary;
import io.ecluse.source.SourceType;
import io.ecluse.source.SourceTypes;
import io.ecluse.source.files.FilesType;
import io.ecluse.source.http.HttpType;
import io.ecluse.source.jdbc.AnyDatabaseType;
import io.ecluse.source.jdbc.MariaDbType;
import io.ecluse.source.plugin.SourcePlugins;
import io.ecluse.source.postgres.PostgresType;
import io.ecluse.spark.ClusterType;
import io.ecluse.spark.KubernetesCluster;
import io.ecluse.spark.LocalCluster;
import io.ecluse.spark.StandaloneCluster;
import io.ecluse.transform.AsTable;
import io.ecluse.transform.AsView;
import io.ecluse.transform.Materialization;
import io.ecluse.yarn.YarnCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What there is of each kind of thing: a new one is a line here, and its own class.
 *
 * @param policy what callers may do and see
 * @param engine of the runs; empty for DuckDB
 * @param sources kinds of sources; the first is meant where a command names a server only
 * @param tasks kinds of tasks
 * @param materializations what models become; the first is the usual one
 * @param clusters kinds of clusters
 */
public record Registrations(
    Policy policy,
    Optional<Engine.Type> engine,
    List<SourceType> sources,
    List<TaskKind> tasks,
    List<Materialization> materializations,
    List<ClusterType> clusters) {
  public Registrations {
    sources = List.copyOf(sources);
    tasks = List.copyOf(tasks);
    materializations = List.copyOf(materializations);
    clusters = List.copyOf(clusters);
  }

  /** What the platform brings; whoever was let in may do and see everything. */
  public static Registrations builtIn() {
    return new Registrations(
        Policy.OPEN,
        Optional.empty(),
        List.of(
            new PostgresType(),
            new FilesType(),
            new AnyDatabaseType(),
            new MariaDbType(),
            new HttpType()),
        List.of(
            new ExtractKind(),
            new LoadKind(),
            new BuildKind(),
            new TestKind(),
            new AuditKind(),
            new PublishKind(),
            new OutsideKind(),
            new SparkKind(),
            new CopyKind(),
            new EmptyKind()),
        List.of(new AsTable(), new AsView()),
        List.of(
            new LocalCluster(),
            new StandaloneCluster(),
            new YarnCluster(),
            new KubernetesCluster(),
            new EmrCluster(),
            new ServerlessCluster()));
  }

  /** The same, but this decides what callers may do and see. */
  public Registrations with(Policy other) {
    return new Registrations(other, engine, sources, tasks, materializations, clusters);
  }

  /** The same, but this fills the tables of runs. */
  public Registrations with(Engine.Type other) {
    return new Registrations(
        policy, Optional.of(other), sources, tasks, materializations, clusters);
  }

  /** The same, and one more kind of source. */
  public Registrations with(SourceType type) {
    return new Registrations(policy, engine, and(sources, type), tasks, materializations, clusters);
  }

  /** The same, and one more kind of task. */
  public Registrations with(TaskKind kind) {
    return new Registrations(policy, engine, sources, and(tasks, kind), materializations, clusters);
  }

  /** The same, and one more thing that models become. */
  public Registrations with(Materialization materialization) {
    return new Registrations(
        policy, engine, sources, tasks, and(materializations, materialization), clusters);
  }

  /** The same, and one more kind of cluster. */
  public Registrations with(ClusterType type) {
    return new Registrations(policy, engine, sources, tasks, materializations, and(clusters, type));
  }

  private static <T> List<T> and(List<T> things, T one) {
    return Stream.concat(things.stream(), Stream.of(one)).toList();
  }

  /** What the files of a project may ask for. */
  public Vocabulary vocabulary() {
    return Vocabulary.of(sources, tasks, materializations, clusters);
  }

  /** The kinds of sources, those that the jars of projects bring among them. */
  public SourceTypes sourceTypes() {
    return new SourceTypes(Vocabulary.byName(sources, SourceType::name), new SourcePlugins());
  }

  Map<String, ClusterType> clustersByName() {
    return Vocabulary.byName(clusters, ClusterType::name);
  }

  Map<String, TaskKind> tasksByName() {
    return Vocabulary.byName(tasks, TaskKind::name);
  }

  Map<String, Materialization> materializationsByName() {
    return Vocabulary.byName(materializations, Materialization::name);
  }
}
