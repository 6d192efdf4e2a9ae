package io.ecluse.source.jdbc;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.Discovery;
import io.ecluse.source.PersonalNames;
import io.ecluse.source.SourceInspection.InspectionListener;
import io.ecluse.staging.StagedColumn;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds what a database holds, by its catalog; personal data is guessed from names alone. */
final class JdbcDiscovery {
  private static final Pattern CHANGED =
      Pattern.compile("(?i)updat|modif|chang|mise_a_jour|(^|_)maj($|_)");
  private static final Pattern TEXT = Pattern.compile("(?i).*(char|text|clob|string|enum|set).*");
  private static final Pattern NAME =
      Pattern.compile("[^\\s./\\\\*\\p{Cntrl}]([^./\\\\*\\p{Cntrl}]*[^\\s./\\\\*\\p{Cntrl}])?");
  private static final Set<DataType.Kind> TIMES =
      Set.of(DataType.Kind.TIMESTAMP, DataType.Kind.TIMESTAMPTZ);

  private final JdbcAccess access;
  private final JdbcCatalog catalog;
  private final Connection connection;
  private final InspectionListener listener;
  private final List<Discovery.Found> streams = new ArrayList<>();
  private final List<Discovery.LeftOut> leftOut = new ArrayList<>();

  JdbcDiscovery(JdbcAccess access, Connection connection, InspectionListener listener)
      throws SQLException {
    this.access = access;
    this.catalog = new JdbcCatalog(connection, access);
    this.connection = connection;
    this.listener = listener;
  }

  Discovery run() throws SQLException {
    List<JdbcCatalog.Name> names = List.copyOf(catalog.names(access.settings().schema()).values());
    Map<String, Dialect.Facts> facts = access.dialect().facts(connection);
    for (int i = 0; i < names.size(); i++) {
      JdbcCatalog.Name name = names.get(i);
      listener.looking(name.name(), i, names.size());
      if (name.isView()) {
        leave(name, "a view: what it is made of is read already; add it by name if it is not");
      } else if (!NAME.matcher(name.name()).matches()) {
        leave(name, "its name holds a character that no stream's may hold: . / \\ *");
      } else {
        look(name, Optional.ofNullable(facts.get(name.name())));
      }
    }
    DatabaseMetaData about = connection.getMetaData();
    return new Discovery(
        about.getDatabaseProductName() + " " + about.getDatabaseProductVersion(),
        streams,
        leftOut,
        names.isEmpty()
            ? List.of(
                "user %s sees no table; grant SELECT on some".formatted(access.settings().user()))
            : List.of());
  }

  private void leave(JdbcCatalog.Name name, String why) {
    leftOut.add(new Discovery.LeftOut(name.name(), why));
  }

  private void look(JdbcCatalog.Name name, Optional<Dialect.Facts> facts) throws SQLException {
    try {
      streams.add(found(catalog.table(name), name.remark(), facts));
    } catch (SQLException e) {
      if (access.errors().isNoRefusal(e, connection)) {
        throw e;
      }
      leave(
          name,
          "may not be read; run there: GRANT SELECT ON %s TO %s;"
              .formatted(name.from(), access.settings().user()));
    }
  }

  private static Discovery.Found found(
      JdbcTable table, String remark, Optional<Dialect.Facts> facts) {
    List<String> notes = new ArrayList<>();
    if (table.primaryKey().isEmpty()) {
      notes.add("no primary key");
    }
    if (facts.isPresent() && !facts.get().isolated()) {
      notes.add("of an engine without snapshots");
    }
    cursor(table).ifPresent(c -> notes.add("perhaps mode: incremental by cursor: " + c));
    return new Discovery.Found(
        table.name(),
        remark,
        table.primaryKey(),
        facts.map(Dialect.Facts::rows),
        facts.map(Dialect.Facts::bytes).orElse(0L),
        PersonalNames.found(table.name(), table.staged(), JdbcDiscovery::landing),
        notes);
  }

  /** A time whose name says that every change sets it, in a table that has a key. */
  private static Optional<String> cursor(JdbcTable table) {
    return table.staged().stream()
        .map(StagedColumn::column)
        .filter(c -> !table.primaryKey().isEmpty() && TIMES.contains(c.type().kind()))
        .map(Column::name)
        .filter(n -> CHANGED.matcher(n).find())
        .findFirst();
  }

  private static Optional<String> landing(StagedColumn staged) {
    DataType.Kind kind = staged.column().type().kind();
    if (kind == DataType.Kind.VARCHAR && !TEXT.matcher(staged.sourceType()).matches()) {
      return Optional.of(staged.sourceType() + ", lands as text");
    }
    return kind == DataType.Kind.BLOB
        ? Optional.of(staged.sourceType() + ", lands as " + kind.name().toLowerCase(Locale.ROOT))
        : Optional.empty();
  }
}
