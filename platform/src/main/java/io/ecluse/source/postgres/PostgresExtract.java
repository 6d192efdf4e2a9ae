package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.Throttle;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Part;
import io.ecluse.staging.StagingArea;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * One extract. A coordinator holds the snapshot and counts; readers, each with a connection that
 * shares the snapshot, take ranges of tables off a queue, the biggest tables first.
 */
final class PostgresExtract implements AutoCloseable {
  /** About 128 MiB of a table a part: few files, and work enough to share. */
  private static final long PAGES_A_PART = 16_384;

  /** How often one reader may lose its connection. */
  private static final int RECONNECTS = 5;

  private static final long FIRST_PAUSE_MILLIS = 50;

  /** What the extract works with. */
  record Parts(
      PostgresSourceSettings settings, StagingArea staging, PartEncoder encoder, Clock clock) {}

  private record Piece(
      Batches.Kind kind,
      PostgresTable table,
      Optional<PostgresTable.PageRange> range,
      int number) {}

  private final ExtractRequest request;
  private final ExtractListener listener;
  private final Parts parts;
  private final PostgresConnections connections;
  private final PostgresErrors errors;
  private final BufferAllocator allocator = new RootAllocator();
  private final ConcurrentLinkedQueue<Piece> queue = new ConcurrentLinkedQueue<>();
  private final Batches batches;
  private final Throttle throttle;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong total = new AtomicLong();
  private final AtomicReference<Optional<EcluseException>> failure =
      new AtomicReference<>(Optional.empty());
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

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
  }

  List<BatchManifest> run() {
    listener.onCancel(
        () -> fail(new EcluseException(ErrorCode.CANCELLED, "The extract was cancelled")));
    try (ImpactProbe probe = new ImpactProbe(connections.openIdle(), throttle);
        Connection coordinator = connections.open()) {
      open.add(coordinator);
      long held = System.nanoTime();
      String snapshot = text(coordinator, "SELECT pg_export_snapshot()");
      String position =
          text(
              coordinator,
              "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END || ' ' || txid_current_snapshot()");
      ReadPlanner planner =
          new ReadPlanner(settings(), parts.staging(), request, listener, coordinator);
      List<ReadPlan> tables = new ArrayList<>();
      for (PostgresTable table : wanted(PostgresCatalog.tables(coordinator, settings().schema()))) {
        tables.add(planner.plan(table));
      }
      tables.forEach(t -> total.addAndGet(Math.max(0, t.table().estimatedRows())));
      listener.log(
          "Reading %d streams of %s as of %s with up to %d connections"
              .formatted(tables.size(), settings().name(), position, settings().connections()));
      plan(tables);
      List<Thread> readers = start(snapshot);
      Map<String, Long> counts = Map.of();
      try {
        counts = count(coordinator, tables);
      } catch (SQLException e) {
        fail(errors.reading("counting rows", e)); // and with it the snapshot
      }
      join(readers);
      failure.get().ifPresent(this::raise);
      release(coordinator);
      List<BatchManifest> manifests = batches.commit(tables, counts, position);
      say(manifests);
      receipt(probe, (System.nanoTime() - held) / 1e9, readers.size());
      return manifests;
    } catch (SQLException e) {
      throw failure.get().orElseGet(() -> errors.reading("reading", e));
    }
  }

  private PostgresSourceSettings settings() {
    return parts.settings();
  }

  private void raise(EcluseException e) {
    throw e;
  }

  private List<PostgresTable> wanted(List<PostgresTable> there) {
    Set<String> asked =
        request.streams().isEmpty()
            ? settings().plans().keySet()
            : new LinkedHashSet<>(request.streams());
    if (asked.isEmpty()) {
      return there;
    }
    Map<String, PostgresTable> byName = new LinkedHashMap<>();
    there.forEach(t -> byName.put(t.name(), t));
    Set<String> missing = new TreeSet<>(asked);
    missing.removeAll(byName.keySet());
    if (!missing.isEmpty()) {
      String have =
          byName.isEmpty()
              ? "none that user " + settings().server().user() + " may see"
              : String.join(", ", byName.keySet());
      throw errors.error(
          ErrorCode.SOURCE_MISSING_STREAM,
          "there is no table %s in schema %s of %s; the tables there are: %s"
              .formatted(
                  String.join(", ", missing),
                  settings().schema(),
                  settings().server().database(),
                  have),
          new SQLException("missing"));
    }
    return asked.stream().map(byName::get).toList();
  }

  private void plan(List<ReadPlan> tables) {
    List<ReadPlan> bySize = new ArrayList<>(tables);
    bySize.sort(Comparator.comparingLong((ReadPlan p) -> p.table().pages()).reversed());
    for (ReadPlan plan : bySize) {
      batches.begin(plan);
      add(Batches.Kind.ROWS, plan.table());
      plan.keys().ifPresent(k -> add(Batches.Kind.KEYS, k));
    }
  }

  private void add(Batches.Kind kind, PostgresTable table) {
    AtomicInteger number = new AtomicInteger();
    table
        .ranges(PAGES_A_PART)
        .forEach(r -> queue.add(new Piece(kind, table, r, number.getAndIncrement())));
  }

  private List<Thread> start(String snapshot) {
    List<Thread> readers = new ArrayList<>();
    int width = Math.min(settings().connections(), Math.max(1, queue.size()));
    for (int i = 0; i < width; i++) {
      Thread thread = new Thread(() -> readAll(snapshot), "extract-" + settings().name() + "-" + i);
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
  private void readAll(String snapshot) {
    Optional<EcluseException> firstLoss = Optional.empty();
    int losses = 0;
    Piece piece = queue.poll();
    while (piece != null && failure.get().isEmpty()) {
      try (Connection connection = connections.open(snapshot)) {
        open.add(connection);
        while (piece != null && failure.get().isEmpty()) {
          read(connection, piece);
          piece = queue.poll();
        }
      } catch (SQLException e) {
        fail(errors.reading("reading", e));
      } catch (EcluseException e) {
        firstLoss = firstLoss.or(() -> Optional.of(e));
        losses++;
        if (failure.get().isPresent() || !isConnectionLost(e) || losses > RECONNECTS) {
          fail(firstLoss.get());
          return;
        }
        listener.log(
            "A connection was lost; reading table %s goes on from its last finished range"
                .formatted(piece.table().name()));
        pause(losses);
      } catch (RuntimeException e) {
        fail(new EcluseException(ErrorCode.INTERNAL, "The extract failed: " + e, e));
      }
    }
  }

  private static boolean isConnectionLost(EcluseException e) {
    String state =
        e.getCause() instanceof SQLException sql && sql.getSQLState() != null
            ? sql.getSQLState()
            : "";
    return (e.code() == ErrorCode.SOURCE_LOST || e.code() == ErrorCode.SOURCE_UNREACHABLE)
        && (state.startsWith("08") || state.startsWith("57P"));
  }

  private void pause(int losses) {
    try {
      TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << losses);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new EcluseException(ErrorCode.CANCELLED, "The extract was interrupted", e));
    }
  }

  private void read(Connection connection, Piece piece) throws SQLException {
    String stream = piece.table().name();
    batches.started(stream);
    Path file =
        parts
            .staging()
            .begin(settings().name(), stream, request.extractId())
            .resolve(piece.kind().file(parts.staging().format(), piece.number()));
    CopyOut copy;
    try {
      copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(piece.table().copy(piece.range()));
    } catch (SQLException e) {
      throw errors.reading("reading table " + stream, e);
    }
    Encoded encoded = encode(piece, copy, file);
    if (encoded.rows() + encoded.rejected() != copy.getHandledRowCount()) {
      throw new EcluseException(
          ErrorCode.INTERNAL,
          "%s: the server sent %d rows, but %d were written and %d rejected"
              .formatted(stream, copy.getHandledRowCount(), encoded.rows(), encoded.rejected()));
    }
    Part part = parts.staging().seal(file, encoded.rows());
    batches.add(piece.kind(), stream, part);
  }

  private record Encoded(long rows, long rejected) {}

  private Encoded encode(Piece piece, CopyOut copy, Path file) throws SQLException {
    PostgresTable table = piece.table();
    Rejections rejected = batches.rejections(table.name()).ofPart();
    try (CopyReader reader =
            new CopyReader(
                allocator,
                table.name(),
                copy,
                table.columns(),
                rejected,
                n -> progressed(piece.kind() == Batches.Kind.ROWS ? n : 0),
                n -> throttle.pass(n, () -> failure.get().isPresent()));
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      try {
        long encoded =
            parts
                .encoder()
                .encode(
                    stream,
                    table.columns().stream().map(c -> c.staged().column()).toList(),
                    table.rowBytes(),
                    file);
        batches.rejections(table.name()).include(rejected);
        return new Encoded(encoded, reader.rejected());
      } catch (EcluseException e) {
        progressed(piece.kind() == Batches.Kind.ROWS ? -reader.rows() : 0);
        reader.failure().ifPresent(this::raise);
        if (reader.lost().isPresent()) {
          throw errors.reading("reading table " + table.name(), reader.lost().get());
        }
        throw e;
      }
    } catch (java.io.IOException e) {
      throw new EcluseException(ErrorCode.INTERNAL, "Could not end a batch: " + e.getMessage(), e);
    }
  }

  private void progressed(long more) {
    if (failure.get().isPresent()) {
      throw failure.get().get();
    }
    listener.progress(rows.addAndGet(more), total.get());
  }

  private Map<String, Long> count(Connection coordinator, List<ReadPlan> tables)
      throws SQLException {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (ReadPlan plan : tables) {
      PostgresTable table = plan.table();
      long count = Long.parseLong(text(coordinator, table.count()));
      counts.put(Batches.Kind.ROWS.of(table.name()), count);
      total.addAndGet(count - Math.max(0, table.estimatedRows()));
      if (plan.keys().isPresent()) {
        counts.put(
            Batches.Kind.KEYS.of(table.name()),
            Long.parseLong(text(coordinator, plan.keys().get().count())));
      }
    }
    return counts;
  }

  private void join(List<Thread> readers) {
    try {
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new EcluseException(ErrorCode.CANCELLED, "The extract was interrupted", e));
      throw failure.get().orElseThrow();
    }
  }

  /** Remembers why, the first reason only, and ends what every reader waits for. */
  private void fail(EcluseException e) {
    if (failure.compareAndSet(Optional.empty(), Optional.of(e))) {
      for (Connection connection : open) {
        try {
          connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException ignored) {
          // it has ended already, which is what we want
        }
      }
    }
  }

  /** Ends the snapshot, which nobody needs any more; whoever lost it meanwhile lost nothing. */
  private static void release(Connection coordinator) {
    try {
      coordinator.rollback();
    } catch (SQLException e) {
      // gone already
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

  private String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() {
    allocator.close();
  }
}
