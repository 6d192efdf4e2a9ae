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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what to read of each table: all of it, or what came since the newest batch. Asks the
 * source in the transaction that holds the snapshot.
 */
final class ReadPlanner implements IncrementPlanner.Cursors {
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
            settings.plans(),
            settings.drift(),
            staging,
            new IncrementPlanner.Extract(request, listener));
    this.primaryKeys = PostgresCatalog.primaryKeys(connection, settings.schema());
  }

  ReadPlan plan(PostgresTable table) throws SQLException {
    Planned planned =
        planner.plan(
            new Table(
                table.name(),
                table.columns().stream().map(PostgresColumn::staged).toList(),
                primaryKeys.getOrDefault(table.name(), List.of())),
            this);
    return new ReadPlan(
        planned.cut().map(c -> table.where(condition(c))).orElse(table),
        planned.primaryKey(),
        planned.increment(),
        planned.deletes() == StreamPlan.Deletes.DETECT
            ? Optional.of(table.only(planned.primaryKey()))
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
  public String condition(Cut cut) {
    String quoted = cut.cursor().column().quoted();
    String bound =
        "'%s'::%s".formatted(cut.seen().replace("'", "''"), cut.cursor().sourceType())
            + cut.lookBack().map(b -> " - " + lookBack(b)).orElse("");
    return switch (cut.side()) {
      case AFTER -> "%s > %s".formatted(quoted, bound);
      case FROM -> "(%s >= %s OR %s IS NULL)".formatted(quoted, bound, quoted);
    };
  }

  private static String lookBack(String text) {
    return text.matches("\\d+") ? text : "'" + text + "'::interval";
  }
}
