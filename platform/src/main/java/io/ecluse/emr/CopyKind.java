package io.ecluse.emr;

import io.ecluse.error.ErrorCode;
import io.ecluse.flow.TaskKind;
import io.ecluse.flow.TaskRun;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Keys;
import io.ecluse.project.Localized;
import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import io.ecluse.project.Value;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies files between S3 and HDFS, by all machines of a cluster of EMR that is there. The task
 * takes no place while it runs there.
 */
public final class CopyKind implements TaskKind {
  private static final String COPY = "copy";
  private static final String CLUSTER = "cluster";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String PATTERN = "pattern";
  private static final String KEYS =
      """
      copy: {a copy}  Copies files between S3 and HDFS on a cluster of EMR, by s3-dist-cp.
        cluster!: words  The cluster, of type emr with a cluster_id.
        from!: words  The folder that is copied, as s3://bucket/folder or hdfs:///folder.
        to!: words  The folder where its files go.
        pattern: words  Which of them, as a regular expression of whole names; all unless said.
      """;

  private final EmrPace pace;

  public CopyKind() {
    this(EmrPace.USUAL);
  }

  /**
   * @param pace how often EMR is asked
   */
  CopyKind(EmrPace pace) {
    this.pace = pace;
  }

  @Override
  public String name() {
    return COPY;
  }

  @Override
  public Localized word() {
    return new Localized("copy files", "copie de fichiers");
  }

  @Override
  public List<Shape.Field> keys() {
    return Keys.list(KEYS, Map.of());
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    Value.Entries said = task.entries(COPY);
    Work work =
        new Work(
            COPY,
            Map.of(
                CLUSTER, said.text(CLUSTER, ""),
                FROM, said.text(FROM, ""),
                TO, said.text(TO, ""),
                PATTERN, said.text(PATTERN, ".*")));
    return expansion -> expansion.add(Planned.of(expansion.step(), work));
  }

  @Override
  public TaskResult run(TaskRun run) {
    EmrEntry entry = entry(run);
    String cluster = entry.clusterId().orElseThrow();
    try (Emr emr =
        new Emr(entry.account(), pace, at -> Storages.open(at, () -> StorageSettings.NONE))) {
      Optional<String> begun = run.attempt().handle();
      if (run.cancellation().isCancelled()) {
        begun.ifPresent(step -> emr.steps().cancel(cluster, step));
        throw ErrorCode.CANCELLED.error("The copy was cancelled");
      }
      String step =
          begun.orElseGet(() -> emr.steps().add(cluster, step(run), Asked.FOR_THE_FIRST_TIME));
      Optional<StepEnd> end = emr.steps().ended(cluster, step);
      if (end.isEmpty()) {
        return new TaskResult.Again(pace.first(), Optional.of(step));
      }
      end.get().require();
      return new TaskResult.Done(0, 0, Map.of(CLUSTER, cluster, "step", step));
    }
  }

  private static Step step(TaskRun run) {
    Work work = run.work();
    String name =
        "ecluse copy %s %s %d"
            .formatted(run.attempt().runId(), run.attempt().task().id(), run.attempt().number());
    return Step.copy(name, work.text(FROM), work.text(TO), work.text(PATTERN));
  }

  private static EmrEntry entry(TaskRun run) {
    String name = run.work().text(CLUSTER);
    Settings.Cluster cluster =
        run.project().settings(run.attempt().environment()).clusters().get(name);
    if (cluster == null
        || !cluster.type().equals(EmrCluster.TYPE)
        || new EmrEntry(cluster).clusterId().isEmpty()) {
      throw ErrorCode.INVALID_PROJECT.error(
          "Files are copied on a cluster of type emr with a cluster_id, but '%s' is none"
              .formatted(name));
    }
    return new EmrEntry(cluster);
  }
}
