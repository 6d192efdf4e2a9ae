package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import io.ecluse.spark.RemoteApplications.Application;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application on EMR, from its start to its end. What it can be found again by is told as soon
 * as it is known; as long as nothing is told, by its name.
 */
abstract class EmrSession implements Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(EmrSession.class);

  /** How often who starts it says that it is alive. */
  private static final Duration BEAT = Duration.ofSeconds(10);

  private final Settings.Cluster cluster;
  private final EmrFiles files;
  private final String key;
  private final Consumer<String> called;
  private volatile boolean unwanted;
  private volatile boolean left;
  private Optional<EmrHandle> starting = Optional.empty();
  private Optional<String> pass = Optional.empty();
  private Optional<EcluseException> gone = Optional.empty();

  /**
   * @param key its name
   * @param called is told what it can be found again by
   */
  EmrSession(Settings.Cluster cluster, EmrFiles files, String key, Consumer<String> called) {
    this.cluster = cluster;
    this.files = files;
    this.key = key;
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

  /** A page on it, as of lately. */
  Optional<String> page() {
    return Optional.empty();
  }

  final synchronized Optional<EcluseException> gone() {
    return gone;
  }

  private EcluseException told(RuntimeException e) {
    return e instanceof EcluseException known
        ? known
        : new EcluseException(
            ErrorCode.INTERNAL,
            "Application %s on EMR failed by a fault of the platform: %s".formatted(key, e),
            e);
  }

  private synchronized void gone(EcluseException why) {
    gone = gone.or(() -> Optional.of(why));
  }

  /** Nobody wants it any more. */
  final void end() {
    unwanted = true;
  }

  /** This process goes away; the application stays for the next. */
  final void leave() {
    left = true;
  }

  @Override
  public final boolean isCancelled() {
    beat();
    return unwanted;
  }

  /** Says what is known of it, and that somebody is at it. */
  private synchronized void starting(Optional<String> place) {
    EmrHandle handle = EmrHandle.starting(place, Instant.now());
    starting = Optional.of(handle);
    called.accept(handle.text());
  }

  private synchronized void beat() {
    Instant now = Instant.now();
    if (starting.filter(s -> !s.isFresh(now, BEAT)).isPresent()) {
      starting(starting.get().cluster());
    }
  }

  private synchronized void started(String place, String work) {
    starting = Optional.empty();
    called.accept(EmrHandle.started(place, work, pass.orElseThrow()).text());
  }

  @Override
  public final void log(String line) {
    LOG.info("Application {} on cluster {}: {}", key, cluster.name(), line);
  }

  /** It has asked for work: its pass was read, and is taken away. */
  final void atWork() {
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

  /** Starts it, and sees it to its end. */
  final void start(Application application) {
    Optional<String> place = Optional.empty();
    Optional<String> work = Optional.empty();
    try {
      starting(Optional.empty());
      place = Optional.of(open());
      starting(place);
      awaitReady(place.get());
      work = Optional.of(submit(place.get(), application));
      started(place.get(), work.get());
      gone(ended(watch(place.get(), work.get())));
    } catch (RuntimeException e) { // a thread's end: who waits for it must hear
      gone(told(e));
    } finally {
      tidied(place, work);
    }
  }

  /** Takes up what another process has started, and sees it to its end. */
  final void takeUp(Optional<EmrHandle> handle) {
    Optional<String> place = handle.flatMap(EmrHandle::cluster);
    Optional<String> work = Optional.empty();
    try {
      Optional<EmrHandle> told = handle.filter(h -> h.work().isPresent());
      EmrHandle known = told.isPresent() ? told.get() : found(place);
      place = known.cluster();
      EmrHandle.Work there =
          known
              .work()
              .orElseThrow( // its secret died with the process that had it
                  () ->
                      new EcluseException(
                          ErrorCode.CLUSTER_LOST,
                          "Application %s was being started on EMR by a process that is gone"
                              .formatted(key)));
      pass(there.pass());
      work = Optional.of(there.step());
      gone(ended(watch(place.orElseThrow(), there.step())));
    } catch (RuntimeException e) { // a thread's end: who waits for it must hear
      gone(told(e));
    } finally {
      tidied(place, work);
    }
  }

  private EcluseException ended(StepEnd end) {
    try {
      end.require();
      return new EcluseException(
          ErrorCode.CLUSTER_LOST,
          "Application %s on EMR has ended by itself, as it does when it has had no work for a while"
              .formatted(key));
    } catch (EcluseException e) {
      return e;
    }
  }

  /** Leaves nothing behind, whatever happened; what fails here the sweep does later. */
  private void tidied(Optional<String> place, Optional<String> work) {
    if (left) {
      return; // the next process takes it up
    }
    try {
      atWork();
      place.ifPresent(p -> tidy(p, work));
    } catch (EcluseException e) {
      LOG.warn(
          "What application {} has left on EMR could not be taken away, which the sweep will do: {}",
          key,
          e.getMessage());
    }
  }
}
