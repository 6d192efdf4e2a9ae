package io.ecluse.project;

import io.ecluse.schema.SqlParser;
import io.ecluse.schema.TableName;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables that SQL reads, as the engine's own parser finds them. */
final class SqlTables {
  private SqlTables() {}

  /**
   * The tables, each once, in the order of the text. What is no query is reported.
   *
   * @param start where the query begins, behind comments
   */
  static List<TableReference> in(
      String sql, Position start, SqlParser parser, Problems.OfFile problems) {
    SqlParser.Reading reading = parser.read(sql);
    reading
        .mistake()
        .ifPresent(
            m ->
                problems.error(
                    m.line() == 1 && m.column() == 1 ? start : new Position(m.line(), m.column()),
                    m.message()));
    Map<String, TableReference> found = new LinkedHashMap<>();
    List<SqlParser.Name> inOrder =
        reading.tables().stream()
            .sorted(
                Comparator.comparingInt(SqlParser.Name::line)
                    .thenComparingInt(SqlParser.Name::column))
            .toList();
    for (SqlParser.Name name : inOrder) {
      Position at = new Position(name.line(), name.column());
      if (!name.catalog().isEmpty()) {
        problems.error(
            at,
            "'%s.%s.%s' has 3 parts".formatted(name.catalog(), name.schema(), name.name()),
            "write schema.table");
      } else if (name.schema().isEmpty()) {
        problems.error(
            at,
            "'%s' is neither schema.table nor a WITH of this query".formatted(name.name()),
            "write the schema too, as erp." + name.name());
      } else {
        TableName table = new TableName(name.schema(), name.name());
        found.putIfAbsent(table.key(), new TableReference(table, at));
      }
    }
    return List.copyOf(found.values());
  }
}
