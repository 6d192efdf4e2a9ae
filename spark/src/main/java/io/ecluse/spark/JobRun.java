package io.ecluse.spark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.classic.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job from its beginning until its result has arrived: it is done on a thread of its own, while
 * this one tells the door how it goes and hears whether it is to end.
 */
final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  /** How often the door hears of a job. */
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** How long a job that was cancelled may take to end by itself. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** How long it may take once its thread is interrupted. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(2);

  /** For how long a job may have nobody who works for it before people hear so. */
  private static final Duration STARVED = Duration.ofSeconds(15);

  private final Door door;
  private final Job job;
  private final Supplier<SparkSession> spark;
  private final JobFacts facts;
  private Optional<SparkContext> listened = Optional.empty();
  private State state = State.RUNNING;
  private long awaySince;
  private long cancelledAt;
  private long starvesSince;

  /** A job goes on though it was told to end; nothing but the end of its JVM ends it. */
  static final class Stubborn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stubborn(String message) {
      super(message);
    }
  }

  private enum State {
    RUNNING,
    CANCELLED,
    /** Nobody waits for it. */
    LOST
  }

  /**
   * @param spark gives the Spark, when it is first needed
   */
  JobRun(Door door, Job job, Supplier<SparkSession> spark) {
    this.door = door;
    this.job = job;
    this.spark = spark;
    this.facts = new JobFacts(job.id());
  }

  /**
   * Does the job and delivers what came of it.
   *
   * @throws Door.Closed if nobody waits for it any more
   * @throws Stubborn if it was to end and does not
   */
  void run() {
    try (JobLog log = JobLog.open(job.values())) {
      LOG.info("Job {} begins", job.id());
      CompletableFuture<Result> work = new CompletableFuture<>();
      Thread thread = new Thread(() -> work.complete(result()), "job-" + job.id());
      thread.setDaemon(true);
      thread.start();
      Result result = await(work, log);
      end(thread);
      if (state == State.LOST) {
        throw new Door.Closed("Job %s has nobody who waits for it".formatted(job.id()));
      }
      LOG.info("Job {} ends: {}", job.id(), result.json().path("state").asText());
      beat(log); // the last lines and facts
      door.deliver(job.id(), result.json());
    } finally {
      listened.ifPresent(context -> context.removeSparkListener(facts));
    }
  }

  private Result await(CompletableFuture<Result> work, JobLog log) {
    while (true) {
      beat(log);
      try {
        Result result = work.get(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        return state == State.CANCELLED && isFailed(result) ? cancelled() : result;
      } catch (TimeoutException e) {
        if (state != State.RUNNING && System.nanoTime() - cancelledAt > GRACE.toNanos()) {
          return cancelled();
        }
      } catch (ExecutionException e) {
        throw new AssertionError("Results say what failed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        end(State.LOST);
        return cancelled();
      }
    }
  }

  /** A program that does not hear has had its time. */
  private void end(Thread work) {
    work.interrupt();
    try {
      work.join(LAST_GRACE.toMillis());
    } catch (InterruptedException e) { // the application ends in any case
      Thread.currentThread().interrupt();
      return;
    }
    if (work.isAlive()) {
      String message =
          "Job %s goes on though it was cancelled, so its application ends with it"
              .formatted(job.id());
      LOG.error("{}", message);
      throw new Stubborn(message);
    }
  }

  private static boolean isFailed(Result result) {
    return result.json().path("state").asText().equals("failed");
  }

  private static Result cancelled() {
    return Result.failed(new JobException(JobException.Code.CANCELLED, "The job was cancelled"));
  }

  /** One of the doors where everything is caught: a job always has a result. */
  private Result result() {
    try (RunSession session = new RunSession(this::grouped, job, door.token())) {
      return job.work().on(session);
    } catch (Throwable e) {
      JobException told = SparkErrors.translate(e, job);
      if (told.code() == JobException.Code.INTERNAL) {
        LOG.warn("Job {} failed", job.id(), e);
      }
      return Result.failed(told);
    }
  }

  /** The Spark, of which the thread's jobs belong to this job. */
  private SparkSession grouped() {
    SparkSession shared = spark.get();
    shared.sparkContext().setJobGroup(job.id(), "Écluse job " + job.id(), true);
    return shared;
  }

  private void beat(JobLog log) {
    JobLog.tap();
    listen();
    listened.ifPresent(this::starves);
    ArrayNode lines = log.lines();
    ObjectNode events = Door.JSON.createObjectNode();
    events.set("log", lines);
    events.set("progress", facts.progress());
    ObjectNode told = facts.facts();
    listened.ifPresent(
        context -> {
          told.put("application", context.applicationId());
          context.uiWebUrl().foreach(url -> told.put("ui", url));
        });
    events.set("facts", told);
    try {
      if (door.isCancelled(job.id(), events)) {
        end(State.CANCELLED);
      }
      awaySince = 0;
      log.told(lines);
    } catch (Door.Away e) {
      away(e);
    } catch (Door.Closed e) {
      LOG.warn("Job {} ends: {}", job.id(), e.getMessage());
      end(State.LOST);
    }
  }

  /** Spark itself says so only until the first of all its tasks. */
  private void starves(SparkContext context) {
    // one of those that it counts is the driver
    if (context.isLocal()
        || !facts.hasTasksLeft()
        || context.statusTracker().getExecutorInfos().length > 1) {
      starvesSince = 0;
      return;
    }
    long now = System.nanoTime();
    if (starvesSince == 0) {
      starvesSince = now;
    } else if (now - starvesSince > STARVED.toNanos()) {
      starvesSince = now;
      LOG.warn(
          "Job {} has no executor to work for it: it has not accepted any resources for {} s",
          job.id(),
          STARVED.toSeconds());
    }
  }

  private void away(Door.Away e) {
    long now = System.nanoTime();
    if (awaySince == 0) {
      awaySince = now;
      LOG.warn(
          "The door does not answer ({}); job {} goes on and tries again for {}",
          e.getMessage(),
          job.id(),
          door.patience());
    } else if (now - awaySince > door.patience().toNanos()) {
      end(State.LOST);
    }
  }

  private void end(State how) {
    if (state == State.RUNNING) {
      state = how;
      cancelledAt = System.nanoTime();
      LOG.info("Job {} is to end: its Spark jobs are cancelled", job.id());
    }
    listened.ifPresent(
        context -> context.cancelJobGroupAndFutureJobs(job.id(), "The job was cancelled"));
  }

  /** The Spark is there when the job has needed it. */
  private void listen() {
    if (listened.isEmpty()) {
      var found = SparkSession.getDefaultSession();
      if (found.isDefined()) {
        SparkContext context = found.get().sparkContext();
        context.addSparkListener(facts);
        listened = Optional.of(context);
      }
    }
  }
}
