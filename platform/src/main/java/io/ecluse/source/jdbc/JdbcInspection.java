package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Discovery;
import io.ecluse.source.Finding;
import io.ecluse.source.FindingListener;
import io.ecluse.source.SourceInspection;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at a database that JDBC reaches. It asks for catalogs and for selects without a row; no
 * value of a table is read.
 */
record JdbcInspection(JdbcAccess access) implements SourceInspection {
  @Override
  public Discovery discover(InspectionListener listener) {
    try (JdbcConnections.Open open = access.connections().open()) {
      return new JdbcDiscovery(access, open.connection(), listener).run();
    } catch (SQLException e) {
      throw access.errors().reading("looking at the tables", e);
    }
  }

  @Override
  public void check(List<WantedStream> wanted, FindingListener found) {
    try (JdbcConnections.Open open = access.connections().open()) {
      DatabaseMetaData facts = open.connection().getMetaData();
      found.ok(
          "connection",
          "%s %s lets user %s in"
              .formatted(
                  facts.getDatabaseProductName(),
                  facts.getDatabaseProductVersion().split("[ ,(]", 2)[0],
                  access.settings().user()));
      check(open.connection(), wanted, found);
    } catch (EcluseException e) {
      found.accept(finding("connection", e));
    } catch (SQLException e) {
      found.accept(finding("connection", access.errors().reading("looking at the tables", e)));
    }
  }

  private void check(Connection connection, List<WantedStream> wanted, FindingListener found)
      throws SQLException {
    JdbcCatalog catalog = new JdbcCatalog(connection, access);
    Map<String, JdbcCatalog.Name> there = catalog.names(access.settings().schema());
    List<String> missing =
        wanted.stream()
            .map(WantedStream::name)
            .filter(n -> JdbcCatalog.find(there, n).isEmpty())
            .toList();
    String all = there.isEmpty() ? "none" : String.join(", ", there.keySet());
    found.accept(
        missing.isEmpty() && !there.isEmpty()
            ? Finding.ok("streams", "all %d are there".formatted(streams(there, wanted).size()))
            : Finding.problem(
                "streams",
                missing.isEmpty()
                    ? "user %s sees no table".formatted(access.settings().user())
                    : "there is no table " + String.join(", ", missing),
                "the tables that user %s sees are: %s; correct the names, or grant SELECT on those that are missing"
                    .formatted(access.settings().user(), all)));
    List<JdbcTable> readable = readable(connection, catalog, streams(there, wanted), found);
    keys(catalog, there, wanted, readable, found);
    snapshot(connection, readable, found);
  }

  private static List<JdbcCatalog.Name> streams(
      Map<String, JdbcCatalog.Name> there, List<WantedStream> wanted) {
    return wanted.isEmpty()
        ? List.copyOf(there.values())
        : wanted.stream().flatMap(w -> JdbcCatalog.find(there, w.name()).stream()).toList();
  }

  /** A select without a row needs the same right as one with all. */
  private List<JdbcTable> readable(
      Connection connection,
      JdbcCatalog catalog,
      List<JdbcCatalog.Name> streams,
      FindingListener found)
      throws SQLException {
    List<JdbcTable> readable = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (JdbcCatalog.Name name : streams) {
      try {
        readable.add(catalog.table(name));
      } catch (SQLException e) {
        if (access.errors().isNoRefusal(e, connection)) {
          throw e;
        }
        refused.add(name.from());
      }
    }
    found.accept(
        refused.isEmpty()
            ? Finding.ok(
                "select",
                "user %s may read all %d".formatted(access.settings().user(), readable.size()))
            : Finding.problem(
                "select",
                "user %s may not read %s"
                    .formatted(access.settings().user(), String.join(", ", refused)),
                refused.stream()
                    .map(t -> "GRANT SELECT ON %s TO %s;".formatted(t, access.settings().user()))
                    .toArray(String[]::new)));
    return readable;
  }

  private void keys(
      JdbcCatalog catalog,
      Map<String, JdbcCatalog.Name> there,
      List<WantedStream> wanted,
      List<JdbcTable> readable,
      FindingListener found)
      throws SQLException {
    for (WantedStream stream : wanted) {
      Optional<JdbcCatalog.Name> name = JdbcCatalog.find(there, stream.name());
      Optional<JdbcTable> table =
          readable.stream()
              .filter(t -> name.map(n -> n.from().equals(t.from())).orElse(false))
              .findFirst();
      if (table.isPresent()) {
        key(stream, table.get(), found);
        Set<String> indexed =
            stream.cursor().isPresent() ? catalog.indexed(name.orElseThrow()) : Set.of();
        stream.cursor().ifPresent(c -> cursor(stream, table.get(), c, indexed, found));
      }
    }
  }

  private static void key(WantedStream stream, JdbcTable table, FindingListener found) {
    if (!stream.primaryKey().isEmpty()
        && !table.primaryKey().isEmpty()
        && !stream.primaryKey().equals(table.primaryKey())) {
      found.problem(
          "primary_key",
          "%s has the key %s, the file says %s"
              .formatted(
                  stream.name(),
                  String.join(", ", table.primaryKey()),
                  String.join(", ", stream.primaryKey())),
          "correct primary_key of the stream");
    } else if (stream.cursor().isPresent()
        && stream.primaryKey().isEmpty()
        && table.primaryKey().isEmpty()) {
      found.problem(
          "primary_key",
          "%s is read by increments and has no primary key".formatted(stream.name()),
          "name primary_key of the stream: the columns that tell its rows apart");
    }
  }

  private static void cursor(
      WantedStream stream,
      JdbcTable table,
      String cursor,
      Set<String> indexed,
      FindingListener found) {
    List<String> columns = table.staged().stream().map(c -> c.column().name()).toList();
    if (!columns.contains(cursor)) {
      found.problem(
          "cursor",
          "%s has no column %s".formatted(stream.name(), cursor),
          "its columns are " + String.join(", ", columns));
    } else if (!indexed.contains(cursor)) {
      found.note(
          "cursor",
          "%s.%s has no index, so each extract scans the table".formatted(stream.name(), cursor),
          "CREATE INDEX ON %s (%s), if the table is big".formatted(stream.name(), cursor));
    } else {
      found.ok("cursor", "%s.%s has an index".formatted(stream.name(), cursor));
    }
  }

  private void snapshot(Connection connection, List<JdbcTable> tables, FindingListener found)
      throws SQLException {
    Map<String, Dialect.Facts> facts = access.dialect().facts(connection);
    String position = access.dialect().begin(connection);
    connection.rollback();
    String outside =
        tables.stream()
            .map(JdbcTable::name)
            .filter(t -> facts.containsKey(t) && !facts.get(t).isolated())
            .collect(Collectors.joining(", "));
    found.accept(
        outside.isEmpty()
            ? Finding.ok("snapshot", "reads in " + position)
            : Finding.note(
                "snapshot",
                outside + " are of an engine without snapshots, so they may be of another moment",
                "ALTER TABLE … ENGINE=InnoDB, if they change while they are read"));
    if (access.settings().extraction().connections() > 1) {
      found.accept(hold());
    }
  }

  /** Tries what an extract does; commits wait for as long as it takes to let go again. */
  private Finding hold() {
    try (JdbcConnections.Open holder = access.connections().open();
        AutoCloseable held = access.dialect().hold(holder.connection())) {
      return Finding.ok(
          "connections",
          "%d can begin at one moment".formatted(access.settings().extraction().connections()));
    } catch (SQLException e) {
      return Finding.note(
          "connections",
          "one will read instead of %d: commits could not be held for a moment (error %d)"
              .formatted(access.settings().extraction().connections(), e.getErrorCode()),
          "GRANT RELOAD ON *.* TO %s;".formatted(access.settings().user()));
    } catch (EcluseException e) {
      return finding("connections", e);
    } catch (Exception e) {
      throw ErrorCode.INTERNAL.error("Could not let commits go on: " + e, e);
    }
  }

  private Finding finding(String check, EcluseException e) {
    String text =
        String.valueOf(e.getMessage())
            .replaceFirst("^Source " + access.settings().name() + ": ", "");
    return e.code() == ErrorCode.SOURCE_UNREACHABLE
        ? Finding.unreachable(check, text)
        : Finding.problem(check, text);
  }
}
