package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Continuation;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactProbe;
import io.ecluse.source.IncrementPlanner;
import io.ecluse.source.Landing;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.Throttle;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * One extract of a database: what to read of each table is planned and counted in a snapshot, then
 * all of it is read there.
 */
record JdbcExtract(
    JdbcAccess access, Landing.Stage stage, ExtractRequest request, ExtractListener listener) {
  List<BatchManifest> run() {
    Landing.By by =
        new Landing.By(
            access.settings().name(),
            "jdbc/1",
            OptionalLong.of(access.settings().terms().maxRejected()));
    try (Landing landing = new Landing(by, request, listener, stage)) {
      landing.open();
      landing.going().whenOver(access.work()::end);
      try {
        return run(landing);
      } catch (SQLException e) {
        landing.check(); // what a cancelled statement says is not why it ended
        throw access.errors().reading("reading", e);
      } catch (EcluseException e) {
        landing.check();
        throw e;
      }
    }
  }

  private List<BatchManifest> run(Landing landing) throws SQLException {
    Throttle throttle = new Throttle(access.settings().terms().limits());
    try (JdbcSnapshot snapshot = JdbcSnapshot.open(access, listener);
        ImpactProbe probe = new ImpactProbe(JdbcProbe.open(access), throttle, listener)) {
      long held = System.nanoTime();
      List<Connection> open = snapshot.connections();
      List<JdbcRead> reads = plan(landing, open.get(0));
      List<JdbcReading.Reading> readings = begin(reads, landing, open);
      listener.log(
          "Reading %d streams of %s over %d connections in %s"
              .formatted(reads.size(), access.settings().name(), open.size(), snapshot.position()));
      new JdbcReading(access, landing, throttle, listener).read(readings, open);
      double heldSeconds = (System.nanoTime() - held) / 1e9;
      List<BatchManifest> manifests = landing.commit(snapshot.position());
      probe.tell(JdbcProbe.readers(open, heldSeconds, access.dialect()));
      return manifests;
    }
  }

  private List<JdbcRead> plan(Landing landing, Connection connection) throws SQLException {
    IncrementPlanner planner =
        new IncrementPlanner(
            access.settings().name(),
            access.settings().terms().plans(),
            access.settings().terms().drift(),
            stage.staging(),
            new IncrementPlanner.Extract(request, listener));
    List<JdbcRead> reads = new ArrayList<>();
    for (JdbcTable table : wanted(connection, request.streams())) {
      landing.check();
      plan(planner, connection, table).ifPresent(reads::add);
    }
    planner.requireSome(reads);
    return reads;
  }

  private List<JdbcReading.Reading> begin(
      List<JdbcRead> reads, Landing landing, List<Connection> open) throws SQLException {
    boolean ranges = open.size() > 1 || access.dialect().isInKeyOrder(open.get(0));
    List<JdbcReading.Reading> readings = new ArrayList<>();
    for (JdbcRead read : reads) {
      landing.going().expect(read.rows());
      Landing.Stream stream =
          landing.stream(read.table().name(), read.table().staged(), read.continuation());
      List<JdbcTable> tables =
          ranges
              ? access.statements().ranges(open.get(0), read.table(), read.rows())
              : List.of(read.table());
      Optional<JdbcReading.Keys> keys =
          read.keys()
              .map(
                  k ->
                      new JdbcReading.Keys(
                          new JdbcReaders.Piece(k, stream.keys(k.staged())), read.keyRows()));
      stream.expectRanges(tables.size());
      readings.add(
          new JdbcReading.Reading(
              stream,
              read.rows(),
              tables.stream().map(t -> new JdbcReaders.Piece(t, stream)).toList(),
              keys,
              tables.size() > 1
                  && keys.isEmpty()
                  && read.continuation().primaryKey().equals(read.table().primaryKey())));
    }
    return readings;
  }

  /**
   * What is read of a table.
   *
   * @param rows as counted
   * @param keys the same table with its key alone and every row; empty if nobody asks for deletes
   */
  private record JdbcRead(
      JdbcTable table,
      long rows,
      Continuation continuation,
      Optional<JdbcTable> keys,
      long keyRows) {}

  private Optional<JdbcRead> plan(IncrementPlanner planner, Connection connection, JdbcTable table)
      throws SQLException {
    JdbcCursors cursors = new JdbcCursors(connection, table, access);
    return planner
        .plan(new IncrementPlanner.Table(table.name(), table.staged(), table.primaryKey()), cursors)
        .map(planned -> read(planned, connection, table, cursors));
  }

  private JdbcRead read(
      IncrementPlanner.Planned<JdbcTable.Filter> planned,
      Connection connection,
      JdbcTable table,
      JdbcCursors cursors) {
    Continuation continuation = planned.continuation();
    JdbcTable read = planned.where().map(table::where).orElse(table);
    if (access.settings().terms().plans().getOrDefault(table.name(), StreamPlan.FULL).appends()) {
      read = continuation.increment().flatMap(cursors::seen).map(read::where).orElse(read);
    }
    Optional<JdbcTable> keys =
        planned.deletes() == StreamPlan.Deletes.DETECT
            ? Optional.of(table.only(continuation.primaryKey()))
            : Optional.empty();
    return new JdbcRead(
        read,
        access.statements().count(connection, read),
        continuation,
        keys,
        keys.isPresent() ? access.statements().count(connection, keys.get()) : 0);
  }

  /**
   * The tables asked for, or those that the project names, or all; a name is found whatever its
   * case, if only one is like it.
   */
  private List<JdbcTable> wanted(Connection connection, List<String> streams) throws SQLException {
    JdbcCatalog catalog = new JdbcCatalog(connection, access);
    Map<String, JdbcCatalog.Name> there = catalog.names(access.settings().schema());
    Set<String> asked =
        new LinkedHashSet<>(
            streams.isEmpty() ? access.settings().terms().plans().keySet() : streams);
    List<JdbcTable> tables = new ArrayList<>();
    Set<String> missing = new TreeSet<>();
    for (String stream : asked.isEmpty() ? there.keySet() : asked) {
      Optional<JdbcCatalog.Name> name = JdbcCatalog.find(there, stream);
      name.ifPresentOrElse(
          n -> tables.add(described(catalog, n).named(stream)), () -> missing.add(stream));
    }
    if (!missing.isEmpty()) {
      throw access
          .errors()
          .error(
              ErrorCode.SOURCE_MISSING_STREAM,
              "there is no table %s; the tables that user %s may see%s are: %s"
                  .formatted(
                      String.join(", ", missing),
                      access.settings().user(),
                      access.settings().schema().map(s -> " in schema " + s).orElse(""),
                      there.isEmpty() ? "none" : String.join(", ", there.keySet())));
    }
    return tables;
  }

  private JdbcTable described(JdbcCatalog catalog, JdbcCatalog.Name name) {
    try {
      return catalog.table(name);
    } catch (SQLException e) {
      throw access.errors().reading("looking at table " + name.name(), e);
    }
  }
}
