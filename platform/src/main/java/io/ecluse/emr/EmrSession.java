package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import io.ecluse.spark.Beat;
import io.ecluse.spark.RemoteApplications.Application;
import io.ecluse.spark.RemoteApplications.Started;
import io.ecluse.spark.RemoteSession;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application on EMR, from its start to its end. What it can be found again by is told as soon
 * as it is known; as long as nothing is told, by its name.
 */
abstract class EmrSession extends RemoteSession implements Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(EmrSession.class);

  private final EmrFiles files;
  private final Consumer<String> called;
  private Optional<EmrHandle> starting = Optional.empty();
  private Optional<String> pass = Optional.empty();
  private Optional<String> place = Optional.empty();
  private Optional<String> work = Optional.empty();

  /**
   * @param key its name
   * @param called is told what it can be found again by
   */
  EmrSession(Settings.Cluster cluster, EmrFiles files, String key, Consumer<String> called) {
    super(cluster.name(), key);
    this.files = files;
    this.called = called;
  }

  /** Where it is to run: a cluster, which may be made for it, or something like one. */
  abstract String open();

  /** Waits until that takes work. */
  abstract void awaitReady(String place);

  /** Has it run there; returns what that is called. */
  abstract String submit(String place, Application application);

  /** What a process that is gone was making for it. */
  abstract EmrHandle found(Optional<String> place);

  abstract StepEnd watch(String place, String work);

  /** Takes away what was made for it there, and tells what it has cost. */
  abstract void tidy(String place, Optional<String> work);

  @Override
  public final boolean isCancelled() {
    beat();
    return isUnwanted();
  }

  /** Says what is known of it, and that somebody is at it. */
  private synchronized void starting(Optional<String> place) {
    EmrHandle handle = EmrHandle.starting(place, Instant.now());
    starting = Optional.of(handle);
    called.accept(handle.text());
  }

  private synchronized void beat() {
    Instant now = Instant.now();
    if (starting.filter(s -> !s.isFresh(now, Beat.EACH)).isPresent()) {
      starting(starting.get().cluster());
    }
  }

  private synchronized void started(String place, String work) {
    starting = Optional.empty();
    called.accept(EmrHandle.started(place, work, pass.orElseThrow()).text());
  }

  @Override
  public final void log(String line) {
    LOG.info("Application {} on cluster {}: {}", name(), cluster(), line);
  }

  /** It has asked for work: its pass was read, and is taken away. */
  @Override
  protected final void atWork() {
    Optional<String> read = taken();
    read.ifPresent(files::take);
  }

  private synchronized Optional<String> taken() {
    Optional<String> read = pass;
    pass = Optional.empty();
    return read;
  }

  private synchronized void pass(String name) {
    pass = Optional.of(name);
  }

  /** Leaves the secret for the driver; returns where. */
  final String leave(Application application) {
    String name = files.passName();
    pass(name);
    return files.leave(name, application.token());
  }

  @Override
  protected final EcluseException start(Application application) {
    starting(Optional.empty());
    String there = open();
    place = Optional.of(there);
    starting(place);
    awaitReady(there);
    String step = submit(there, application);
    work = Optional.of(step);
    started(there, step);
    return ended(watch(there, step));
  }

  @Override
  protected final EcluseException takeUp(Started application) {
    Optional<EmrHandle> handle = application.handle().map(EmrHandle::of);
    place = handle.flatMap(EmrHandle::cluster);
    EmrHandle known = handle.filter(h -> h.work().isPresent()).orElseGet(() -> found(place));
    place = known.cluster();
    EmrHandle.Work there =
        known
            .work()
            .orElseThrow( // its secret died with the process that had it
                () ->
                    ErrorCode.CLUSTER_LOST.error(
                        "Application %s was being started on EMR by a process that is gone"
                            .formatted(name())));
    pass(there.pass());
    work = Optional.of(there.step());
    return ended(watch(place.orElseThrow(), there.step()));
  }

  private EcluseException ended(StepEnd end) {
    try {
      end.require();
      return ErrorCode.CLUSTER_LOST.error(
          "Application %s on EMR has ended by itself, as it does when it has had no work for a while"
              .formatted(name()));
    } catch (EcluseException e) {
      return e;
    }
  }

  @Override
  protected final void tidy() {
    atWork();
    place.ifPresent(p -> tidy(p, work));
  }
}
