package io.ecluse.catalog;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagingArea;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What extracts left in staging. Safe for use by several threads. */
public final class Batches {
  private final Supplier<Project> project;
  private final StagingArea staging;
  private final Scheduler scheduler;
  private final Policy policy;

  public Batches(
      Supplier<Project> project, StagingArea staging, Scheduler scheduler, Policy policy) {
    this.project = project;
    this.staging = staging;
    this.scheduler = scheduler;
    this.policy = policy;
  }

  /** Names of sources that have batches. */
  public List<String> sources() {
    return staging.sources();
  }

  /** The streams of a source that have batches. */
  public List<StagedStream> streams(Caller caller, String source) {
    return names(caller, source).map(s -> staged(source, s)).toList();
  }

  /** All batches, stream by stream. */
  public List<BatchManifest> all(Caller caller) {
    return sources().stream()
        .flatMap(source -> streams(caller, source).stream())
        .flatMap(stream -> stream.batches().stream())
        .toList();
  }

  /** A stream, without batches if it has none. What is asked for goes into no path. */
  public StagedStream stream(Caller caller, String source, String stream) {
    return staging.sources().contains(source) && names(caller, source).anyMatch(stream::equals)
        ? staged(source, stream)
        : new StagedStream(source, stream, List.of());
  }

  /** The streams that the project names, or that there are where it names none, by the source. */
  public List<String> streams(Caller caller, SourceFile source) {
    return source.streams().isEmpty()
        ? names(caller, source.name()).toList()
        : source.streams().keySet().stream()
            .filter(stream -> sees(caller, source.name(), stream))
            .toList();
  }

  /** The newest batch of a stream. */
  public Optional<BatchManifest> newest(String source, String stream) {
    return staging.newest(source, stream);
  }

  /** Where a batch is, for people. */
  public String location(BatchManifest batch) {
    return staging.location(batch);
  }

  /** All that is known of a batch of a stream. */
  public BatchDetail detail(StagedStream stream, BatchManifest batch) {
    return new BatchDetail(
        stream.line(batch),
        BatchDetail.Content.of(batch, location(batch), project.get()),
        BatchDetail.drift(batch, stream.before(batch)),
        extract(batch));
  }

  private Stream<String> names(Caller caller, String source) {
    return staging.streams(source).stream().filter(stream -> sees(caller, source, stream));
  }

  private boolean sees(Caller caller, String source, String stream) {
    return policy.permits(caller, Action.SEE, Subject.stream(source, stream));
  }

  private StagedStream staged(String source, String stream) {
    return new StagedStream(source, stream, staging.list(source, stream));
  }

  /** The task that read it, if its run is still known and its last attempt made this batch. */
  private Optional<BatchDetail.Extract> extract(BatchManifest batch) {
    return scheduler.tasks(batch.runId()).stream()
        .filter(t -> batch.extractId().equals(t.facts().get("extract_id")))
        .findFirst()
        .map(BatchDetail.Extract::of);
  }
}
