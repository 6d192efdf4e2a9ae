package io.ecluse.spark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.classic.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform's work on a Spark, wherever that is: asks the platform's door for a job, does it
 * through the catalog of the job's run, and tells how it went.
 *
 * <pre>
 * JobApplication --door http://HOST:PORT/jobs --job ID
 * JobApplication --door http://HOST:PORT/jobs --session NAME [--idle SECONDS] [--at-once N]
 * </pre>
 *
 * A session takes job after job, until there was none for the idle time; jobs may bring tokens of
 * their own. The token is in the environment ({@code ECLUSE_JOB_TOKEN}, or a file that {@code
 * ECLUSE_JOB_TOKEN_FILE} names) or a setting of Spark, {@code spark.ecluse.job.token}: never on the
 * command line.
 *
 * <p>Exits with 0 (results have arrived, of whatever kind), 2 (wrong usage) or 3 (nobody waits).
 */
public final class JobApplication {
  private static final Logger LOG = LoggerFactory.getLogger(JobApplication.class);
  private static final int WRONG_USAGE = 2;
  private static final int NOBODY_WAITS = 3;

  /** How long the platform may be away. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Set<String> OPTIONS =
      Set.of("--door", "--job", "--session", "--idle", "--at-once");

  private final Door door;
  private final Supplier<SparkSession> spark;

  /** A job of the session that ends with the application alone. */
  private volatile Optional<JobRun.Stubborn> stubborn = Optional.empty();

  JobApplication(Door door, Supplier<SparkSession> spark) {
    this.door = door;
    this.spark = spark;
  }

  public static void main(String[] arguments) {
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int exit = 0;
    try {
      Map<String, String> options = options(List.of(arguments));
      Door door = new Door(URI.create(required(options, "--door")), token(), PATIENCE);
      run(options, door);
    } catch (IllegalArgumentException e) {
      err.println("error: " + e.getMessage());
      exit = WRONG_USAGE;
    } catch (Door.Closed | JobRun.Stubborn e) {
      err.println("error: " + e.getMessage());
      exit = NOBODY_WAITS;
    } finally {
      SparkSession.getDefaultSession().foreach(s -> stopped(s));
    }
    System.exit(exit);
  }

  private static Object stopped(SparkSession spark) {
    spark.stop();
    return spark;
  }

  private static void run(Map<String, String> options, Door door) {
    if (options.containsKey("--job")) {
      String id = required(options, "--job");
      new JobApplication(door, () -> Sparks.of("ecluse " + id)).one(id);
    } else {
      String session = required(options, "--session");
      new JobApplication(door, () -> Sparks.of("ecluse session " + session))
          .session(
              session,
              Duration.ofSeconds(Integer.parseInt(options.getOrDefault("--idle", "300"))),
              Integer.parseInt(options.getOrDefault("--at-once", "2")));
    }
  }

  private static Map<String, String> options(List<String> arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      String option = arguments.get(i).replace("--parallel", "--at-once");
      if (!OPTIONS.contains(option) || i + 1 == arguments.size()) {
        throw new IllegalArgumentException(
            "usage: --door URL (--job ID | --session NAME [--idle SECONDS] [--at-once N]), but got %s"
                .formatted(String.join(" ", arguments)));
      }
      options.put(option, arguments.get(i + 1));
    }
    return options;
  }

  private static String required(Map<String, String> options, String name) {
    return Optional.ofNullable(options.get(name))
        .orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
  }

  private static String token() {
    return Optional.ofNullable(System.getenv("ECLUSE_JOB_TOKEN"))
        .or(
            () ->
                Optional.ofNullable(System.getenv("ECLUSE_JOB_TOKEN_FILE"))
                    .map(JobApplication::read))
        .or(() -> Optional.ofNullable(System.getProperty("spark.ecluse.job.token")))
        .filter(token -> !token.isBlank())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no token: set ECLUSE_JOB_TOKEN, ECLUSE_JOB_TOKEN_FILE or spark.ecluse.job.token"));
  }

  /** A file of this machine, or of whatever store Spark reaches, as {@code s3://bucket/file}. */
  static String read(String file) {
    try {
      if (!file.contains("://")) {
        return Files.readString(Path.of(file)).strip();
      }
      var place = new org.apache.hadoop.fs.Path(file);
      try (InputStream in =
          place
              .getFileSystem(SparkHadoopUtil.get().newConfiguration(new SparkConf()))
              .open(place)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("The token's file %s cannot be read".formatted(file), e);
    }
  }

  /**
   * Does one job.
   *
   * @throws Door.Closed if nobody waits for it
   */
  void one(String id) {
    run(id, door.job(id));
  }

  private void run(String id, JsonNode text) {
    Job job;
    try {
      job = Job.read(text);
    } catch (JobException e) {
      door.deliver(id, Result.failed(e).json());
      return;
    }
    new JobRun(text.hasNonNull("token") ? door.with(text.get("token").asText()) : door, job, spark)
        .run();
  }

  /**
   * Does job after job, several at once, until there was none for the idle time or the door says
   * that the session is not wanted any more.
   *
   * @throws Door.Closed if the door does not know the session
   * @throws JobRun.Stubborn if a job does not end though it was told to
   */
  void session(String name, Duration idle, int parallel) {
    // it is warm before the first job comes
    LOG.info("Session {} begins as {}", name, spark.get().sparkContext().applicationId());
    ExecutorService workers = Executors.newFixedThreadPool(parallel);
    try {
      takeAll(name, idle, workers, new Semaphore(parallel));
    } catch (Door.Ended e) {
      LOG.info("Session {} is not wanted any more", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Door.Closed e) {
      if (stubborn.isEmpty()) { // else it was interrupted as it asked
        throw e;
      }
    } finally {
      workers.shutdownNow();
    }
    if (stubborn.isPresent()) {
      throw stubborn.get();
    }
  }

  private void takeAll(String name, Duration idle, ExecutorService workers, Semaphore free)
      throws InterruptedException {
    int parallel = free.availablePermits();
    Thread asks = Thread.currentThread();
    AtomicLong busy = new AtomicLong(System.nanoTime());
    while (free.availablePermits() < parallel || System.nanoTime() - busy.get() < idle.toNanos()) {
      free.acquire();
      Optional<JsonNode> next = door.next(name, idle.compareTo(WAIT) < 0 ? idle : WAIT);
      if (next.isEmpty()) {
        free.release();
        continue;
      }
      workers.execute(
          () -> {
            try {
              inSession(next.get());
            } catch (JobRun.Stubborn e) {
              stubborn = Optional.of(e);
              asks.interrupt();
            } finally {
              busy.set(System.nanoTime());
              free.release();
            }
          });
    }
  }

  /** A job that nobody waits for is no reason to end the session. */
  private void inSession(JsonNode text) {
    try {
      run(text.path("id").asText(), text);
    } catch (Door.Closed e) {
      LOG.warn("Job {} is dropped: {}", text.path("id").asText(), e.getMessage());
    }
  }
}
