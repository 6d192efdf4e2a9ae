package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.AlikeNames;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactProbe;
import io.ecluse.source.Landing;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One extract. A coordinator holds the snapshot; readers, each with a connection that shares it,
 * take ranges of tables off a queue, the biggest tables first.
 */
final class PostgresExtract {
  /** How often one reader may lose its connection. */
  private static final int RECONNECTS = 5;

  private static final int LEAST_READERS = 2;
  private static final long FIRST_PAUSE_MILLIS = 50;

  private final PostgresSourceSettings settings;
  private final Landing.Stage stage;
  private final ExtractRequest request;
  private final ExtractListener listener;
  private final PostgresErrors errors;
  private final PostgresConnections connections;
  private final PieceRows.Tools tools;

  /** Streams that are not of one moment, and what was read of them first. */
  private final Map<Landing.Stream, Piece> late = new ConcurrentHashMap<>();

  /** Connections that see a moment of their own. */
  private final Set<Connection> own = ConcurrentHashMap.newKeySet();

  PostgresExtract(
      PostgresSourceSettings settings,
      Landing.Stage stage,
      ExtractRequest request,
      ExtractListener listener) {
    this.settings = settings;
    this.stage = stage;
    this.request = request;
    this.listener = listener;
    this.errors = new PostgresErrors(settings);
    this.connections = new PostgresConnections(settings, errors);
    this.tools = new PieceRows.Tools(settings, errors);
  }

  List<BatchManifest> run() {
    Landing.By by =
        new Landing.By(
            settings.name(),
            "postgres-binary-copy/1",
            OptionalLong.of(settings.terms().maxRejected()));
    try (Landing landing = new Landing(by, request, listener, stage)) {
      landing.open();
      try {
        return run(landing);
      } catch (SQLException e) {
        landing.check(); // what a cancelled statement says is not why it ended
        throw errors.reading("reading", e);
      }
    }
  }

  private List<BatchManifest> run(Landing landing) throws SQLException {
    try (ImpactProbe probe =
            new ImpactProbe(
                Optional.of(new ServerGlances(connections.openIdle())),
                tools.throttle(),
                listener);
        SharedSnapshot snapshot = new SharedSnapshot(connections, errors)) {
      landing
          .going()
          .whenOver(
              () -> {
                snapshot.cancel();
                own.forEach(SharedSnapshot::cancel);
              });
      long held = System.nanoTime();
      String position =
          PostgresCatalog.text(
              snapshot.first(),
              "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END || ' ' || txid_current_snapshot()");
      PieceQueue queue = begin(landing, snapshot.first(), position);
      List<Reader> readers = readers(landing, snapshot, queue);
      landing
          .going()
          .together(
              readers,
              () -> {
                if (queue.mayLetGo()) {
                  snapshot.giveUp();
                }
                return queue.young();
              });
      double heldSeconds = (System.nanoTime() - held) / 1e9;
      snapshot.close(); // whoever lost it meanwhile lost nothing
      readChanges(landing, position);
      List<BatchManifest> manifests = landing.commit(position);
      probe.tell(
          new ImpactProbe.Readers(
              heldSeconds,
              readers.size() + 1,
              OptionalLong.of(tools.throttle().bytes()),
              Map.of()));
      return manifests;
    }
  }

  private PieceQueue begin(Landing landing, Connection coordinator, String position)
      throws SQLException {
    List<ReadPlan> tables = plans(coordinator);
    for (ReadPlan plan : tables) {
      landing.going().expect(PostgresCatalog.estimate(coordinator, plan.table(), errors));
    }
    listener.log(
        "Reading %d streams of %s as of %s with up to %d connections"
            .formatted(tables.size(), settings.name(), position, settings.session().connections()));
    List<List<Piece>> pieces = new ArrayList<>();
    tables.forEach(plan -> pieces.add(plan.begin(landing, settings.rangePages())));
    pieces.sort(Comparator.comparingLong((List<Piece> p) -> p.get(0).table().pages()).reversed());
    return new PieceQueue(pieces, settings.terms().limits().snapshotLife());
  }

  private List<ReadPlan> plans(Connection coordinator) throws SQLException {
    List<PostgresTable> wanted =
        new WantedTables(settings, errors).of(coordinator, request.streams());
    AlikeNames.requireNoStreams(settings.name(), wanted.stream().map(PostgresTable::name).toList());
    return new ReadPlanner(settings, stage.staging(), request, listener, coordinator).plan(wanted);
  }

  private List<Reader> readers(Landing landing, SharedSnapshot snapshot, PieceQueue queue) {
    // each keeps a processor busy; one more would hold memory and wait for it
    int most = Math.max(LEAST_READERS, Runtime.getRuntime().availableProcessors());
    int width =
        Math.min(Math.min(settings.session().connections(), most), Math.max(1, queue.size()));
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      readers.add(new Reader(landing, snapshot, queue));
    }
    return readers;
  }

  /**
   * Reads piece after piece. When the connection is lost but the snapshot lives on, another
   * connection goes on with the very piece; finished ones are not read again.
   */
  private final class Reader implements Runnable {
    private final Landing landing;
    private final SharedSnapshot snapshot;
    private final PieceQueue queue;
    private Optional<Piece> piece = Optional.empty();
    private Optional<EcluseException> firstLoss = Optional.empty();
    private int losses;

    private Reader(Landing landing, SharedSnapshot snapshot, PieceQueue queue) {
      this.landing = landing;
      this.snapshot = snapshot;
      this.queue = queue;
    }

    @Override
    public void run() {
      piece = queue.next();
      while (piece.isPresent()) {
        landing.check();
        try {
          if (queue.isLate(piece.get())) {
            readLate(piece.get());
          } else {
            readShared();
          }
        } catch (SQLException e) {
          throw errors.reading("reading", e);
        } catch (EcluseException e) {
          goOnAfter(e);
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
        while (piece.isPresent() && !landing.going().isOver() && !queue.isLate(piece.get())) {
          read(connection, piece.get());
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
    private void readLate(Piece of) throws SQLException {
      if (late.putIfAbsent(of.target(), of) == null) {
        listener.log(
            "The snapshot is as old as extract.snapshot_life lets it be (%d s) and is given up: what is left of %s is read range by range as of later moments, and at the end once more what changed meanwhile"
                .formatted(settings.terms().limits().snapshotLife().toSeconds(), of.stream()));
      }
      readNow(of);
      piece = queue.next(of);
    }

    /**
     * Goes on after a pause if a connection was lost; of many losses, it is the first that tells
     * why.
     */
    private void goOnAfter(EcluseException loss) {
      firstLoss = firstLoss.or(() -> Optional.of(loss));
      losses++;
      landing.check();
      if (!PostgresErrors.isConnectionLost(loss) || losses > RECONNECTS) {
        throw loss.code() == ErrorCode.SOURCE_CHANGED ? loss : firstLoss.get();
      }
      landing.going().pause(Duration.ofMillis(FIRST_PAUSE_MILLIS << losses));
      listener.log(
          "A connection was lost; reading table %s goes on from its last finished range"
              .formatted(piece.map(Piece::stream).orElse("")));
    }
  }

  private long read(Connection connection, Piece piece) throws SQLException {
    return piece.target().write(new PieceRows(connection, piece, tools), tools.throttle());
  }

  /** Reads a piece in a moment of its own. Returns its rows. */
  private long readNow(Piece piece) throws SQLException {
    try (Connection connection = connections.open()) {
      own.add(connection);
      try {
        return read(connection, piece);
      } finally {
        own.remove(connection);
      }
    }
  }

  /** What changed in tables that were not read in one moment, as of now. */
  private void readChanges(Landing landing, String position) throws SQLException {
    for (Piece first : late.values()) {
      landing.check();
      long count =
          readNow(
              Piece.whole(first.target().changes(), first.table().where(Changes.since(position))));
      listener.log(
          "%s is not one moment: its ranges are of several; the %d rows that may have changed since the first were read again"
              .formatted(first.stream(), count));
    }
  }
}
