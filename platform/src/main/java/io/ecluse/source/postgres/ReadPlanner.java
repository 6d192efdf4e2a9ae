package io.ecluse.source.postgres;

import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.IncrementPlanner;
import io.ecluse.source.IncrementPlanner.Cut;
import io.ecluse.source.IncrementPlanner.Planned;
import io.ecluse.source.IncrementPlanner.Table;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides what to read of each table: all of it, or what came since the newest batch. Asks the
 * source in the transaction that holds the snapshot.
 */
final class ReadPlanner implements IncrementPlanner.Cursors<String> {
  /**
   * Whether every row of a table says by which transaction it was written: tables, partitions and
   * heirs that PostgreSQL itself keeps (2 is the access method heap; 0 is none, and all before
   * PostgreSQL 12); neither views nor tables of other servers.
   */
  private static final String TELLS_WRITERS =
      """
      WITH RECURSIVE tree (oid) AS (
        SELECT ?::regclass::oid
        UNION ALL
        SELECT i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid)
      SELECT bool_and(c.relkind IN ('r', 'p', 'm') AND c.relam IN (0, 2))
      FROM tree t JOIN pg_class c ON c.oid = t.oid
      """;

  private final PostgresSourceSettings settings;
  private final Connection connection;
  private final IncrementPlanner planner;
  private final Map<String, List<String>> primaryKeys;

  ReadPlanner(
      PostgresSourceSettings settings,
      StagingArea staging,
      ExtractRequest request,
      ExtractListener listener,
      Connection connection)
      throws SQLException {
    this.settings = settings;
    this.connection = connection;
    this.planner =
        new IncrementPlanner(
            settings.name(),
            settings.terms().plans(),
            settings.terms().drift(),
            staging,
            new IncrementPlanner.Extract(request, listener));
    this.primaryKeys = PostgresCatalog.primaryKeys(connection, settings.schema());
  }

  /** The plans of those tables of which something is to be read. */
  List<ReadPlan> plan(List<PostgresTable> tables) throws SQLException {
    List<ReadPlan> plans = new ArrayList<>();
    for (PostgresTable table : tables) {
      planner
          .plan(
              new Table(
                  table.name(),
                  table.columns().stream().map(PostgresColumn::staged).toList(),
                  primaryKeys.getOrDefault(table.name(), List.of())),
              this)
          .ifPresent(planned -> plans.add(plan(table, planned)));
    }
    planner.requireSome(plans);
    return plans;
  }

  private static ReadPlan plan(PostgresTable table, Planned<String> planned) {
    return new ReadPlan(
        planned.where().map(table::where).orElse(table),
        planned.continuation(),
        planned.deletes() == StreamPlan.Deletes.DETECT
            ? Optional.of(table.only(planned.continuation().primaryKey()))
            : Optional.empty());
  }

  @Override
  public Optional<String> highest(Table table, StagedColumn cursor) throws SQLException {
    String quoted = cursor.column().quoted();
    String finite = IncrementPlanner.isTime(cursor) ? " WHERE isfinite(" + quoted + ")" : "";
    String from = PostgresTable.quoted(settings.schema(), table.name());
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT max(%s)::text FROM %s%s".formatted(quoted, from, finite))) {
      rows.next();
      return Optional.ofNullable(rows.getString(1));
    }
  }

  @Override
  public Optional<String> moment(Table table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TELLS_WRITERS)) {
      statement.setString(1, PostgresTable.quoted(settings.schema(), table.name()));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1) ? Optional.of(now()) : Optional.empty();
      }
    }
  }

  private String now() throws SQLException {
    return PostgresCatalog.text(connection, "SELECT txid_current_snapshot()");
  }

  @Override
  public long count(Table table) throws SQLException {
    return Long.parseLong(
        PostgresCatalog.text(
            connection,
            "SELECT count(*) FROM " + PostgresTable.quoted(settings.schema(), table.name())));
  }

  @Override
  public String condition(Cut cut) throws SQLException {
    String quoted = cut.cursor().column().quoted();
    String bound =
        "'%s'::%s".formatted(cut.seen().replace("'", "''"), cut.cursor().sourceType())
            + cut.lookBack().map(b -> " - " + lookBack(b)).orElse("");
    String late = cut.since().isPresent() ? " OR " + Changes.since(cut.since().get(), now()) : "";
    return switch (cut.side()) {
      case AFTER -> "(%s > %s%s)".formatted(quoted, bound, late);
      case FROM -> "(%s >= %s OR %s IS NULL%s)".formatted(quoted, bound, quoted, late);
    };
  }

  @Override
  public String text(Cut cut) throws SQLException {
    return condition(cut);
  }

  @Override
  public String condition(Table table, List<Map<String, String>> keys) {
    return keys.stream()
        .map(
            key ->
                key.entrySet().stream()
                    .map(e -> equal(table.column(e.getKey()), e.getValue()))
                    .collect(Collectors.joining(" AND ", "(", ")")))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private static String equal(StagedColumn column, String value) {
    return "%s = '%s'::%s"
        .formatted(column.column().quoted(), value.replace("'", "''"), column.sourceType());
  }

  private static String lookBack(String text) {
    return text.matches("\\d+") ? text : "'" + text + "'::interval";
  }
}
