package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
      for (Map.Entry<String, String> table : catalog.names(settings.schema()).entrySet()) {
        JdbcTable found = catalog.table(table.getKey(), table.getValue());
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
      List<JdbcTable> tables = wanted(open.connection(), request.streams());
      Map<String, Long> counts = new LinkedHashMap<>();
      for (JdbcTable table : tables) {
        landing.check();
        counts.put(table.name(), count(open.connection(), table));
        landing.expect(counts.get(table.name()));
      }
      listener.log("Reading %d streams of %s in %s".formatted(tables.size(), name(), position));
      for (JdbcTable table : tables) {
        read(open.connection(), table, landing).reconcile(counts.get(table.name()));
      }
      return landing.commit(position);
    } catch (SQLException e) {
      throw errors.reading("reading", e);
    }
  }

  private Landing.Stream read(Connection connection, JdbcTable table, Landing landing) {
    Landing.Stream stream = landing.stream(table.name(), table.staged());
    try (Statement statement = statement(connection)) {
      statement.setFetchSize(table.fetchSize());
      landing.whenCancelled(() -> cancel(statement));
      try (ResultSet rows = statement.executeQuery(table.select())) {
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
    return stream;
  }

  private static void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException ignored) {
      // it has ended already, or cannot be cancelled; the next batch of rows will end it
    }
  }

  private Statement statement(Connection connection) throws SQLException {
    Statement statement =
        connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement.setQueryTimeout((int) Math.max(1, settings.statementTimeout().toSeconds()));
    return statement;
  }

  private long count(Connection connection, JdbcTable table) {
    try (Statement statement = statement(connection);
        ResultSet rows = statement.executeQuery(table.count())) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw errors.reading("counting table " + table.name(), e);
    }
  }

  /** The tables asked for; a name is found whatever its case, if only one is like it. */
  private List<JdbcTable> wanted(Connection connection, List<String> streams) throws SQLException {
    JdbcCatalog catalog = new JdbcCatalog(connection, dialect);
    Map<String, String> there = catalog.names(settings.schema());
    List<JdbcTable> tables = new ArrayList<>();
    Set<String> missing = new TreeSet<>();
    for (String stream : streams.isEmpty() ? there.keySet() : new LinkedHashSet<>(streams)) {
      List<String> like =
          there.containsKey(stream)
              ? List.of(stream)
              : there.keySet().stream().filter(stream::equalsIgnoreCase).toList();
      if (like.size() == 1) {
        tables.add(catalog.table(like.get(0), there.get(like.get(0))).named(stream));
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
