package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.IncrementPlanner;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

  private JdbcSource(JdbcSettings settings, Dialect dialect, Landing.Stage stage) {
    this.settings = settings;
    this.dialect = dialect;
    this.stage = stage;
    this.errors = new JdbcErrors(settings, dialect);
    this.connections = new JdbcConnections(settings, errors);
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
    try (Landing landing = new Landing(by, request, listener, stage);
        JdbcConnections.Open open = connections.open()) {
      landing.open();
      String position = dialect.begin(open.connection());
      IncrementPlanner planner =
          new IncrementPlanner(
              name(),
              settings.plans(),
              settings.drift(),
              stage.staging(),
              new IncrementPlanner.Extract(request, listener));
      List<JdbcRead> reads = new ArrayList<>();
      for (JdbcTable table : wanted(open.connection(), request.streams())) {
        landing.check();
        JdbcRead read = plan(planner, open.connection(), table);
        landing.expect(read.rows());
        reads.add(read);
      }
      listener.log("Reading %d streams of %s in %s".formatted(reads.size(), name(), position));
      for (JdbcRead read : reads) {
        read(open.connection(), read, landing);
      }
      return landing.commit(position);
    } catch (SQLException e) {
      throw errors.reading("reading", e);
    }
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
        count(connection, read),
        new Landing.Continuation(planned.primaryKey(), planned.increment()),
        keys,
        keys.isPresent() ? count(connection, keys.get()) : 0);
  }

  private void read(Connection connection, JdbcRead read, Landing landing) {
    JdbcTable table = read.table();
    Landing.Stream stream = landing.stream(table.name(), table.staged(), read.continuation());
    read(connection, table, landing, stream);
    stream.reconcile(read.rows());
    if (read.keys().isPresent()) {
      JdbcTable keys = read.keys().get();
      Landing.Stream all = stream.keys(keys.staged());
      read(connection, keys, landing, all);
      all.reconcile(read.keyRows());
    }
  }

  private void read(
      Connection connection, JdbcTable table, Landing landing, Landing.Stream stream) {
    try (PreparedStatement statement = statement(connection, table.select(), table)) {
      statement.setFetchSize(table.fetchSize());
      landing.whenCancelled(() -> cancel(statement));
      try (ResultSet rows = statement.executeQuery()) {
        stream.write(new JdbcRows(table, rows, errors), table.rowBytes());
      }
    } catch (SQLException e) {
      landing.check();
      throw errors.reading("reading table " + table.name(), e);
    } catch (EcluseException e) {
      landing.check(); // what a cancelled statement says is not why it ended
      throw e;
    } finally {
      landing.whenCancelled(() -> {});
    }
  }

  private static void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException ignored) {
      // it has ended already, or cannot be cancelled; the next batch of rows will end it
    }
  }

  private PreparedStatement statement(Connection connection, String sql, JdbcTable table)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement.setQueryTimeout((int) Math.max(1, settings.statementTimeout().toSeconds()));
    if (table.filter().isPresent()) {
      table.filter().get().set(statement);
    }
    return statement;
  }

  private long count(Connection connection, JdbcTable table) {
    try (PreparedStatement statement = statement(connection, table.count(), table);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw errors.reading("counting table " + table.name(), e);
    }
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
