package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.schema.RowsWanted;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.SchemaDrift;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what to read of each table: all of it, or what came since the newest batch. The same for
 * every database; how one is asked is a {@link Cursors}.
 */
public final class IncrementPlanner {
  private static final Set<DataType.Kind> TIMES =
      Set.of(DataType.Kind.DATE, DataType.Kind.TIMESTAMP, DataType.Kind.TIMESTAMPTZ);
  private static final String OVERLAP_OF_TIMES = "PT1H";
  private static final String OVERLAP_OF_NUMBERS = "10000";
  private static final Set<DataType.Kind> NUMBERS =
      Set.of(DataType.Kind.INTEGER, DataType.Kind.BIGINT, DataType.Kind.DECIMAL);

  private final String source;
  private final Map<String, StreamPlan> plans;
  private final DriftPolicy drift;
  private final StagingArea staging;
  private final Extract extract;

  /** Who wants to know, and who is told. */
  public record Extract(ExtractRequest request, ExtractListener listener) {}

  /**
   * @param plans how streams are read, by name; those not named are read in full
   */
  public IncrementPlanner(
      String source,
      Map<String, StreamPlan> plans,
      DriftPolicy drift,
      StagingArea staging,
      Extract extract) {
    this.source = source;
    this.plans = Map.copyOf(plans);
    this.drift = drift;
    this.staging = staging;
    this.extract = extract;
  }

  /**
   * A table as it is.
   *
   * @param primaryKey as the source has it; empty if it has none
   */
  public record Table(String name, List<StagedColumn> columns, List<String> primaryKey) {
    public Table {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
    }

    /** One of its columns. */
    public StagedColumn column(String column) {
      return find(column)
          .orElseThrow(() -> new IllegalArgumentException(name + " has no column " + column));
    }

    private Optional<StagedColumn> find(String column) {
      return columns.stream().filter(c -> c.column().name().equals(column)).findFirst();
    }
  }

  /**
   * How a database is asked for some of a table's rows.
   *
   * @param <C> a condition on rows, in its own words
   */
  public interface Cursors<C> {
    /** The highest value of a column of the table, as the source writes it. */
    Optional<String> highest(Table table, StagedColumn cursor) throws SQLException;

    /** The condition of rows that are new. */
    C condition(Cut cut) throws SQLException;

    /** The same for people. */
    String text(Cut cut) throws SQLException;

    /** The condition of rows with these keys, each value as {@link Values#text} has it. */
    C condition(Table table, List<Map<String, String>> keys);

    /**
     * This moment, in the source's own words, if rows can be asked for that were committed after a
     * moment, whatever their cursor; empty if not.
     */
    Optional<String> moment(Table table) throws SQLException;

    /** How many rows the table has. */
    long count(Table table) throws SQLException;
  }

  /**
   * Where reading begins.
   *
   * @param seen the highest value of the batch before
   * @param lookBack how far before it
   * @param since the moment of the batch before: what was committed after it is new, too, whatever
   *     its cursor; empty where the source cannot tell
   */
  public record Cut(
      StagedColumn cursor,
      String seen,
      Optional<String> lookBack,
      Optional<String> since,
      Side side) {
    /** Which rows are new by their cursor. */
    public enum Side {
      /**
       * Those at least as high as the highest seen: those that are just as high may not all have
       * been there. Rows without a cursor come each time.
       */
      FROM,
      /** Those that are higher. */
      AFTER
    }
  }

  /**
   * What to read.
   *
   * @param where empty if all rows are read
   */
  public record Planned<C>(
      Continuation continuation, Optional<C> where, StreamPlan.Deletes deletes) {}

  /**
   * Plans a table; empty if nothing of it is wanted, since none of its rows was rejected.
   *
   * @throws EcluseException INVALID_PROJECT when the project's words do not fit it; SOURCE_CHANGED
   *     when columns changed that must not; INVALID_USAGE for rejected rows of a stream that was
   *     asked for and is read in full
   */
  public <C> Optional<Planned<C>> plan(Table table, Cursors<C> cursors) throws SQLException {
    StreamPlan plan = plans.getOrDefault(table.name(), StreamPlan.FULL);
    if (extract.request().reading() == RowsWanted.REJECTED) {
      return rejected(table, plan, cursors);
    }
    List<String> key = key(table, plan);
    Optional<BatchManifest> last = staging.newest(source, table.name());
    boolean drifted = drifted(table, last);
    if (plan.mode() == StreamPlan.Mode.FULL) {
      return Optional.of(
          new Planned<>(
              new Continuation(key, Optional.empty()),
              Optional.empty(),
              StreamPlan.Deletes.IGNORE));
    }
    if (key.isEmpty()) {
      throw wrong(table, "is read by increments, but has no primary key; name primary_key");
    }
    StagedColumn cursor = cursor(table, plan, key);
    plan.lookBack().ifPresent(b -> check(cursor, b));
    Optional<BatchManifest> continued =
        last.filter(b -> !drifted && extract.request().reading() == RowsWanted.AS_PLANNED)
            .filter(b -> continues(b, key, cursor));
    return Optional.of(increment(table, new Increments(plan, key, cursor), continued, cursors));
  }

  private static boolean continues(BatchManifest batch, List<String> key, StagedColumn cursor) {
    return batch.primaryKey().equals(key)
        && batch.increment().map(Increment::cursor).equals(Optional.of(cursor.column().name()))
        && batch.increment().flatMap(Increment::to).isPresent();
  }

  /** How a table is read by increments. */
  private record Increments(StreamPlan plan, List<String> key, StagedColumn cursor) {
    private Cut cut(String seen, Optional<String> since) {
      return new Cut(
          cursor,
          seen,
          since.isPresent() ? Optional.empty() : plan.lookBack().or(() -> overlap(cursor)),
          since,
          since.isPresent() && plan.appends() ? Cut.Side.AFTER : Cut.Side.FROM);
    }

    private <C> Planned<C> planned(Increment increment, Optional<C> where) {
      return new Planned<>(new Continuation(key, Optional.of(increment)), where, plan.deletes());
    }
  }

  private static <C> Planned<C> increment(
      Table table, Increments how, Optional<BatchManifest> continued, Cursors<C> cursors)
      throws SQLException {
    Optional<String> highest = cursors.highest(table, how.cursor());
    Optional<String> moment =
        how.plan().lookBack().isEmpty() ? cursors.moment(table) : Optional.empty();
    String name = how.cursor().column().name();
    if (continued.isEmpty()) {
      return how.planned(
          new Increment(
              name, Optional.empty(), highest, Optional.empty(), moment, Optional.empty()),
          Optional.empty());
    }
    BatchManifest before = continued.get();
    String seen = before.increment().flatMap(Increment::to).orElseThrow();
    Cut cut = how.cut(seen, moment.flatMap(now -> before.increment().flatMap(Increment::moment)));
    return how.planned(
        new Increment(
            name,
            Optional.of(cursors.text(cut)),
            highest.or(() -> Optional.of(seen)),
            Optional.of(before.extractId()),
            moment,
            how.plan().deletes() == StreamPlan.Deletes.DETECT
                ? Optional.empty() // all keys are read, and they are counted
                : Optional.of(new Increment.Counted(cursors.count(table), before.counted()))),
        Optional.of(cursors.condition(cut)));
  }

  private <C> Optional<Planned<C>> rejected(Table table, StreamPlan plan, Cursors<C> cursors) {
    if (plan.mode() != StreamPlan.Mode.FULL) {
      Optional<Replays.Replay> replay = new Replays(source, staging).of(table.name());
      replay.ifPresent(
          r ->
              extract
                  .listener()
                  .log(
                      "Reading %d rejected rows of %s again"
                          .formatted(r.keys().size(), table.name())));
      return replay.map(
          r ->
              new Planned<>(
                  r.continuation(),
                  Optional.of(cursors.condition(table, r.keys())),
                  StreamPlan.Deletes.IGNORE));
    } else if (extract.request().streams().contains(table.name())) {
      throw ErrorCode.INVALID_USAGE.error(
          "Stream %s of source %s is read in full each time, its rejected rows too: ecluse extract %s %s"
              .formatted(table.name(), source, source, table.name()));
    }
    return Optional.empty();
  }

  /**
   * Makes sure that there is something to read.
   *
   * @throws EcluseException NOT_FOUND if rejected rows are wanted, and there are none
   */
  public void requireSome(Collection<?> plans) {
    if (plans.isEmpty() && extract.request().reading() == RowsWanted.REJECTED) {
      throw ErrorCode.NOT_FOUND.error(
          "Of source %s, no row was rejected since its streams were last read as a whole: there is nothing to read again"
              .formatted(source));
    }
  }

  /**
   * How far to look back where the project says nothing and the source does not tell what is
   * committed late: long enough for the transactions of applications.
   */
  private static Optional<String> overlap(StagedColumn cursor) {
    return switch (cursor.column().type().kind()) {
      case DATE, TIMESTAMP, TIMESTAMPTZ -> Optional.of(OVERLAP_OF_TIMES);
      case INTEGER, BIGINT, DECIMAL -> Optional.of(OVERLAP_OF_NUMBERS);
      case REAL, DOUBLE, VARCHAR, BOOLEAN, BLOB, UUID -> Optional.empty();
    };
  }

  /** Whether the columns changed since; says how, or refuses, as the project wants it. */
  private boolean drifted(Table table, Optional<BatchManifest> last) {
    List<String> differences =
        last.map(b -> SchemaDrift.between(b.columns(), table.columns())).orElse(List.of());
    if (differences.isEmpty()) {
      return false;
    }
    String said =
        "%s.%s changed since the last extract: %s"
            .formatted(source, table.name(), String.join("; ", differences));
    if (drift == DriftPolicy.FREEZE) {
      throw ErrorCode.SOURCE_CHANGED.error(
          said
              + ". Nothing was read, for sources/%s.yaml says drift: freeze; when the change is wanted, delete the stream's batches or set drift: evolve for one run"
                  .formatted(source));
    }
    extract.listener().log(said);
    return true;
  }

  private List<String> key(Table table, StreamPlan plan) {
    if (plan.primaryKey().isEmpty()) {
      return table.primaryKey();
    }
    plan.primaryKey().forEach(c -> column(table, c, "primary_key"));
    return plan.primaryKey();
  }

  private StagedColumn cursor(Table table, StreamPlan plan, List<String> key) {
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

  private StagedColumn column(Table table, String name, String setting) {
    return table
        .find(name)
        .orElseThrow(
            () ->
                wrong(
                    table,
                    "has no column %s, which %s names; its columns are %s"
                        .formatted(
                            name,
                            setting,
                            table.columns().stream()
                                .map(StagedColumn::column)
                                .map(Column::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** Whether values of a column are times. */
  public static boolean isTime(StagedColumn column) {
    return TIMES.contains(column.column().type().kind());
  }

  private void check(StagedColumn cursor, String lookBack) {
    boolean number = lookBack.matches("\\d+");
    boolean fits = number ? NUMBERS.contains(cursor.column().type().kind()) : isTime(cursor);
    if (!fits) {
      throw ErrorCode.INVALID_PROJECT.error(
          "sources/%s.yaml: look_back must be a duration for a cursor of times and a whole number for one of numbers, but column %s is %s"
              .formatted(source, cursor.column().name(), cursor.sourceType()));
    }
  }

  private EcluseException wrong(Table table, String what) {
    return ErrorCode.INVALID_PROJECT.error(
        "sources/%s.yaml: stream %s %s".formatted(source, table.name(), what));
  }
}
