package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.Throttle;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagingArea;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * One extract. A coordinator holds the snapshot; readers, each with a connection that shares it,
 * take ranges of tables off a queue, the biggest tables first.
 */
final class PostgresExtract implements AutoCloseable {
  /** How often one reader may lose its connection. */
  private static final int RECONNECTS = 5;

  private static final int LEAST_READERS = 2;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LEAST_WAIT_MILLIS = 50;

  /** What the extract works with. */
  record Parts(
      PostgresSourceSettings settings, StagingArea staging, PartEncoder encoder, Clock clock) {}

  private final ExtractRequest request;
  private final ExtractListener listener;
  private final Parts parts;
  private final PostgresConnections connections;
  private final PostgresErrors errors;
  private final Batches batches;
  private final Throttle throttle;
  private final PieceReader reader;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong total = new AtomicLong();
  private final AtomicReference<Optional<EcluseException>> failure =
      new AtomicReference<>(Optional.empty());
  private volatile Runnable cancelReads = () -> {};

  /** Connections that see a moment of their own. */
  private final Set<Connection> own = ConcurrentHashMap.newKeySet();

  PostgresExtract(
      ExtractRequest request,
      ExtractListener listener,
      Parts parts,
      PostgresConnections connections,
      PostgresErrors errors) {
    this.request = request;
    this.listener = listener;
    this.parts = parts;
    this.connections = connections;
    this.errors = errors;
    this.throttle = new Throttle(parts.settings().limits());
    this.batches = new Batches(parts.settings(), request, parts.staging(), parts.clock());
    this.reader =
        new PieceReader(
            new PieceReader.Tools(
                parts.settings(), request, parts.staging(), parts.encoder(), errors, throttle),
            batches,
            this::progressed,
            this::isOver);
  }

  List<BatchManifest> run() {
    listener.onCancel(
        () -> fail(new EcluseException(ErrorCode.CANCELLED, "The extract was cancelled")));
    try (ImpactProbe probe = new ImpactProbe(connections.openIdle(), throttle);
        SharedSnapshot snapshot = new SharedSnapshot(connections, errors)) {
      cancelReads = snapshot::cancel;
      long held = System.nanoTime();
      String position =
          PostgresCatalog.text(
              snapshot.first(),
              "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END || ' ' || txid_current_snapshot()");
      List<ReadPlan> tables = plans(snapshot.first());
      for (ReadPlan plan : tables) {
        total.addAndGet(PostgresCatalog.estimate(snapshot.first(), plan.table(), errors));
      }
      listener.log(
          "Reading %d streams of %s as of %s with up to %d connections"
              .formatted(tables.size(), settings().name(), position, settings().connections()));
      begin(tables);
      PieceQueue queue = new PieceQueue(tables, settings());
      List<Thread> readers = start(snapshot, queue);
      join(readers, snapshot, queue);
      throwFailure();
      double heldSeconds = (System.nanoTime() - held) / 1e9;
      snapshot.close(); // whoever lost it meanwhile lost nothing
      readChanges(tables, position);
      throwFailure();
      List<BatchManifest> manifests = batches.manifests(tables, queue.planned(), position);
      listener.inPlace(() -> parts.staging().commit(manifests));
      say(manifests);
      receipt(probe, heldSeconds, readers.size());
      return manifests;
    } catch (SQLException e) {
      throw failure.get().orElseGet(() -> errors.reading("reading", e));
    }
  }

  private PostgresSourceSettings settings() {
    return parts.settings();
  }

  private boolean isOver() {
    return failure.get().isPresent();
  }

  private void throwFailure() {
    if (failure.get().isPresent()) {
      throw failure.get().get();
    }
  }

  private List<ReadPlan> plans(Connection coordinator) throws SQLException {
    List<PostgresTable> wanted =
        new WantedTables(settings(), errors).of(coordinator, request.streams());
    if (request.reading() == RowsWanted.REJECTED) {
      return new Replays(settings(), parts.staging(), request, listener).of(wanted);
    }
    ReadPlanner planner =
        new ReadPlanner(settings(), parts.staging(), request, listener, coordinator);
    List<ReadPlan> tables = new ArrayList<>();
    for (PostgresTable table : wanted) {
      tables.add(planner.plan(table));
    }
    return tables;
  }

  private void begin(List<ReadPlan> tables) {
    AtomicLong left = new AtomicLong();
    listener.inPlace(() -> left.set(tables.stream().filter(batches::begin).count()));
    long discarded = left.get();
    if (discarded > 0) {
      listener.log(
          "An attempt before this one was cut off; its snapshot ended with its process, so what it had read of %d streams is of another moment and is read anew"
              .formatted(discarded));
    }
  }

  private List<Thread> start(SharedSnapshot snapshot, PieceQueue queue) {
    List<Thread> readers = new ArrayList<>();
    // each keeps a processor busy; one more would hold memory and wait for it
    int most = Math.max(LEAST_READERS, Runtime.getRuntime().availableProcessors());
    int width = Math.min(Math.min(settings().connections(), most), Math.max(1, queue.size()));
    for (int i = 0; i < width; i++) {
      Thread thread =
          new Thread(new Reader(snapshot, queue), "extract-" + settings().name() + "-" + i);
      thread.setDaemon(true);
      thread.start();
      readers.add(thread);
    }
    return readers;
  }

  /**
   * Reads piece after piece. When the connection is lost but the snapshot lives on, another
   * connection goes on with the very piece; finished ones are not read again.
   */
  private final class Reader implements Runnable {
    private final SharedSnapshot snapshot;
    private final PieceQueue queue;
    private final Losses losses = new Losses();
    private Optional<Piece> piece = Optional.empty();

    private Reader(SharedSnapshot snapshot, PieceQueue queue) {
      this.snapshot = snapshot;
      this.queue = queue;
    }

    @Override
    public void run() {
      piece = queue.next();
      while (piece.isPresent() && !isOver()) {
        try {
          if (queue.isLate(piece.get())) {
            readLate(piece.get());
          } else {
            readShared();
          }
        } catch (SQLException e) {
          fail(errors.reading("reading", e));
        } catch (EcluseException e) {
          if (losses.mayGoOn(e)) {
            listener.log(
                "A connection was lost; reading table %s goes on from its last finished range"
                    .formatted(piece.get().stream()));
          }
        } catch (RuntimeException e) {
          fail(new EcluseException(ErrorCode.INTERNAL, "The extract failed: " + e, e));
        }
      }
    }

    private void readShared() throws SQLException {
      Optional<Connection> joined = snapshot.join();
      if (joined.isEmpty()) {
        return; // given up while we were about to: the piece is late by now
      }
      Connection connection = joined.get();
      try {
        while (piece.isPresent() && !isOver() && !queue.isLate(piece.get())) {
          reader.read(connection, piece.get());
          piece = queue.next(piece.get());
        }
      } catch (EcluseException e) {
        snapshot.leave(connection, e);
        throw e;
      } finally {
        snapshot.leave(connection);
      }
    }

    /** Reads the piece as of now, its rows counted in the same moment. */
    private void readLate(Piece late) throws SQLException {
      if (batches.late(late.stream())) {
        listener.log(
            "The snapshot is as old as extract.snapshot_life lets it be (%d s) and is given up: what is left of %s is read range by range as of later moments, and at the end once more what changed meanwhile"
                .formatted(settings().limits().snapshotLife().toSeconds(), late.stream()));
      }
      readNow(late);
      piece = queue.next(late);
    }
  }

  /** Reads a piece in a moment of its own. Returns its rows. */
  private long readNow(Piece piece) throws SQLException {
    try (Connection connection = connections.open()) {
      own.add(connection);
      try {
        return reader.read(connection, piece);
      } finally {
        own.remove(connection);
      }
    }
  }

  /** What changed in tables that were not read in one moment, as of now. */
  private void readChanges(List<ReadPlan> tables, String position) throws SQLException {
    for (ReadPlan plan : tables) {
      if (batches.isLate(plan.stream())) {
        PostgresTable changed = plan.table().where(Changes.since(position));
        long count = readNow(new Piece(Batches.Kind.CHANGES, changed, Optional.empty(), 0));
        listener.log(
            "%s is not one moment: its ranges are of several; the %d rows that may have changed since the first were read again"
                .formatted(plan.stream(), count));
      }
    }
  }

  private void progressed(long more) {
    throwFailure();
    long read = rows.addAndGet(more);
    listener.progress(read, Math.max(read, total.get()));
  }

  /** Waits for the readers; lets the snapshot go when it is old and nobody needs it any more. */
  private void join(List<Thread> readers, SharedSnapshot snapshot, PieceQueue queue) {
    try {
      for (Thread thread : readers) {
        while (thread.isAlive()) {
          thread.join(Math.max(LEAST_WAIT_MILLIS, queue.young().toMillis()));
          if (queue.mayLetGo()) {
            snapshot.giveUp();
            thread.join();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new EcluseException(ErrorCode.CANCELLED, "The extract was interrupted", e));
    }
  }

  /** Remembers why, the first reason only, and ends what every reader waits for. */
  private void fail(EcluseException e) {
    if (failure.compareAndSet(Optional.empty(), Optional.of(e))) {
      cancelReads.run();
      own.forEach(SharedSnapshot::cancel);
    }
  }

  /** The losses of connections by one thread; of many, it is the first that tells why. */
  private final class Losses {
    private Optional<EcluseException> first = Optional.empty();
    private int count;

    /** Whether to try once more, after a pause; if not, the extract has failed. */
    boolean mayGoOn(EcluseException loss) {
      first = first.or(() -> Optional.of(loss));
      count++;
      if (isOver() || !PostgresErrors.isConnectionLost(loss) || count > RECONNECTS) {
        fail(loss.code() == ErrorCode.SOURCE_CHANGED ? loss : first.get());
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << count);
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail(new EcluseException(ErrorCode.CANCELLED, "The extract was interrupted", e));
        return false;
      }
    }
  }

  /** The batches are there by now, so whatever fails here is no failure of the extract. */
  private void receipt(ImpactProbe probe, double held, int readers) {
    try {
      listener.impact(probe.receipt(held, readers + 2));
    } catch (SQLException e) {
      listener.log("What the extract cost the source is not known: " + e.getSQLState());
    }
  }

  private void say(List<BatchManifest> manifests) {
    for (BatchManifest batch : manifests) {
      if (batch.rejected().rows() > 0) {
        listener.log(
            "%d rows of %s were rejected, the first: %s"
                .formatted(
                    batch.rejected().rows(), batch.stream(), batch.rejected().examples().get(0)));
      }
    }
    listener.log(
        manifests.stream()
            .map(m -> m.stream() + " " + m.rows() + (m.isWhole() ? "" : " new or changed"))
            .collect(Collectors.joining(", ", "Staged, equal to the source's counts: ", "")));
  }

  @Override
  public void close() {
    reader.close();
  }
}
