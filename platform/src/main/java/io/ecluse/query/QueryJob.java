package io.ecluse.query;

import io.ecluse.access.Caller;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.DatabaseLost;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.query.QueryJobs.State;
import io.ecluse.query.QueryJobs.Status;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableSnapshot;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One query of a person, from when it is asked until its result is thrown away. */
final class QueryJob {
  /** What a query may take on a place that is kept for quick ones. */
  private static final long QUICK_MILLIS = 5_000;

  private final String id = UUID.randomUUID().toString();
  private final Caller owner;
  private final String sql;
  private final Target target;
  private final long mostRows;
  private final Clock clock;
  private final Instant submittedAt;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Cancellation cancellation = new Cancellation();
  private volatile Optional<Outcome> outcome = Optional.empty();
  private volatile Optional<EcluseException> reason = Optional.empty();

  /**
   * How it ended.
   *
   * @param shape of the result, when there is one
   */
  private record Outcome(
      State state,
      Instant at,
      Optional<ResultFiles.Shape> shape,
      Map<TableName, Long> snapshots,
      Optional<EcluseException> error) {}

  QueryJob(Caller owner, String sql, Path folder, long mostRows, Clock clock) {
    this.owner = owner;
    this.sql = sql;
    this.target = Target.most(folder.resolve("result-" + id + ".parquet"), mostRows + 1);
    this.mostRows = mostRows;
    this.clock = clock;
    this.submittedAt = clock.instant();
  }

  String id() {
    return id;
  }

  String owner() {
    return owner.name();
  }

  Path file() {
    return target.file();
  }

  Target target() {
    return target;
  }

  boolean isRunning() {
    return outcome.isEmpty();
  }

  boolean hasResult() {
    return outcome.filter(o -> o.state() == State.DONE).isPresent();
  }

  /** Runs it; returns when it has ended, and never throws for what is wrong with it. */
  void run(Queries queries, ReadView view, ScheduledExecutorService timer) {
    try {
      Map<TableName, Long> snapshots = Answer.ids(read(queries, view, timer));
      ResultFiles.Shape shape =
          queries.results().shape(Ticket.quick(owner, new Cancellation()), file());
      end(State.DONE, Optional.of(shape), snapshots, Optional.empty());
    } catch (EcluseException e) {
      EcluseException said = reason.orElse(e);
      State state = said.code() == ErrorCode.CANCELLED ? State.CANCELLED : State.FAILED;
      end(state, Optional.empty(), Map.of(), Optional.of(said));
    } catch (RuntimeException e) {
      EcluseException error =
          DatabaseLost.in(e)
              .or(() -> DiskFull.in(e))
              .orElseGet(() -> ErrorCode.INTERNAL.error("The query failed: " + e.getClass(), e));
      end(State.FAILED, Optional.empty(), Map.of(), Optional.of(error));
    }
  }

  /** At once if there is a place, else among the quick ones first, where it may end in time. */
  private Map<TableName, TableSnapshot> read(
      Queries queries, ReadView view, ScheduledExecutorService timer) {
    if (!queries.isFree(Lane.LONG, owner) && queries.isFree(Lane.QUICK, owner)) {
      Cancellation first = cancellation.part();
      ScheduledFuture<?> end = timer.schedule(first::cancel, QUICK_MILLIS, TimeUnit.MILLISECONDS);
      try {
        return queries.toParquet(Ticket.quick(owner, first), sql, view, target);
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.CANCELLED || cancellation.isCancelled()) {
          throw e;
        }
      } finally {
        end.cancel(false);
      }
    }
    return queries.toParquet(Ticket.patient(owner, cancellation), sql, view, target);
  }

  private void end(
      State state,
      Optional<ResultFiles.Shape> shape,
      Map<TableName, Long> snapshots,
      Optional<EcluseException> error) {
    outcome = Optional.of(new Outcome(state, clock.instant(), shape, snapshots, error));
    ended.countDown();
  }

  void cancel() {
    cancellation.cancel();
  }

  /** Ends it, for this reason. */
  void cancel(EcluseException why) {
    if (isRunning()) {
      reason = Optional.of(why);
      cancellation.cancel();
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

  QueryLog.Entry entry() {
    return new QueryLog.Entry(id, owner.name(), sql, submittedAt, elapsed());
  }

  private Duration elapsed() {
    Instant end = outcome.map(Outcome::at).orElseGet(clock::instant);
    return Duration.between(submittedAt, end);
  }

  Status status() {
    Optional<Outcome> now = outcome;
    Optional<ResultFiles.Shape> shape = now.flatMap(Outcome::shape);
    return new Status(
        entry(),
        now.map(Outcome::state).orElse(State.RUNNING),
        shape.map(s -> new ResultFiles.Shape(s.names(), s.types(), Math.min(s.rows(), mostRows))),
        now.map(Outcome::snapshots).orElse(Map.of()),
        shape.filter(s -> s.rows() > mostRows).isPresent(),
        now.flatMap(Outcome::error));
  }
}
