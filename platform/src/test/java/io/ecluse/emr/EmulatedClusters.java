package io.ecluse.emr;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The clusters of the emulated service, and what moves them: time, and their steps. One lock guards
 * all.
 */
final class EmulatedClusters implements AutoCloseable {
  /**
   * How long things take here.
   *
   * @param stage each of starting, bootstrapping and terminating
   * @param second what a second of an idle time-out is
   * @param logs after how long the logs of a step are in S3
   */
  record Pace(Duration stage, Duration second, Duration logs) {
    static final Pace QUICK =
        new Pace(Duration.ofMillis(30), Duration.ofSeconds(1), Duration.ofMillis(30));

    Pace idle(Duration ofASecond) {
      return new Pace(stage, ofASecond, logs);
    }

    Pace stage(Duration of) {
      return new Pace(of, second, logs);
    }
  }

  private final List<EmulatedCluster> all = new ArrayList<>();
  private final Pace pace;
  private final StepPrograms programs;
  private final EmrFaults faults;
  private final Random random = new Random(7);
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private Optional<String[]> nextFailsToStart = Optional.empty();
  private boolean spotIsThere = true;
  private boolean isHeld;

  EmulatedClusters(Pace pace, StepPrograms programs, EmrFaults faults) {
    this.pace = pace;
    this.programs = programs;
    this.faults = faults;
    clock.scheduleWithFixedDelay(this::move, 4, 4, TimeUnit.MILLISECONDS);
  }

  /** The next cluster that is made does not come up. */
  synchronized void nextFailsToStart(String code, String message) {
    nextFailsToStart = Optional.of(new String[] {code, message});
  }

  /** Nothing comes or goes by itself until {@link #goOn}. */
  synchronized void hold() {
    isHeld = true;
  }

  synchronized void goOn() {
    isHeld = false;
  }

  /** Whether the spot market has what is asked for, from now on. */
  synchronized void spotIsThere(boolean there) {
    spotIsThere = there;
  }

  synchronized <T> T with(Supplier<T> work) {
    return work.get();
  }

  String id(String prefix) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < 13; i++) {
      id.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".charAt(random.nextInt(36)));
    }
    return id.toString();
  }

  synchronized EmulatedCluster make(JsonNode asked) {
    EmulatedCluster cluster = new EmulatedCluster(id("j-"), asked, Instant.now());
    cluster.failsToStart = nextFailsToStart;
    nextFailsToStart = Optional.empty();
    cluster.spotIsThere = spotIsThere;
    asked.path("Steps").valueStream().forEach(step -> add(cluster, step));
    all.add(cluster);
    return cluster;
  }

  EmulatedStep add(EmulatedCluster cluster, JsonNode asked) {
    EmulatedStep step = new EmulatedStep(id("s-"), asked, Instant.now());
    cluster.steps.add(step);
    return step;
  }

  /** The newest first; of those that lists have by now. */
  synchronized List<EmulatedCluster> listed() {
    Instant seen = Instant.now().minus(faults.listsLateBy());
    List<EmulatedCluster> found =
        new ArrayList<>(all.stream().filter(c -> !c.created.isAfter(seen)).toList());
    java.util.Collections.reverse(found);
    return found;
  }

  /** All there are, the oldest first. */
  synchronized List<EmulatedCluster> all() {
    return List.copyOf(all);
  }

  synchronized EmulatedCluster known(String id) {
    Instant seen = Instant.now().minus(faults.knownLateBy());
    return all.stream()
        .filter(c -> c.id.equals(id) && !c.created.isAfter(seen))
        .findFirst()
        .orElseThrow(() -> EmrRefusal.invalid("Cluster id '%s' is not valid.".formatted(id)));
  }

  private void move() {
    try {
      synchronized (this) {
        if (!isHeld) {
          all.forEach(this::move);
        }
      }
    } catch (RuntimeException e) {
      e.printStackTrace();
    }
  }

  private boolean isOver(EmulatedCluster cluster) {
    return !cluster.since.plus(pace.stage()).isAfter(Instant.now());
  }

  private void move(EmulatedCluster cluster) {
    switch (cluster.state) {
      case "STARTING" -> {
        if (isOver(cluster)) {
          start(cluster);
        }
      }
      case "BOOTSTRAPPING" -> {
        if (isOver(cluster)) {
          cluster.ready = Optional.of(Instant.now());
          cluster.become("WAITING", Instant.now());
          work(cluster);
        }
      }
      case "RUNNING", "WAITING" -> work(cluster);
      case "TERMINATING" -> {
        if (isOver(cluster) && cluster.steps.stream().noneMatch(EmulatedStep::isOpen)) {
          cluster.ended = Optional.of(Instant.now());
          cluster.become(cluster.errors ? "TERMINATED_WITH_ERRORS" : "TERMINATED", Instant.now());
        }
      }
      default -> {
        // it stays as it is
      }
    }
  }

  private void start(EmulatedCluster cluster) {
    boolean spotOnly =
        cluster
            .asked
            .path("Instances")
            .path("InstanceFleets")
            .valueStream()
            .map(
                f -> f.path("LaunchSpecifications").path("SpotSpecification").path("TimeoutAction"))
            .anyMatch(a -> a.asString("").equals("TERMINATE_CLUSTER"));
    if (cluster.failsToStart.isPresent()) {
      end(cluster, cluster.failsToStart.get()[0], cluster.failsToStart.get()[1], true);
    } else if (spotOnly && !cluster.spotIsThere) {
      end(
          cluster,
          "INSTANCE_FLEET_TIMEOUT",
          "Provisioning of spot instances timed out for the core fleet.",
          true);
    } else {
      cluster.become("BOOTSTRAPPING", Instant.now());
    }
  }

  private void work(EmulatedCluster cluster) {
    if (cluster.steps.stream()
        .anyMatch(s -> s.state.equals("RUNNING") || s.state.equals("CANCEL_PENDING"))) {
      return;
    }
    Optional<EmulatedStep> next =
        cluster.steps.stream().filter(s -> s.state.equals("PENDING")).findFirst();
    if (next.isPresent()) {
      cluster.become("RUNNING", Instant.now());
      run(cluster, next.get());
    } else if (!cluster.stays) {
      end(cluster, "ALL_STEPS_COMPLETED", "Steps completed", false);
    } else if (cluster.state.equals("RUNNING")) {
      cluster.become("WAITING", Instant.now());
    } else {
      Optional<Duration> idle =
          cluster.idleSeconds.map(seconds -> pace.second().multipliedBy(seconds));
      if (idle.isPresent() && cluster.since.plus(idle.get()).isBefore(Instant.now())) {
        end(cluster, "USER_REQUEST", "Terminated by auto-termination policy", false);
      }
    }
  }

  private void run(EmulatedCluster cluster, EmulatedStep step) {
    step.state = "RUNNING";
    step.started = Optional.of(Instant.now());
    step.work =
        Optional.of(
            workers.submit(
                () -> {
                  StepPrograms.Ended ended =
                      programs.run(
                          cluster.id, step.config.path("Jar").asString(""), step.arguments());
                  ended(cluster, step, ended);
                }));
  }

  private void ended(EmulatedCluster cluster, EmulatedStep step, StepPrograms.Ended ended) {
    boolean interrupted = Thread.interrupted();
    Optional<String> folder =
        cluster.logUri().map(u -> u.replaceFirst("/*$", "") + "/" + cluster.id);
    synchronized (this) {
      step.logFile = folder.map(f -> f + "/steps/" + step.id + "/stderr.gz");
      if (!step.isOpen()) {
        // its end was told already
      } else if (step.state.equals("CANCEL_PENDING")) {
        step.end("CANCELLED", Instant.now());
      } else if (cluster.state.equals("TERMINATING") || interrupted) {
        step.end("INTERRUPTED", Instant.now());
      } else if (ended.exit() == 0) {
        step.end("COMPLETED", Instant.now());
      } else {
        step.failure = Optional.of("Exit status: " + ended.exit());
        step.end("FAILED", Instant.now());
        afterFailure(cluster, step);
      }
    }
    folder.ifPresent(
        f ->
            clock.schedule(
                () -> programs.store(f, step.id, ended),
                pace.logs().toMillis(),
                TimeUnit.MILLISECONDS));
  }

  private void afterFailure(EmulatedCluster cluster, EmulatedStep step) {
    switch (step.onFailure) {
      case "TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW" ->
          end(cluster, "STEP_FAILURE", "Shut down as step failed", true);
      case "CANCEL_AND_WAIT" ->
          cluster.steps.stream()
              .filter(s -> s.state.equals("PENDING"))
              .forEach(s -> s.end("CANCELLED", Instant.now()));
      default -> {
        // the next step runs
      }
    }
  }

  /** Ends a cluster: what waits is cancelled, what runs interrupted. */
  synchronized void end(EmulatedCluster cluster, String code, String message, boolean errors) {
    if (!cluster.isActive()) {
      return;
    }
    cluster.reason = code;
    cluster.message = message;
    cluster.errors = errors;
    cluster.become("TERMINATING", Instant.now());
    for (EmulatedStep step : cluster.steps) {
      if (step.state.equals("PENDING")) {
        step.end("CANCELLED", Instant.now());
      } else if (step.isOpen()) {
        step.work.ifPresent(w -> w.cancel(true));
        if (!step.state.equals("CANCEL_PENDING")) {
          step.end("INTERRUPTED", Instant.now());
        } else {
          step.end("CANCELLED", Instant.now());
        }
      }
    }
  }

  synchronized void cancel(EmulatedStep step) {
    if (step.state.equals("PENDING")) {
      step.end("CANCELLED", Instant.now());
    } else if (step.state.equals("RUNNING")) {
      step.state = "CANCEL_PENDING";
      step.work.ifPresent(w -> w.cancel(true));
      clock.schedule(
          () -> {
            synchronized (this) {
              if (step.state.equals("CANCEL_PENDING")) {
                step.end("CANCELLED", Instant.now());
              }
            }
          },
          pace.stage().toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    clock.shutdownNow();
  }
}
