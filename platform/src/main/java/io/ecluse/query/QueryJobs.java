package io.ecluse.query;

import io.ecluse.access.Caller;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries that people run and look at page by page. A result is a file, so its size costs no
 * memory; the oldest are deleted, and then only the query is remembered. Safe for use by several
 * threads.
 */
public final class QueryJobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryJobs.class);
  private static final long LONGEST_END_SECONDS = 3;
  private static final int KEPT = 100;
  private static final int EACH_CALLER = 8;
  private static final int MOST_RUNNING = 64;
  private static final long LOOK_MILLIS = 200;

  private final Queries queries;
  private final QueryLog log;
  private final Limits limits;
  private final Clock clock;
  private final ResultSpace space;
  private final ExecutorService executor = Executors.newCachedThreadPool(QueryJobs::thread);
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(1, QueryJobs::thread);
  private boolean looking;
  private final Map<String, QueryJob> jobs = Collections.synchronizedMap(new LinkedHashMap<>());

  /**
   * @param rows most rows of a result; the rest is cut off, and said to be
   * @param timeout longest query, the time that it waits for a place included
   * @param bytes of disk for results and exports together
   */
  public record Limits(long rows, Duration timeout, long bytes) {}

  /** Where a query is in its life; of an expired one only the text is left. */
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED,
    EXPIRED
  }

  /**
   * A query as it is now.
   *
   * @param shape of the result, when there is one
   * @param snapshots which state of each table was read
   * @param truncated whether the result has more rows than are kept
   */
  public record Status(
      QueryLog.Entry query,
      State state,
      Optional<ResultFiles.Shape> shape,
      Map<TableName, Long> snapshots,
      boolean truncated,
      Optional<EcluseException> error) {
    private static Status expired(QueryLog.Entry entry) {
      return new Status(entry, State.EXPIRED, Optional.empty(), Map.of(), false, Optional.empty());
    }
  }

  public QueryJobs(Queries queries, QueryLog log, Limits limits, Clock clock) {
    this.queries = queries;
    this.log = log;
    this.limits = limits;
    this.clock = clock;
    this.space = new ResultSpace(limits.bytes());
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "query");
    // not that of the request which comes first: this thread outlives the web server
    thread.setContextClassLoader(QueryJobs.class.getClassLoader());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins a query and waits a moment for it, so that quick ones are done at once.
   *
   * @throws EcluseException TOO_MANY_REQUESTS
   */
  public Status submit(Caller owner, String sql, ReadView view, Duration wait) {
    QueryJob job = new QueryJob(owner, sql, queries.folder(), limits.rows(), clock);
    synchronized (jobs) {
      requireQuota(owner.name());
      jobs.put(job.id(), job);
    }
    begin(job);
    look();
    evict();
    executor.execute(() -> run(job, view));
    timer.schedule(() -> timeOut(job), limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
    job.await(wait);
    return job.status();
  }

  /** From the first query on, for most processes have none. */
  private synchronized void look() {
    if (!looking) {
      looking = true;
      timer.scheduleWithFixedDelay(space::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** What cannot be remembered is not run. */
  private void begin(QueryJob job) {
    try {
      log.begin(job.entry());
    } catch (RuntimeException e) {
      jobs.remove(job.id());
      throw e;
    }
  }

  private void requireQuota(String owner) {
    List<QueryJob> running = all().stream().filter(QueryJob::isRunning).toList();
    long own = running.stream().filter(j -> j.owner().equals(owner)).count();
    if (own >= EACH_CALLER || running.size() >= MOST_RUNNING) {
      throw ErrorCode.TOO_MANY_REQUESTS.error(
          "%d queries are running or waiting already, %d of them yours (%d may be); wait for one to end, or cancel one"
              .formatted(running.size(), own, EACH_CALLER));
    }
  }

  private void run(QueryJob job, ReadView view) {
    space.watch(job.target(), () -> job.cancel(space.tooLarge()));
    job.run(queries, view, timer);
    if (job.hasResult()) {
      space.keep(job.target());
      evict();
    } else {
      space.giveUp(job.target());
      delete(job);
    }
    try {
      log.end(job.entry());
    } catch (RuntimeException e) {
      LOG.warn("Query {} has ended, but how long it took is not kept", job.id(), e);
    }
  }

  private void timeOut(QueryJob job) {
    job.cancel(
        ErrorCode.TIMED_OUT.error(
            "The query took longer than query.timeout (%d s) in ecluse.yaml"
                .formatted(limits.timeout().toSeconds())));
  }

  /** A query of this owner's, or NOT_FOUND. */
  public Status find(Caller owner, String id) {
    return running(owner, id)
        .map(QueryJob::status)
        .or(() -> log.find(owner.name(), id).map(Status::expired))
        .orElseThrow(() -> missing(id));
  }

  /** Queries of this owner's, the newest first: those with results, then what is remembered. */
  public List<Status> history(Caller owner) {
    List<Status> history = new ArrayList<>();
    Set<String> live = new LinkedHashSet<>();
    for (QueryJob job : all()) {
      if (job.owner().equals(owner.name())) {
        history.add(job.status());
        live.add(job.id());
      }
    }
    Collections.reverse(history);
    log.newest(owner.name()).stream()
        .filter(e -> !live.contains(e.id()))
        .map(Status::expired)
        .forEach(history::add);
    return history;
  }

  public void cancel(Caller owner, String id) {
    running(owner, id).ifPresentOrElse(QueryJob::cancel, () -> find(owner, id));
  }

  /** Rows {@code offset} to {@code offset + limit} of a result, or fewer that are long. */
  public List<Object[]> page(
      Caller owner, String id, long offset, int limit, Cancellation cancellation) {
    return queries
        .results()
        .page(Ticket.quick(owner, cancellation), result(owner, id), offset, limit);
  }

  /**
   * A new file with the whole result, which the caller gives back to {@link #discard}.
   *
   * @throws EcluseException RESULT_TOO_LARGE
   */
  public Path export(
      Caller owner, String id, ResultFiles.Format format, Cancellation cancellation) {
    Ticket ticket = Ticket.quick(owner, cancellation);
    Path file = exportable(ticket, id);
    return export(
        file,
        cancellation,
        target -> {
          queries.results().convert(ticket, file, format, target);
          if (format == ResultFiles.Format.JSON) {
            StrictJson.rewrite(target.file());
          }
        });
  }

  /**
   * A new file with the whole result for a spreadsheet, which the caller gives back to {@link
   * #discard}.
   *
   * @throws EcluseException RESULT_TOO_LARGE
   */
  public Path export(
      Caller owner,
      String id,
      Spreadsheets.Format format,
      Spreadsheets.Formulas formulas,
      Cancellation cancellation) {
    Ticket ticket = Ticket.quick(owner, cancellation);
    Path file = exportable(ticket, id);
    ResultFiles.Shape shape = find(owner, id).shape().orElseThrow(() -> missing(id));
    return export(
        file,
        cancellation,
        target -> {
          try (OutputStream out = Files.newOutputStream(target.file())) {
            Spreadsheets.write(
                shape,
                (offset, limit) -> queries.results().page(ticket, file, offset, limit),
                format,
                formulas,
                out);
          }
        });
  }

  private Path exportable(Ticket ticket, String id) {
    Path file = result(ticket.caller(), id);
    queries.requireExport(ticket, find(ticket.caller(), id).query().sql());
    return file;
  }

  private interface Writing {
    void to(Target target) throws IOException;
  }

  private Path export(Path result, Cancellation cancellation, Writing writing) {
    Target target = Target.all(result.resolveSibling(UUID.randomUUID() + ".export"));
    evict();
    space.watch(target, cancellation::cancel);
    boolean whole = false;
    try {
      writing.to(target);
      space.keep(target);
      whole = true;
      return target.file();
    } catch (EcluseException e) {
      throw space.wasEnded(target) ? space.tooLarge() : e;
    } catch (IOException e) {
      throw DiskFull.isSaidBy(e.getMessage())
          ? DiskFull.error("write the export", target.file(), e)
          : ErrorCode.INTERNAL.error("The export could not be written: " + e.getMessage(), e);
    } finally {
      if (!whole) {
        space.giveUp(target);
        discard(target.file());
      }
    }
  }

  /** Removes an export. */
  public void discard(Path export) {
    SpillFolder.delete(export);
    space.forget(export);
  }

  private Path result(Caller owner, String id) {
    QueryJob job =
        running(owner, id)
            .orElseThrow(
                () ->
                    log.find(owner.name(), id).isPresent()
                        ? ErrorCode.RESULT_EXPIRED.error(
                            "The result of query %s is no longer kept; run the query again"
                                .formatted(id))
                        : missing(id));
    if (!job.hasResult()) {
      throw ErrorCode.CONFLICT.error(
          "The query has no result yet, or none at all: it is " + job.status().state());
    }
    return job.file();
  }

  private Optional<QueryJob> running(Caller owner, String id) {
    return Optional.ofNullable(jobs.get(id)).filter(j -> j.owner().equals(owner.name()));
  }

  private static EcluseException missing(String id) {
    return ErrorCode.NOT_FOUND.error("There is no query %s of yours; run it again".formatted(id));
  }

  private List<QueryJob> all() {
    synchronized (jobs) {
      return new ArrayList<>(jobs.values());
    }
  }

  /** The oldest go, while there are too many or they take too much; not what runs. */
  private void evict() {
    List<QueryJob> all = all();
    int left = all.size();
    for (QueryJob job : all) {
      if (left <= KEPT && !space.isFull()) {
        return;
      }
      if (!job.isRunning()) {
        jobs.remove(job.id());
        delete(job);
      }
      left--;
    }
  }

  private void delete(QueryJob job) {
    SpillFolder.delete(job.file());
    space.forget(job.file());
  }

  @Override
  public void close() {
    all().forEach(QueryJob::cancel);
    executor.shutdown();
    timer.shutdownNow();
    try {
      if (!executor.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    all().forEach(this::delete);
  }
}
