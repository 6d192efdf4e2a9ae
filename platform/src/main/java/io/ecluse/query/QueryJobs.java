package io.ecluse.query;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Queries that people run and look at page by page. A result is a file, so its size costs no
 * memory; the oldest are deleted. Safe for use by several threads.
 */
public final class QueryJobs implements AutoCloseable {
  private static final int KEPT = 100;
  private static final int MOST_RUNNING = 8;

  private final QueryEngine engine;
  private final Path folder;
  private final Limits limits;
  private final Clock clock;
  private final ExecutorService executor = Executors.newCachedThreadPool(QueryJobs::thread);
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(1, QueryJobs::thread);
  private final Map<String, Job> jobs = Collections.synchronizedMap(new LinkedHashMap<>());

  /**
   * @param rows most rows of a result; the rest is cut off, and said to be
   * @param timeout longest query
   */
  public record Limits(long rows, Duration timeout) {}

  /** Where a query is in its life. */
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
  }

  /**
   * A query as it is now.
   *
   * @param shape of the result, when there is one
   * @param snapshots which state of each table was read
   * @param truncated whether the result has more rows than are kept
   */
  public record Status(
      String id,
      String owner,
      String sql,
      State state,
      Instant submittedAt,
      Duration elapsed,
      Optional<ResultFiles.Shape> shape,
      Map<TableName, Long> snapshots,
      boolean truncated,
      Optional<EcluseException> error) {}

  public QueryJobs(QueryEngine engine, Path folder, Limits limits, Clock clock) {
    this.engine = engine;
    this.folder = folder;
    this.limits = limits;
    this.clock = clock;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "query");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins a query and waits a moment for it, so that quick ones are done at once.
   *
   * @throws EcluseException TOO_MANY_REQUESTS
   */
  public Status submit(String owner, String sql, ReadView view, Duration wait) {
    long running = all().stream().filter(j -> j.status().state() == State.RUNNING).count();
    if (running >= MOST_RUNNING) {
      throw new EcluseException(
          ErrorCode.TOO_MANY_REQUESTS,
          "%d queries are running already; wait for one to end, or cancel one".formatted(running));
    }
    Job job = new Job(owner, sql);
    jobs.put(job.id, job);
    evict();
    executor.execute(() -> job.run(view));
    timer.schedule(
        () -> job.timeOut(limits.timeout()), limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
    job.await(wait);
    return job.status();
  }

  /** A query of this owner's. */
  public Status find(String owner, String id) {
    return job(owner, id).status();
  }

  /** Queries of this owner's, the newest first. */
  public List<Status> history(String owner) {
    List<Status> history = new ArrayList<>();
    for (Job job : all()) {
      if (job.owner.equals(owner)) {
        history.add(job.status());
      }
    }
    Collections.reverse(history);
    return history;
  }

  public void cancel(String owner, String id) {
    job(owner, id).cancellation.cancel();
  }

  /** Rows {@code offset} to {@code offset + limit} of a result. */
  public List<Object[]> page(String owner, String id, long offset, int limit) {
    return engine.results().page(result(owner, id), offset, limit);
  }

  /** A new file with the whole result, which the caller deletes. */
  public Path export(String owner, String id, ResultFiles.Format format) {
    Path file = result(owner, id);
    Path target = file.resolveSibling(UUID.randomUUID() + ".export");
    engine.results().convert(file, format, target);
    return target;
  }

  private Path result(String owner, String id) {
    Job job = job(owner, id);
    if (job.status().state() != State.DONE) {
      throw new EcluseException(
          ErrorCode.CONFLICT,
          "The query has no result yet, or none at all: it is " + job.status().state());
    }
    return job.file;
  }

  private Job job(String owner, String id) {
    Job job = jobs.get(id);
    if (job == null || !job.owner.equals(owner)) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "There is no query %s; the newest %d are kept. Run it again".formatted(id, KEPT));
    }
    return job;
  }

  private List<Job> all() {
    synchronized (jobs) {
      return new ArrayList<>(jobs.values());
    }
  }

  private void evict() {
    List<Job> all = all();
    for (Job job : all.subList(0, Math.max(0, all.size() - KEPT))) {
      jobs.remove(job.id);
      job.cancellation.cancel();
      job.delete();
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    timer.shutdownNow();
    for (Job job : all()) {
      job.cancellation.cancel();
      job.delete();
    }
  }

  private final class Job {
    final String id = UUID.randomUUID().toString();
    final String owner;
    final String sql;
    final Path file = folder.resolve("result-" + id + ".parquet");
    final Cancellation cancellation = new Cancellation();
    private final Instant submittedAt = clock.instant();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Status status;

    Job(String owner, String sql) {
      this.owner = owner;
      this.sql = sql;
      this.status = status(State.RUNNING, Optional.empty(), Map.of(), Optional.empty());
    }

    Status status() {
      Status now = status;
      return now.state() == State.RUNNING
          ? status(State.RUNNING, Optional.empty(), Map.of(), Optional.empty())
          : now;
    }

    void run(ReadView view) {
      try {
        String limited =
            "SELECT * FROM (\n%s\n) LIMIT %d".formatted(engine.statement(sql), limits.rows() + 1);
        Map<TableName, TableSnapshot> read =
            engine.toParquet(sql, limited, view, cancellation, file);
        Map<TableName, Long> snapshots = new TreeMap<>();
        read.forEach((t, s) -> snapshots.put(t, s.id()));
        status =
            status(
                State.DONE, Optional.of(engine.results().shape(file)), snapshots, Optional.empty());
      } catch (EcluseException e) {
        State end = e.code() == ErrorCode.CANCELLED ? State.CANCELLED : State.FAILED;
        status = status(end, Optional.empty(), Map.of(), Optional.of(e));
      } catch (RuntimeException e) {
        status =
            status(
                State.FAILED,
                Optional.empty(),
                Map.of(),
                DatabaseLost.in(e)
                    .or(
                        () ->
                            Optional.of(
                                new EcluseException(
                                    ErrorCode.INTERNAL, "The query failed: " + e, e))));
      } finally {
        ended.countDown();
      }
    }

    private Status status(
        State state,
        Optional<ResultFiles.Shape> shape,
        Map<TableName, Long> snapshots,
        Optional<EcluseException> error) {
      boolean truncated = shape.filter(s -> s.rows() > limits.rows()).isPresent();
      return new Status(
          id,
          owner,
          sql,
          state,
          submittedAt,
          Duration.between(submittedAt, clock.instant()),
          shape.map(
              s -> new ResultFiles.Shape(s.names(), s.types(), Math.min(s.rows(), limits.rows()))),
          snapshots,
          truncated,
          error);
    }

    void timeOut(Duration after) {
      if (status.state() == State.RUNNING) {
        cancellation.cancel();
        await(Duration.ofSeconds(5));
        status =
            status(
                State.FAILED,
                Optional.empty(),
                Map.of(),
                Optional.of(
                    new EcluseException(
                        ErrorCode.TIMED_OUT,
                        "The query took longer than query.timeout (%d s) in ecluse.yaml"
                            .formatted(after.toSeconds()))));
      }
    }

    void await(Duration wait) {
      try {
        if (!ended.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          return; // it goes on; whoever asked looks at its state
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void delete() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new EcluseException(
            ErrorCode.INTERNAL, "Could not delete " + file + ": " + e.getMessage(), e);
      }
    }
  }
}
