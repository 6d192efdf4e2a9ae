package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.Landing;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads tables in a snapshot, and when its last connection is lost, the rest in another. No
 * database lets a later connection into the moment of one that is gone, so that rest is of a later
 * moment, and the batches say so. Ranges of a key that have landed are not read again, if each row
 * is in one range only, whenever it is read: by the database's own key.
 */
final class JdbcReading {
  private static final int MOST_SNAPSHOTS = 6;
  private static final int CONNECTS = 7;
  private static final long FIRST_PAUSE_MILLIS = 250;

  /**
   * A table on its way.
   *
   * @param rows as counted in the first snapshot
   * @param pieces of its rows
   * @param keys the piece that reads every key, and how many there are
   * @param resumable whether ranges may be of different moments
   */
  record Reading(
      Landing.Stream stream,
      long rows,
      List<JdbcReaders.Piece> pieces,
      Optional<Keys> keys,
      boolean resumable) {
    private boolean has(JdbcReaders.Piece piece) {
      return piece.stream() == stream
          || keys.filter(k -> k.piece.stream() == piece.stream()).isPresent();
    }

    private List<JdbcReaders.Piece> all() {
      List<JdbcReaders.Piece> all = new ArrayList<>(pieces);
      keys.ifPresent(k -> all.add(k.piece));
      return all;
    }
  }

  /** The keys of every row. */
  record Keys(JdbcReaders.Piece piece, long rows) {}

  private final JdbcAccess access;
  private final Landing landing;
  private final ExtractListener listener;
  private final JdbcReaders readers;
  private final Set<Landing.Stream> late = new HashSet<>();

  JdbcReading(JdbcAccess access, Landing landing, Throttle throttle, ExtractListener listener) {
    this.access = access;
    this.landing = landing;
    this.listener = listener;
    this.readers = new JdbcReaders(access, landing, throttle);
  }

  /** Reads all tables, each as many rows as the database counts in the same snapshot. */
  void read(List<Reading> readings, List<Connection> connections) {
    List<JdbcReaders.Piece> left =
        readers.read(readings.stream().flatMap(r -> r.all().stream()).toList(), connections);
    for (int snapshots = 1; !left.isEmpty(); snapshots++) {
      if (snapshots == MOST_SNAPSHOTS) {
        throw readers.lost();
      }
      try (JdbcSnapshot later = reopened()) {
        left = goOn(readings, left, later);
      }
    }
    for (Reading reading : readings) {
      if (!late.contains(reading.stream())) {
        reading.stream().reconcile(reading.rows());
        reading.keys().ifPresent(k -> k.piece().stream().reconcile(k.rows()));
      }
    }
  }

  private List<JdbcReaders.Piece> goOn(
      List<Reading> readings, List<JdbcReaders.Piece> left, JdbcSnapshot later) {
    List<Connection> connections = later.connections();
    List<JdbcReaders.Piece> again = new ArrayList<>();
    for (Reading reading : readings) {
      List<JdbcReaders.Piece> mine = left.stream().filter(reading::has).toList();
      if (!mine.isEmpty()) {
        again.addAll(rest(reading, mine, later.position()));
      }
    }
    List<JdbcReaders.Piece> counted;
    try {
      counted = counted(again, connections.get(0));
    } catch (EcluseException e) {
      readers.lose(connections.get(0), e);
      return again; // nothing of it has been read
    }
    return readers.read(counted, connections);
  }

  private List<JdbcReaders.Piece> counted(List<JdbcReaders.Piece> pieces, Connection connection) {
    List<JdbcReaders.Piece> counted = new ArrayList<>();
    for (JdbcReaders.Piece piece : pieces) {
      landing.check();
      counted.add(
          new JdbcReaders.Piece(
              piece.table(),
              piece.stream(),
              OptionalLong.of(access.statements().count(connection, piece.table()))));
    }
    return counted;
  }

  /** What is to be read of a table in the later snapshot, and a word of it in the batch. */
  private List<JdbcReaders.Piece> rest(
      Reading reading, List<JdbcReaders.Piece> left, String position) {
    late.add(reading.stream());
    int ranges = reading.pieces().size();
    String name = reading.pieces().get(0).table().name();
    if (reading.resumable() && left.size() < reading.all().size()) {
      String why =
          "%d of %d key ranges re-read because the snapshot was lost, in %s"
              .formatted(left.size(), ranges, position);
      reading.stream().late(why);
      reading.stream().severalMoments();
      listener.log(
          "%s: the snapshot was lost; %d of %d ranges of its key have landed and stay, the others are read as of a later moment, so the batch is not one moment"
              .formatted(name, ranges - left.size(), ranges));
      return left;
    }
    reading.stream().restart();
    reading.keys().ifPresent(k -> k.piece().stream().restart());
    reading.stream().late("read from its beginning because the snapshot was lost, in " + position);
    listener.log(
        "%s: the snapshot was lost; it is read from its beginning as of a later moment (%s)"
            .formatted(name, why(reading)));
    return reading.all();
  }

  private static String why(Reading reading) {
    if (reading.keys().isPresent()) {
      return "its rows and all its keys have to be of one moment";
    }
    return reading.pieces().size() == 1
        ? "it is read in one piece, being small, or without a primary key of one whole number in whose order it lies"
        : "nothing of it had landed, or its primary key is not the one that the file names";
  }

  /** A new snapshot, when the database answers again. */
  private JdbcSnapshot reopened() {
    EcluseException last = readers.lost();
    for (int attempt = 0; attempt < CONNECTS; attempt++) {
      landing.going().pause(Duration.ofMillis(FIRST_PAUSE_MILLIS << attempt));
      try {
        return JdbcSnapshot.open(access, listener);
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.SOURCE_UNREACHABLE) {
          throw e;
        }
        last = e;
      } catch (SQLException e) {
        last = access.errors().reading("beginning another snapshot", e);
      }
    }
    throw last;
  }
}
