package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.RowCondition;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Leaves out files in which no row can be that a query sees, by what the table's manifests tell of
 * partitions and of the least and greatest values. It knows how DuckDB compares values of the
 * column's own type, and goes by nothing else.
 */
public final class FileSelection {
  /** What everybody reads in the same way. */
  private static final Pattern ISO =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?)?");

  /** To open so few costs no more than to look into the manifests. */
  private static final int FEW = 4;

  private FileSelection() {}

  /**
   * The same states with the files that matter.
   *
   * @param all the query and those of all views among the tables; asked if a table has many files
   */
  public static Map<TableName, TableSnapshot> of(
      Warehouse warehouse, Supplier<List<ParsedQuery>> all, Map<TableName, TableSnapshot> tables) {
    if (tables.values().stream().noneMatch(FileSelection::hasMany)) {
      return tables;
    }
    List<ParsedQuery> queries = all.get();
    Map<TableName, TableSnapshot> selected = new LinkedHashMap<>();
    tables.forEach(
        (name, table) ->
            selected.put(
                name,
                hasMany(table)
                    ? anyOf(queries, table).map(any -> warehouse.matching(table, any)).orElse(table)
                    : table));
    return selected;
  }

  private static boolean hasMany(TableSnapshot table) {
    return table.view().isEmpty() && table.files().size() > FEW;
  }

  /** What each place where a table is named asks of its rows; empty if one of them asks nothing. */
  private static Optional<List<List<RowCondition>>> anyOf(
      List<ParsedQuery> queries, TableSnapshot table) {
    List<List<RowCondition>> any =
        queries.stream()
            .flatMap(query -> query.rows().stream())
            .filter(asked -> asked.table().equals(table.table().lower()))
            .map(asked -> conditions(asked, table))
            .toList();
    return any.isEmpty() || any.stream().anyMatch(List::isEmpty)
        ? Optional.empty()
        : Optional.of(any);
  }

  private static List<RowCondition> conditions(AskedRows asked, TableSnapshot table) {
    List<RowCondition> conditions = new ArrayList<>();
    for (AskedRows.Condition each : asked.conditions()) {
      column(table, each.column()).flatMap(c -> condition(each, c)).ifPresent(conditions::add);
    }
    return conditions;
  }

  private static Optional<Column> column(TableSnapshot table, String lower) {
    return table.columns().stream()
        .map(TableColumn::column)
        .filter(c -> c.name().toLowerCase(Locale.ROOT).equals(lower))
        .findFirst();
  }

  private static Optional<RowCondition> condition(AskedRows.Condition asked, Column column) {
    List<Object> values =
        asked.constants().stream().flatMap(c -> value(c, column.type().kind()).stream()).toList();
    return values.size() == asked.constants().size()
        ? Optional.of(new RowCondition(column.name(), asked.test(), values))
        : Optional.empty();
  }

  private static Optional<Object> value(AskedRows.Constant constant, DataType.Kind kind) {
    String type = constant.type();
    return switch (kind) {
      case INTEGER, BIGINT ->
          type.equals("INTEGER") ? Optional.of(Long.valueOf(constant.text())) : Optional.empty();
      case VARCHAR -> type.equals("VARCHAR") ? Optional.of(constant.text()) : Optional.empty();
      case DATE ->
          type.equals("DATE") || type.equals("VARCHAR")
              ? iso(constant.text(), LocalDate::parse)
              : Optional.empty();
      case TIMESTAMP -> moment(constant);
      default -> Optional.empty();
    };
  }

  /** A day is its first moment. */
  private static Optional<Object> moment(AskedRows.Constant constant) {
    Function<String, LocalDateTime> day = text -> LocalDate.parse(text).atStartOfDay();
    return switch (constant.type()) {
      case "DATE" -> iso(constant.text(), day);
      case "TIMESTAMP", "VARCHAR" ->
          iso(constant.text(), day)
              .or(() -> iso(constant.text().replaceFirst(" ", "T"), LocalDateTime::parse));
      default -> Optional.empty();
    };
  }

  /** The value's text; of one that DuckDB may read otherwise, or not at all, nothing. */
  private static Optional<Object> iso(String text, Function<String, ?> parser) {
    try {
      return ISO.matcher(text).matches()
          ? Optional.of(parser.apply(text).toString())
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
