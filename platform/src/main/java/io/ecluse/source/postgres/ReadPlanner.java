package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.DriftPolicy;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.SchemaDrift;
import io.ecluse.staging.StagingArea;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what to read of each table: all of it, or what came since the newest batch. Asks the
 * source in the transaction that holds the snapshot.
 */
final class ReadPlanner {
  private static final Set<DataType.Kind> TIMES =
      Set.of(DataType.Kind.DATE, DataType.Kind.TIMESTAMP, DataType.Kind.TIMESTAMPTZ);
  private static final Set<DataType.Kind> NUMBERS =
      Set.of(DataType.Kind.INTEGER, DataType.Kind.BIGINT, DataType.Kind.DECIMAL);

  private final PostgresSourceSettings settings;
  private final StagingArea staging;
  private final ExtractRequest request;
  private final ExtractListener listener;
  private final Connection connection;
  private final Map<String, List<String>> primaryKeys;

  ReadPlanner(
      PostgresSourceSettings settings,
      StagingArea staging,
      ExtractRequest request,
      ExtractListener listener,
      Connection connection)
      throws SQLException {
    this.settings = settings;
    this.staging = staging;
    this.request = request;
    this.listener = listener;
    this.connection = connection;
    this.primaryKeys = PostgresCatalog.primaryKeys(connection, settings.schema());
  }

  ReadPlan plan(PostgresTable table) throws SQLException {
    StreamPlan plan = settings.plans().getOrDefault(table.name(), StreamPlan.FULL);
    List<String> key = key(table, plan);
    Optional<BatchManifest> last = staging.newest(settings.name(), table.name());
    boolean drifted = drifted(table, last);
    if (plan.mode() == StreamPlan.Mode.FULL) {
      return new ReadPlan(table, key, Optional.empty(), Optional.empty());
    }
    if (key.isEmpty()) {
      throw wrong(table, "is read by increments, but has no primary key; name primary_key");
    }
    Optional<PostgresTable> keys =
        plan.deletes() == StreamPlan.Deletes.DETECT
            ? Optional.of(table.only(key))
            : Optional.empty();
    PostgresColumn cursor = cursor(table, plan, key);
    plan.lookBack().ifPresent(b -> lookBack(cursor, b));
    Optional<String> highest = highest(table, cursor);
    Optional<BatchManifest> continued =
        last.filter(b -> !drifted && request.reading() == ExtractRequest.Reading.AS_PLANNED)
            .filter(b -> b.primaryKey().equals(key))
            .filter(b -> b.increment().map(Increment::cursor).equals(Optional.of(name(cursor))))
            .filter(b -> b.increment().flatMap(Increment::to).isPresent());
    if (continued.isEmpty()) {
      Increment whole = new Increment(name(cursor), Optional.empty(), highest, Optional.empty());
      return new ReadPlan(table, key, Optional.of(whole), keys);
    }
    BatchManifest before = continued.get();
    String seen = before.increment().flatMap(Increment::to).orElseThrow();
    String condition = condition(cursor, plan, seen);
    Increment next =
        new Increment(
            name(cursor),
            Optional.of(condition),
            highest.or(() -> Optional.of(seen)),
            Optional.of(before.extractId()));
    return new ReadPlan(table.where(condition), key, Optional.of(next), keys);
  }

  /** Whether the columns changed since; says how, or refuses, as the project wants it. */
  private boolean drifted(PostgresTable table, Optional<BatchManifest> last) {
    List<String> differences =
        last.map(
                b ->
                    SchemaDrift.between(
                        b.columns(), table.columns().stream().map(PostgresColumn::staged).toList()))
            .orElse(List.of());
    if (differences.isEmpty()) {
      return false;
    }
    String said =
        "%s.%s changed since the last extract: %s"
            .formatted(settings.name(), table.name(), String.join("; ", differences));
    if (settings.drift() == DriftPolicy.FREEZE) {
      throw new EcluseException(
          ErrorCode.SOURCE_CHANGED,
          said
              + ". Nothing was read, for sources/%s.yaml says drift: freeze; when the change is wanted, delete the stream's batches or set drift: evolve for one run"
                  .formatted(settings.name()));
    }
    listener.log(said);
    return true;
  }

  private List<String> key(PostgresTable table, StreamPlan plan) {
    if (plan.primaryKey().isEmpty()) {
      return primaryKeys.getOrDefault(table.name(), List.of());
    }
    plan.primaryKey().forEach(c -> column(table, c, "primary_key"));
    return plan.primaryKey();
  }

  private PostgresColumn cursor(PostgresTable table, StreamPlan plan, List<String> key) {
    if (plan.mode() == StreamPlan.Mode.APPEND && plan.cursor().isEmpty()) {
      if (key.size() != 1) {
        throw wrong(table, "has a key of several columns; name the cursor by which it grows");
      }
      return column(table, key.get(0), "primary_key");
    }
    return column(
        table,
        plan.cursor().orElseThrow(() -> wrong(table, "has mode incremental, but no cursor")),
        "cursor");
  }

  private PostgresColumn column(PostgresTable table, String name, String setting) {
    return table.columns().stream()
        .filter(c -> name(c).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    table,
                    "has no column %s, which %s names; its columns are %s"
                        .formatted(
                            name,
                            setting,
                            table.columns().stream()
                                .map(ReadPlanner::name)
                                .collect(Collectors.joining(", ")))));
  }

  private Optional<String> highest(PostgresTable table, PostgresColumn cursor) throws SQLException {
    String quoted = cursor.staged().column().quoted();
    String finite = TIMES.contains(kind(cursor)) ? " WHERE isfinite(" + quoted + ")" : "";
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT max(%s)::text FROM %s%s".formatted(quoted, table.quoted(), finite))) {
      rows.next();
      return Optional.ofNullable(rows.getString(1));
    }
  }

  /**
   * Rows at least as high as the highest seen: those that are just as high may not all have been
   * there. Rows without a cursor come each time.
   */
  private String condition(PostgresColumn cursor, StreamPlan plan, String seen) {
    String quoted = cursor.staged().column().quoted();
    String bound =
        "'%s'::%s".formatted(seen.replace("'", "''"), cursor.staged().sourceType())
            + plan.lookBack().map(b -> " - " + lookBack(cursor, b)).orElse("");
    boolean append = plan.mode() == StreamPlan.Mode.APPEND && plan.lookBack().isEmpty();
    return append
        ? "%s > %s".formatted(quoted, bound)
        : "(%s >= %s OR %s IS NULL)".formatted(quoted, bound, quoted);
  }

  private String lookBack(PostgresColumn cursor, String text) {
    boolean number = text.matches("\\d+");
    if (NUMBERS.contains(kind(cursor)) && number) {
      return text;
    }
    if (TIMES.contains(kind(cursor)) && !number) {
      return "'" + text + "'::interval";
    }
    throw new EcluseException(
        ErrorCode.INVALID_PROJECT,
        "sources/%s.yaml: look_back must be a duration for a cursor of times and a whole number for one of numbers, but column %s is %s"
            .formatted(settings.name(), name(cursor), cursor.staged().sourceType()));
  }

  private static DataType.Kind kind(PostgresColumn column) {
    return column.staged().column().type().kind();
  }

  private static String name(PostgresColumn column) {
    Column staged = column.staged().column();
    return staged.name();
  }

  private EcluseException wrong(PostgresTable table, String what) {
    return new EcluseException(
        ErrorCode.INVALID_PROJECT,
        "sources/%s.yaml: stream %s %s".formatted(settings.name(), table.name(), what));
  }
}
