package io.ecluse.source.jdbc;

import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.IncrementPlanner;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
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
import java.util.Set;
import java.util.TreeSet;

/**
 * Tables and views of any database that has a JDBC driver, read one after the other in one
 * transaction. What that transaction sees is the database's promise: at serializable or repeatable
 * read one moment; where there is less, a table that changes while it is read is noticed by its
 * count.
 */
public final class JdbcSource implements Source {
  private final JdbcSettings settings;
  private final Dialect dialect;
  private final Landing.Stage stage;
  private final JdbcErrors errors;
  private final JdbcConnections connections;
  private final JdbcStatements statements;

  private JdbcSource(JdbcSettings settings, Dialect dialect, Landing.Stage stage) {
    this.settings = settings;
    this.dialect = dialect;
    this.stage = stage;
    this.errors = new JdbcErrors(settings, dialect);
    this.connections = new JdbcConnections(settings, errors);
    this.statements = new JdbcStatements(settings, errors);
  }

  /** Any database. */
  public static JdbcSource any(JdbcSettings settings, Landing.Stage stage) {
    return new JdbcSource(settings, new StandardDialect(stage.clock()), stage);
  }

  /** A MariaDB or MySQL. */
  public static JdbcSource mariaDb(JdbcSettings settings, Landing.Stage stage) {
    return new JdbcSource(settings, new MariaDbDialect(stage.clock()), stage);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<StreamDescription> streams() {
    try (JdbcConnections.Open open = connections.open()) {
      JdbcCatalog catalog = new JdbcCatalog(open.connection(), dialect);
      List<StreamDescription> streams = new ArrayList<>();
      for (JdbcCatalog.Name name : catalog.names(settings.schema()).values()) {
        JdbcTable found = catalog.table(name);
        streams.add(new StreamDescription(found.name(), found.staged(), -1, 0));
      }
      return streams;
    } catch (SQLException e) {
      throw errors.reading("listing the tables", e);
    }
  }

  @Override
  public List<BatchManifest> extract(ExtractRequest request, ExtractListener listener) {
    Landing.By by = new Landing.By(name(), "jdbc/1");
    Throttle throttle = new Throttle(settings.limits());
    try (Landing landing = new Landing(by, request, listener, stage);
        JdbcSnapshot snapshot =
            JdbcSnapshot.open(connections, dialect, settings.connections(), listener);
        JdbcProbe probe = new JdbcProbe(connections, dialect, throttle, listener)) {
      long held = System.nanoTime();
      landing.open();
      List<Connection> open =
          snapshot.connections().stream().map(JdbcConnections.Open::connection).toList();
      IncrementPlanner planner =
          new IncrementPlanner(
              name(),
              settings.plans(),
              settings.drift(),
              stage.staging(),
              new IncrementPlanner.Extract(request, listener));
      List<JdbcRead> reads = new ArrayList<>();
      for (JdbcTable table : wanted(open.get(0), request.streams())) {
        landing.check();
        JdbcRead read = plan(planner, open.get(0), table);
        landing.expect(read.rows());
        reads.add(read);
      }
      List<JdbcReading.Reading> readings = begin(reads, landing, open);
      listener.log(
          "Reading %d streams of %s over %d connections in %s"
              .formatted(reads.size(), name(), open.size(), snapshot.position()));
      new JdbcReading(
              new JdbcReading.Tools(
                  connections, dialect, statements, errors, throttle, settings.connections()),
              landing,
              listener)
          .read(readings, open);
      double heldSeconds = (System.nanoTime() - held) / 1e9;
      List<BatchManifest> manifests = landing.commit(snapshot.position());
      probe.tell(open, heldSeconds);
      return manifests;
    } catch (SQLException e) {
      throw errors.reading("reading", e);
    }
  }

  private List<JdbcReading.Reading> begin(
      List<JdbcRead> reads, Landing landing, List<Connection> open) throws SQLException {
    boolean ranges = open.size() > 1 || dialect.isInKeyOrder(open.get(0));
    List<JdbcReading.Reading> readings = new ArrayList<>();
    for (JdbcRead read : reads) {
      Landing.Stream stream =
          landing.stream(read.table().name(), read.table().staged(), read.continuation());
      List<JdbcTable> tables =
          ranges
              ? statements.ranges(open.get(0), read.table(), read.rows())
              : List.of(read.table());
      Optional<JdbcReading.Keys> keys =
          read.keys()
              .map(
                  k ->
                      new JdbcReading.Keys(
                          new JdbcReaders.Piece(k, stream.keys(k.staged())), read.keyRows()));
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
      Landing.Continuation continuation,
      Optional<JdbcTable> keys,
      long keyRows) {}

  private JdbcRead plan(IncrementPlanner planner, Connection connection, JdbcTable table)
      throws SQLException {
    JdbcCursors cursors = new JdbcCursors(connection, dialect, table);
    IncrementPlanner.Planned planned =
        planner.plan(
            new IncrementPlanner.Table(table.name(), table.staged(), table.primaryKey()), cursors);
    JdbcTable read = planned.cut().map(c -> table.where(cursors.filter(c))).orElse(table);
    Optional<JdbcTable> keys =
        planned.deletes() == StreamPlan.Deletes.DETECT
            ? Optional.of(table.only(planned.primaryKey()))
            : Optional.empty();
    return new JdbcRead(
        read,
        statements.count(connection, read),
        new Landing.Continuation(planned.primaryKey(), planned.increment()),
        keys,
        keys.isPresent() ? statements.count(connection, keys.get()) : 0);
  }

  /**
   * The tables asked for, or those that the project names, or all; a name is found whatever its
   * case, if only one is like it.
   */
  private List<JdbcTable> wanted(Connection connection, List<String> streams) throws SQLException {
    JdbcCatalog catalog = new JdbcCatalog(connection, dialect);
    Map<String, JdbcCatalog.Name> there = catalog.names(settings.schema());
    Set<String> asked =
        new LinkedHashSet<>(streams.isEmpty() ? settings.plans().keySet() : streams);
    List<JdbcTable> tables = new ArrayList<>();
    Set<String> missing = new TreeSet<>();
    for (String stream : asked.isEmpty() ? there.keySet() : asked) {
      List<String> like =
          there.containsKey(stream)
              ? List.of(stream)
              : there.keySet().stream().filter(stream::equalsIgnoreCase).toList();
      if (like.size() == 1) {
        tables.add(catalog.table(there.get(like.get(0))).named(stream));
      } else {
        missing.add(stream);
      }
    }
    if (!missing.isEmpty()) {
      throw errors.error(
          ErrorCode.SOURCE_MISSING_STREAM,
          "there is no table %s; the tables that user %s may see%s are: %s"
              .formatted(
                  String.join(", ", missing),
                  settings.user(),
                  settings.schema().map(s -> " in schema " + s).orElse(""),
                  there.isEmpty() ? "none" : String.join(", ", there.keySet())));
    }
    return tables;
  }
}
