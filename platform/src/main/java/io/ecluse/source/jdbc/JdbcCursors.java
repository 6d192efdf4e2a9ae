package io.ecluse.source.jdbc;

import io.ecluse.schema.DataType;
import io.ecluse.source.IncrementPlanner;
import io.ecluse.source.IncrementPlanner.Cut;
import io.ecluse.source.IncrementPlanner.Table;
import io.ecluse.source.Values;
import io.ecluse.staging.Increment;
import io.ecluse.staging.StagedColumn;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a database for what is new of a table. Values are parameters of statements: databases differ
 * in how they write times.
 */
record JdbcCursors(Connection connection, JdbcTable table, JdbcAccess access)
    implements IncrementPlanner.Cursors<JdbcTable.Filter> {
  @Override
  public Optional<String> highest(Table described, StagedColumn cursor) throws SQLException {
    String name = cursor.column().name();
    JdbcColumn column = table.only(List.of(name)).columns().get(0);
    return access
        .statements()
        .one(
            connection,
            table.select("MAX(%s)".formatted(column.selected().apply(table.quoted(name)))),
            table,
            row -> column.value().read(row, 1).filter(JdbcCursors::isFinite).map(Values::text));
  }

  private static boolean isFinite(Object value) {
    return !(value instanceof Float || value instanceof Double)
        || Double.isFinite(((Number) value).doubleValue());
  }

  @Override
  public String text(Cut cut) {
    return sql(cut).replace("?", "'" + bound(cut) + "'");
  }

  @Override
  public JdbcTable.Filter condition(Cut cut) {
    return new JdbcTable.Filter(sql(cut), List.of(access.dialect().parameter(bound(cut))));
  }

  @Override
  public JdbcTable.Filter condition(Table described, List<Map<String, String>> keys) {
    List<Object> parameters = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (Map<String, String> key : keys) {
      List<String> columns = new ArrayList<>();
      key.forEach(
          (name, value) -> {
            columns.add(table.quoted(name) + " = ?");
            DataType type = described.column(name).column().type();
            parameters.add(access.dialect().parameter(value(type, value)));
          });
      rows.add("(" + String.join(" AND ", columns) + ")");
    }
    return new JdbcTable.Filter(String.join(" OR ", rows), parameters);
  }

  /**
   * What an increment has seen, and nothing after it: the next reads that. Empty when it has seen
   * nothing.
   */
  Optional<JdbcTable.Filter> seen(Increment increment) {
    StagedColumn cursor = table.only(List.of(increment.cursor())).columns().get(0).staged();
    String quoted = table.quoted(increment.cursor());
    return increment
        .to()
        .map(to -> bound(new Cut(cursor, to, Optional.empty(), Optional.empty(), Cut.Side.AFTER)))
        .map(
            to ->
                new JdbcTable.Filter(
                    "(%s <= ? OR %s IS NULL)".formatted(quoted, quoted),
                    List.of(access.dialect().parameter(to))));
  }

  private String sql(Cut cut) {
    String quoted = table.quoted(cut.cursor().column().name());
    return switch (cut.side()) {
      case AFTER -> "%s > ?".formatted(quoted);
      case FROM -> "(%s >= ? OR %s IS NULL)".formatted(quoted, quoted);
    };
  }

  /** What is committed late, no standard tells. */
  @Override
  public Optional<String> moment(Table described) {
    return Optional.empty();
  }

  @Override
  public long count(Table described) {
    return access.statements().count(connection, table);
  }

  private static Object bound(Cut cut) {
    Object seen = value(cut.cursor().column().type(), cut.seen());
    return cut.lookBack().map(back -> before(seen, back)).orElse(seen);
  }

  private static Object before(Object seen, String back) {
    if (seen instanceof BigDecimal number) {
      return number.subtract(new BigDecimal(back));
    } else if (seen instanceof LocalDate day) {
      return day.atStartOfDay().minus(Duration.parse(back)).toLocalDate();
    } else if (seen instanceof LocalDateTime time) {
      return time.minus(Duration.parse(back));
    }
    return seen instanceof Instant moment ? moment.minus(Duration.parse(back)) : seen;
  }

  /** What {@link Values#text} made a text of. */
  private static Object value(DataType type, String text) {
    return switch (type.kind()) {
      case INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> new BigDecimal(text);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> LocalDateTime.parse(text);
      case TIMESTAMPTZ -> Instant.parse(text);
      case BLOB -> HexFormat.of().parseHex(text);
      case VARCHAR, BOOLEAN, UUID -> text;
    };
  }
}
