package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tables that an extract is to read, of those that are there. */
record WantedTables(PostgresSourceSettings settings, PostgresErrors errors) {
  /**
   * The tables asked for; if none is, those that the project names, or all.
   *
   * @throws EcluseException SOURCE_MISSING_STREAM; SOURCE_REFUSED if policies may hide rows, unless
   *     the project lets them
   */
  List<PostgresTable> of(Connection coordinator, List<String> streams) throws SQLException {
    List<PostgresTable> wanted =
        named(PostgresCatalog.tables(coordinator, settings.schema()), streams);
    if (settings.session().rowSecurity() == PostgresSourceSettings.RowSecurity.REFUSE) {
      requireNoneHidden(coordinator, wanted);
    }
    return wanted;
  }

  private void requireNoneHidden(Connection coordinator, List<PostgresTable> wanted)
      throws SQLException {
    Set<String> hidden = PostgresCatalog.filtered(coordinator, settings.schema());
    String names =
        wanted.stream()
            .map(PostgresTable::name)
            .filter(hidden::contains)
            .collect(Collectors.joining(", "));
    if (!names.isEmpty()) {
      throw errors.hidden(names, new SQLException("row_security", "42501"));
    }
  }

  private List<PostgresTable> named(List<PostgresTable> there, List<String> streams) {
    Set<String> asked =
        streams.isEmpty() ? settings.terms().plans().keySet() : new LinkedHashSet<>(streams);
    if (asked.isEmpty()) {
      return there;
    }
    Map<String, PostgresTable> byName = new LinkedHashMap<>();
    there.forEach(t -> byName.put(t.name(), t));
    Set<String> missing = new TreeSet<>(asked);
    missing.removeAll(byName.keySet());
    if (!missing.isEmpty()) {
      String have =
          byName.isEmpty()
              ? "none that user " + settings.server().user() + " may see"
              : String.join(", ", byName.keySet());
      throw errors.error(
          ErrorCode.SOURCE_MISSING_STREAM,
          "there is no table %s in schema %s of %s; the tables there are: %s"
              .formatted(
                  String.join(", ", missing),
                  settings.schema(),
                  settings.server().database(),
                  have),
          new SQLException("missing"));
    }
    return asked.stream().map(byName::get).toList();
  }
}
