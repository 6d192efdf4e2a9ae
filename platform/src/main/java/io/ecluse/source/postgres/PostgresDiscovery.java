package io.ecluse.source.postgres;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.AlikeNames;
import io.ecluse.source.Discovery;
import io.ecluse.source.Finding;
import io.ecluse.source.PersonalGuess;
import io.ecluse.source.PersonalNames;
import io.ecluse.source.SourceInspection.InspectionListener;
import io.ecluse.source.postgres.PostgresRelation.CommentedColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds what a schema holds. Each table is looked at in a short transaction of its own. */
final class PostgresDiscovery {
  /** When so much time has gone into samples, the tables left are told by names alone. */
  private static final Duration SAMPLING = Duration.ofMinutes(2);

  private static final Pattern CHANGED =
      Pattern.compile("(?i)updat|modif|chang|mise_a_jour|(^|_)maj($|_)");

  private static final Set<String> ADDRESSES = Set.of("inet", "cidr", "macaddr", "macaddr8");
  private static final String NAME =
      "[^\\s./\\\\*\\p{Cntrl}]([^./\\\\*\\p{Cntrl}]*[^\\s./\\\\*\\p{Cntrl}])?";

  private final PostgresSourceSettings settings;
  private final PostgresErrors errors;
  private final Connection connection;
  private final InspectionListener listener;
  private final List<Discovery.Found> streams = new ArrayList<>();
  private final List<Discovery.LeftOut> leftOut = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final long started = System.nanoTime();

  PostgresDiscovery(
      PostgresSourceSettings settings,
      PostgresErrors errors,
      Connection connection,
      InspectionListener listener) {
    this.settings = settings;
    this.errors = errors;
    this.connection = connection;
    this.listener = listener;
  }

  Discovery run() throws SQLException {
    String version = PostgresCatalog.text(connection, "SHOW server_version").split(" ", 2)[0];
    Finding usable =
        PostgresCheck.version(
            Integer.parseInt(PostgresCatalog.text(connection, "SHOW server_version_num")));
    if (usable.state() == Finding.State.PROBLEM) {
      throw errors.error(
          ErrorCode.SOURCE_REFUSED,
          usable.found() + "; " + String.join("; ", usable.remedy()),
          new SQLException("too old"));
    }
    requireSchema();
    List<PostgresRelation> relations = new PostgresRelations(connection, settings.schema()).all();
    connection.rollback();
    for (int i = 0; i < relations.size(); i++) {
      PostgresRelation relation = relations.get(i);
      listener.looking(relation.name(), i, relations.size());
      Optional<String> why = whyNot(relation);
      if (why.isPresent()) {
        leftOut.add(new Discovery.LeftOut(relation.name(), why.get()));
      } else {
        streams.add(found(relation));
      }
    }
    if (relations.isEmpty()) {
      notes.add(
          "the schema %s holds no table; %s".formatted(settings.schema(), schemasWithTables()));
    }
    Set<String> owners = new TreeSet<>();
    relations.stream()
        .filter(r -> r.isTable() && !r.readable())
        .forEach(r -> owners.add(r.owner()));
    if (!owners.isEmpty()) {
      notes.add(
          "to read every table, those to come included, run there: "
              + String.join(" ", PostgresGrants.of(settings).everything(owners)));
    }
    return new Discovery("PostgreSQL " + version, streams, leftOut, notes);
  }

  private void requireSchema() throws SQLException {
    String schema = settings.schema().replace("'", "''");
    String usable =
        PostgresCatalog.text(
            connection,
            "SELECT coalesce((SELECT has_schema_privilege(oid, 'USAGE')::text FROM pg_namespace WHERE nspname = '%s'), 'none')"
                .formatted(schema));
    if (usable.equals("none")) {
      throw errors.error(
          ErrorCode.SOURCE_MISSING_STREAM,
          "there is no schema %s in database %s; %s"
              .formatted(settings.schema(), settings.server().database(), schemasWithTables()),
          new SQLException("missing"));
    }
    if (usable.equals("false")) {
      throw errors.error(
          ErrorCode.SOURCE_REFUSED,
          "user %s may not use the schema %s; run there: %s"
              .formatted(
                  settings.server().user(),
                  settings.schema(),
                  String.join(" ", PostgresGrants.of(settings).everything(List.of()))),
          new SQLException("no right"));
    }
  }

  private String schemasWithTables() throws SQLException {
    Map<String, Long> schemas = PostgresRelations.schemas(connection);
    return schemas.entrySet().stream()
        .map(s -> "%s (%d tables)".formatted(s.getKey(), s.getValue()))
        .collect(Collectors.joining(", ", "the schemas there are: ", ""));
  }

  /** Why a relation is no stream to propose. */
  private Optional<String> whyNot(PostgresRelation relation) throws SQLException {
    if (relation.extension().isPresent()) {
      return Optional.of("belongs to the extension " + relation.extension().get());
    }
    if (!relation.isTable()) {
      return Optional.of(
          relation.what()
              + (relation.kind() == 'f'
                  ? ": its rows are another system's; read them there"
                  : ": what it is made of is read already; add it by name if it is not"));
    }
    if (relation.persistence() == 'u') {
      return Optional.of(
          "an unlogged table: it is empty after a crash, and on every standby; add it by name if it matters");
    }
    if (relation.columns().isEmpty()) {
      return Optional.of("has no column");
    }
    if (!relation.readable()) {
      return Optional.of(
          "may not be read; run there: "
              + PostgresGrants.of(settings).select(List.of(relation.name())));
    }
    if (!relation.name().matches(NAME)) {
      return Optional.of("its name holds a character that no stream's may hold: . / \\ *");
    }
    Optional<String> alike =
        AlikeNames.among(relation.columns().stream().map(CommentedColumn::name).toList());
    if (alike.isPresent()) {
      return alike.map(AlikeNames::remedy);
    }
    if (isEmpty(relation)) {
      return Optional.of("holds no row yet; add it by name when it does");
    }
    return names.add(relation.name().toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of("its name differs from another's only by case");
  }

  private boolean isEmpty(PostgresRelation relation) throws SQLException {
    if (relation.rows().isPresent()) {
      return false;
    }
    try {
      return PostgresCatalog.text(
              connection,
              "SELECT EXISTS (SELECT FROM %s)".formatted(relation.quoted(settings.schema())))
          .equals("f");
    } catch (SQLException e) {
      return giveUp(relation, e).isEmpty();
    } finally {
      connection.rollback();
    }
  }

  private Discovery.Found found(PostgresRelation table) throws SQLException {
    List<String> tableNotes = new ArrayList<>();
    if (table.partitions() > 0) {
      tableNotes.add("%d partitions".formatted(table.partitions()));
    }
    if (table.filtered()) {
      tableNotes.add("a row-level policy may hide rows from user " + settings.server().user());
    }
    if (table.primaryKey().isEmpty()) {
      tableNotes.add("no primary key");
    }
    cursor(table).ifPresent(c -> tableNotes.add("perhaps mode: incremental by cursor: " + c));
    List<String> columnNames = table.columns().stream().map(CommentedColumn::name).toList();
    PersonalNames personal = PersonalNames.forTable(table.name(), columnNames);
    Map<String, PersonalGuess> sampled = sampled(table, tableNotes);
    List<Discovery.FoundColumn> columns = new ArrayList<>();
    for (CommentedColumn column : table.columns()) {
      Column staged = column.column().staged().column();
      Optional<PersonalGuess> guess =
          personal
              .guess(staged.name(), staged.type())
              .or(() -> byType(column))
              .or(() -> Optional.ofNullable(sampled.get(staged.name())));
      columns.add(
          new Discovery.FoundColumn(
              column.column().staged(), column.comment(), landing(column.column()), guess));
    }
    return new Discovery.Found(
        table.name(),
        table.comment(),
        table.primaryKey(),
        table.rows(),
        table.bytes(),
        columns,
        tableNotes);
  }

  /** A time whose name says that every change sets it, in a table that has a key. */
  private static Optional<String> cursor(PostgresRelation table) {
    return table.columns().stream()
        .filter(c -> !table.primaryKey().isEmpty())
        .filter(
            c ->
                c.column().wire() == PostgresColumn.Wire.TIMESTAMP
                    || c.column().wire() == PostgresColumn.Wire.TIMESTAMPTZ)
        .map(CommentedColumn::name)
        .filter(n -> CHANGED.matcher(n).find())
        .findFirst();
  }

  private Map<String, PersonalGuess> sampled(PostgresRelation table, List<String> tableNotes)
      throws SQLException {
    if (System.nanoTime() - started > SAMPLING.toNanos()) {
      tableNotes.add("not sampled: samples took too long");
      return Map.of();
    }
    try {
      return new PostgresSample(connection, settings.schema()).guesses(table);
    } catch (SQLException e) {
      tableNotes.add("not sampled: " + giveUp(table, e).orElse("it holds no row"));
      return new HashMap<>();
    } finally {
      connection.rollback();
    }
  }

  /** Goes on without what only this table refuses; everything else ends the discovery. */
  private Optional<String> giveUp(PostgresRelation table, SQLException e) {
    return switch (PostgresErrors.state(e)) {
      case "57014" ->
          Optional.of(
              "it took longer than " + settings.session().statementTimeout().toSeconds() + " s");
      case "55P03" -> Optional.of("it is locked just now");
      case "42501" -> Optional.of("user " + settings.server().user() + " may not");
      default -> throw errors.reading("looking at table " + table.name(), e);
    };
  }

  private static Optional<PersonalGuess> byType(CommentedColumn column) {
    String type = column.column().staged().sourceType();
    return ADDRESSES.contains(type)
        ? Optional.of(new PersonalGuess("online", "by its type: " + type))
        : Optional.empty();
  }

  private static Optional<String> landing(PostgresColumn column) {
    String type = column.staged().sourceType();
    if (column.wire() == PostgresColumn.Wire.AS_TEXT) {
      return Optional.of(type + ", lands as text");
    }
    return column.wire() == PostgresColumn.Wire.BYTEA
        ? Optional.of(type + ", lands as " + DataType.BLOB.sql().toLowerCase(Locale.ROOT))
        : Optional.empty();
  }
}
