package io.ecluse.spark;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Errand;
import io.ecluse.error.EcluseException;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Jobs on clusters: left for the cluster's application, followed while they run, and found again by
 * their ids, by this process or the next. Safe for use by several threads.
 */
final class SparkJobs {
  private static final Duration LOOK = Duration.ofMillis(250);

  /** The same where all that applications say comes by this process, which hears it at once. */
  private static final Duration LOOK_HERE = Duration.ofSeconds(1);

  /** From when on people wonder why nothing goes on. */
  private static final Duration WONDER = Duration.ofSeconds(25);

  /** How long an application may take to hear that a job is not wanted, before it is ended. */
  private static final Duration LAST_CALL = Duration.ofSeconds(15);

  private final JobStore store;
  private final Sessions sessions;
  private final JobDoor door;
  private final Signal signal;
  private final Tokens tokens = new Tokens();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private final Map<String, Starving> starving = new ConcurrentHashMap<>();

  /**
   * A job that has nobody to work for it.
   *
   * @param line what it said first of that
   * @param since when it did
   * @param done its tasks by then
   */
  private record Starving(String line, long since, long done) {}

  SparkJobs(JobStore store, Sessions sessions, JobDoor door, Signal signal) {
    this.store = store;
    this.sessions = sessions;
    this.door = door;
    this.signal = signal;
  }

  /** Leaves a job for the application of a cluster; returns its id. */
  String begin(Errand errand, Settings.Cluster cluster, ObjectNode request) {
    String id = tokens.name("job");
    store.queue(id, cluster.name(), work(errand), request);
    signal.changed();
    return id;
  }

  private static SparkJob.Work work(Errand errand) {
    return new SparkJob.Work(errand.runId(), errand.taskId(), errand.attempt());
  }

  /** The job that was left of the same work: its process died over it, or its task waits. */
  Optional<String> left(Errand errand, ObjectNode request) {
    Optional<SparkJob> job = store.left(work(errand), request);
    job.ifPresent(j -> store.adopt(j.id(), errand.attempt()));
    return job.map(SparkJob::id);
  }

  /** Ends what an attempt before has left of a task. */
  void supersede(Errand errand) {
    store.supersede(errand.runId(), errand.taskId());
  }

  /** Where a job is. */
  Optional<String> clusterOf(String id) {
    return store.find(id).map(SparkJob::cluster);
  }

  /** Takes up a job for an attempt; empty if there is none that could be. */
  Optional<SparkJob> adopt(Errand errand, String id) {
    Optional<SparkJob> job = store.find(id).filter(j -> j.state() != SparkJob.State.CANCELLED);
    job.ifPresent(j -> store.adopt(id, errand.attempt()));
    return job;
  }

  /**
   * Follows a job, no longer than {@code most}: what its application says goes to the errand.
   *
   * @return the job, if it is done
   * @throws EcluseException with what it failed with; CANCELLED, and it has ended there
   */
  Optional<SparkJob> follow(
      Errand errand, Settings.Cluster cluster, String id, Cancellation wanted, Duration most) {
    long until = System.nanoTime() + most.toNanos();
    wanted.onCancel(signal::changed);
    try {
      while (true) {
        long seen = signal.seen();
        sessions.tend(cluster, door(cluster));
        SparkJob job =
            store
                .find(id)
                .orElseThrow(
                    () -> new EcluseException(ErrorCode.CLUSTER_LOST, "Job " + id + " is gone"));
        store.lines(id).forEach(line -> heard(errand, job, line)); // of one that has ended, all
        tellWhyNothingGoesOn(errand, cluster, job);
        errand.progress(job.progress().done(), job.progress().total());
        switch (job.state()) {
          case DONE -> {
            store.heard(id);
            return Optional.of(job);
          }
          case FAILED -> throw failure(job);
          case CANCELLED -> throw cancelled();
          case QUEUED, RUNNING -> {}
        }
        if (wanted.isCancelled()) {
          end(cluster, id);
          throw cancelled();
        }
        requireRoom(cluster, job);
        Duration left = Duration.ofNanos(until - System.nanoTime());
        if (left.isNegative() || left.isZero()) {
          return Optional.empty();
        }
        Duration look = door.isHere() ? LOOK_HERE : LOOK;
        signal.await(seen, left.compareTo(look) < 0 ? left : look);
      }
    } catch (InterruptedException e) {
      end(cluster, id);
      Thread.currentThread().interrupt();
      throw cancelled();
    } finally {
      wanted.done();
    }
  }

  /** Once a job: a cluster without room is no error, but people wonder. */
  private void tellWhyNothingGoesOn(Errand errand, Settings.Cluster cluster, SparkJob job) {
    boolean idle = job.progress().done() == 0 && job.age().compareTo(WONDER) > 0;
    if (idle && job.result().isEmpty() && !told.contains(job.id())) {
      told.add(job.id());
      sessions
          .waits(cluster.name())
          .ifPresent(
              line ->
                  errand.log("Waits for room on cluster %s: %s".formatted(cluster.name(), line)));
    }
  }

  private void heard(Errand errand, SparkJob job, String line) {
    errand.log(line);
    if (line.contains(LastWords.STARVES)) {
      starving.putIfAbsent(job.id(), new Starving(line, System.nanoTime(), job.progress().done()));
    }
  }

  /**
   * An application may be up while the cluster has no room for anybody to work for it, or has none
   * any more.
   */
  private void requireRoom(Settings.Cluster cluster, SparkJob job) {
    Starving waits = starving.get(job.id());
    if (waits == null) {
      return;
    }
    if (job.progress().done() != waits.done()) {
      starving.remove(job.id());
      return;
    }
    Duration waited =
        waits.done() == 0 ? job.age() : Duration.ofNanos(System.nanoTime() - waits.since());
    if (waited.compareTo(ClusterKeys.room(cluster)) > 0) {
      starving.remove(job.id());
      end(cluster, job.id());
      throw ErrorCode.CLUSTER_REFUSED.error(
          "Cluster %s had no room for the work within %d s: %s; free some, ask for less (executor_memory, cores), or wait for longer (room) in clusters.%s of ecluse.yaml"
              .formatted(
                  cluster.name(),
                  ClusterKeys.room(cluster).toSeconds(),
                  waits.line(),
                  cluster.name()));
    }
  }

  /** A page of the service that a cluster is on. */
  Optional<String> page(Settings.Cluster cluster) {
    return sessions.page(cluster);
  }

  private Supplier<String> door(Settings.Cluster cluster) {
    String address = cluster.content().text("address", "127.0.0.1");
    return () -> door.open(address, cluster.content().text("listen", address));
  }

  /** Has the job ended there: by its application, and if that does not hear, with it. */
  private void end(Settings.Cluster cluster, String id) {
    store.cancel(id);
    signal.changed();
    long until = System.nanoTime() + LAST_CALL.toNanos();
    boolean interrupted = Thread.interrupted(); // by who cancels; this is what comes of it
    try {
      while (store.find(id).filter(j -> j.state() == SparkJob.State.RUNNING).isPresent()) {
        if (System.nanoTime() - until > 0) {
          sessions.end(cluster);
          return;
        }
        sessions.tend(cluster, door(cluster));
        signal.await(signal.seen(), LOOK);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static EcluseException cancelled() {
    return new EcluseException(ErrorCode.CANCELLED, "The work was cancelled");
  }

  private EcluseException failure(SparkJob job) {
    JsonNode result = job.result().orElseThrow();
    String word = result.path("code").asString("");
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(c -> c.name().equals(word))
            .findFirst()
            .orElse(ErrorCode.INTERNAL);
    String message = result.path("message").asString("The job failed on its cluster");
    if (code == ErrorCode.STORAGE_REFUSED) { // who is refused does not know what it is
      return code.error("%s (the tables are at %s)".formatted(message, sessions.store()));
    }
    JsonNode position = result.path("position");
    return position.isNumber()
        ? new EcluseException(code, message, place(job, position.asInt()))
        : new EcluseException(code, message);
  }

  private static Position place(SparkJob job, int offset) {
    String before = job.sql().substring(0, Math.max(0, Math.min(offset, job.sql().length())));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Position(line, before.length() - before.lastIndexOf('\n'));
  }
}
