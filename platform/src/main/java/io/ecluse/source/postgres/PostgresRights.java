package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import io.ecluse.source.AlikeNames;
import io.ecluse.source.Finding;
import io.ecluse.source.FindingListener;
import io.ecluse.source.SourceInspection.WantedStream;
import io.ecluse.source.postgres.PostgresRelation.CommentedColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks the schema, the streams in it, and the right to read them now and tomorrow. */
record PostgresRights(
    Connection connection,
    PostgresSourceSettings settings,
    List<WantedStream> wanted,
    FindingListener found) {
  private static final int SHOWN = 20;

  /** With more tables than this to grant, one GRANT for all says it better. */
  private static final int NAMED = 5;

  private static final String FUTURE =
      """
      SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')
        AND NOT EXISTS (
          SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) a
          WHERE d.defaclrole = c.relowner AND d.defaclobjtype = 'r' AND d.defaclnamespace IN (0, n.oid)
            AND a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))
        AND NOT EXISTS (
          SELECT FROM pg_roles r WHERE r.rolname = 'pg_read_all_data' AND pg_has_role(r.oid, 'USAGE'))
      ORDER BY 1
      """;

  /** Columns by which an index finds the highest value at once. */
  private static final String INDEXED =
      """
      SELECT c.relname, a.attname FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE n.nspname = ? AND i.indisvalid AND i.indpred IS NULL
      """;

  private PostgresGrants grants() {
    return PostgresGrants.of(settings);
  }

  void run() throws SQLException {
    Map<String, PostgresRelation> there = new TreeMap<>();
    new PostgresRelations(connection, settings.schema()).all().forEach(r -> there.put(r.name(), r));
    if (!schema(there)) {
      return;
    }
    List<PostgresRelation> present = present(there);
    readable(present);
    alike(present);
    keys(there);
    cursors(there);
    filtered(present);
    future();
    connection.rollback();
  }

  private boolean schema(Map<String, PostgresRelation> there) throws SQLException {
    String schema = settings.schema();
    Optional<Boolean> usable = Optional.empty();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = ?")) {
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          usable = Optional.of(row.getBoolean(1));
        }
      }
    }
    if (usable.isEmpty()) {
      found.problem(
          "schema",
          "there is no schema %s in database %s; there are: %s"
              .formatted(
                  schema,
                  settings.server().database(),
                  String.join(", ", PostgresRelations.schemas(connection).keySet())),
          "set schema in the source's file to one of these");
      return false;
    }
    found.accept(
        usable.get()
            ? Finding.ok("schema", "user may use schema " + schema)
            : Finding.problem(
                "schema",
                "user %s may not use schema %s".formatted(settings.server().user(), schema),
                grants().usage()));
    if (there.isEmpty()) {
      found.problem(
          "streams",
          "schema %s holds no table; there are: %s"
              .formatted(
                  schema,
                  PostgresRelations.schemas(connection).entrySet().stream()
                      .map(s -> s.getKey() + " (" + s.getValue() + " tables)")
                      .collect(Collectors.joining(", "))),
          "set schema in the source's file to one that holds tables");
    }
    return !there.isEmpty();
  }

  private List<PostgresRelation> present(Map<String, PostgresRelation> there) {
    if (wanted.isEmpty()) {
      found.ok("streams", "all of the schema: %d".formatted(there.size()));
      return List.copyOf(there.values());
    }
    List<PostgresRelation> present = new ArrayList<>();
    for (WantedStream stream : wanted) {
      PostgresRelation relation = there.get(stream.name());
      if (relation != null) {
        present.add(relation);
      } else {
        found.problem(
            "streams",
            "there is no table %s in schema %s".formatted(stream.name(), settings.schema()),
            otherCase(stream.name(), there)
                .map(n -> "PostgreSQL tells case apart: write %s".formatted(n))
                .orElse(
                    "correct or remove the stream in the source's file; ecluse source discover %s tells what there is"
                        .formatted(settings.name())));
      }
    }
    if (present.size() == wanted.size()) {
      found.ok("streams", "all %d are there".formatted(present.size()));
    }
    return present;
  }

  private void alike(List<PostgresRelation> present) {
    if (wanted.isEmpty()) {
      AlikeNames.among(present.stream().map(PostgresRelation::name).toList())
          .ifPresent(
              two ->
                  found.problem(
                      "streams",
                      "%s differ only by case, which SQL on the warehouse does not tell apart"
                          .formatted(two),
                      "name the one that you want under streams"));
    }
    for (PostgresRelation relation : present) {
      AlikeNames.among(relation.columns().stream().map(CommentedColumn::name).toList())
          .ifPresent(
              two -> found.problem("streams", relation.name() + ": " + AlikeNames.remedy(two)));
    }
  }

  private static Optional<String> otherCase(String name, Map<String, PostgresRelation> there) {
    return there.keySet().stream()
        .filter(n -> n.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private void readable(List<PostgresRelation> present) {
    List<PostgresRelation> closed = present.stream().filter(r -> !r.readable()).toList();
    if (closed.isEmpty()) {
      found.ok("select", "user may read all %d streams".formatted(present.size()));
      return;
    }
    List<String> names = closed.stream().map(PostgresRelation::name).toList();
    List<String> remedy = new ArrayList<>();
    remedy.add(names.size() > NAMED ? grants().selectAll() : grants().select(names));
    remedy.addAll(
        grants()
            .selectFuture(new TreeSet<>(closed.stream().map(PostgresRelation::owner).toList())));
    found.problem(
        "select",
        "user %s may not read %d of %d streams: %s"
            .formatted(settings.server().user(), names.size(), present.size(), shortened(names)),
        remedy.toArray(String[]::new));
  }

  private void keys(Map<String, PostgresRelation> there) {
    int named = 0;
    boolean right = true;
    for (WantedStream stream : wanted) {
      PostgresRelation relation = there.get(stream.name());
      if (relation == null || stream.primaryKey().isEmpty()) {
        continue;
      }
      named++;
      List<String> columns = relation.columns().stream().map(CommentedColumn::name).toList();
      List<String> missing =
          stream.primaryKey().stream().filter(c -> !columns.contains(c)).toList();
      if (!missing.isEmpty()) {
        right = false;
        found.problem(
            "primary_key",
            "%s has no column %s, which the file names in its primary key"
                .formatted(stream.name(), String.join(", ", missing)),
            "correct primary_key of %s; its columns are: %s"
                .formatted(stream.name(), shortened(columns)));
      } else if (relation.primaryKey().isEmpty()) {
        found.note(
            "primary_key",
            "%s has no primary key there: nothing makes %s unique"
                .formatted(stream.name(), String.join(", ", stream.primaryKey())),
            "test that it is unique and not null in a model that reads it");
        right = false;
      } else if (!new TreeSet<>(relation.primaryKey()).equals(new TreeSet<>(stream.primaryKey()))) {
        right = false;
        found.problem(
            "primary_key",
            "the primary key of %s is %s, but the file says %s"
                .formatted(
                    stream.name(),
                    String.join(", ", relation.primaryKey()),
                    String.join(", ", stream.primaryKey())),
            "write primary_key: [%s]".formatted(String.join(", ", relation.primaryKey())));
      }
    }
    if (named > 0 && right) {
      found.ok("primary_key", "all %d are those of the file".formatted(named));
    }
  }

  private void cursors(Map<String, PostgresRelation> there) throws SQLException {
    Set<List<String>> indexed = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(INDEXED)) {
      statement.setString(1, settings.schema());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          indexed.add(List.of(rows.getString(1), rows.getString(2)));
        }
      }
    }
    for (WantedStream stream : wanted) {
      PostgresRelation relation = there.get(stream.name());
      if (relation == null || stream.cursor().isEmpty()) {
        continue;
      }
      String cursor = stream.cursor().get();
      List<String> columns = relation.columns().stream().map(CommentedColumn::name).toList();
      if (!columns.contains(cursor)) {
        found.problem(
            "cursor",
            "%s has no column %s, which the file names as its cursor"
                .formatted(stream.name(), cursor),
            "correct cursor of %s; its columns are: %s"
                .formatted(stream.name(), shortened(columns)));
      } else if (!indexed.contains(List.of(stream.name(), cursor))) {
        found.note(
            "cursor",
            "no index of %s begins with its cursor %s: each extract scans the whole table there"
                .formatted(stream.name(), cursor),
            "CREATE INDEX CONCURRENTLY ON %s (%s);"
                .formatted(relation.quoted(settings.schema()), Column.quote(cursor)));
      } else {
        found.ok("cursor", "%s.%s has an index".formatted(stream.name(), cursor));
      }
    }
  }

  private void filtered(List<PostgresRelation> present) {
    List<String> names =
        present.stream().filter(PostgresRelation::filtered).map(PostgresRelation::name).toList();
    if (!names.isEmpty()) {
      String text =
          "row-level policies may hide rows of %s from user %s"
              .formatted(shortened(names), settings.server().user());
      found.accept(
          settings.session().rowSecurity() == PostgresSourceSettings.RowSecurity.APPLY
              ? Finding.note("row_security", text + ", as extract.row_security lets them")
              : Finding.problem(
                  "row_security",
                  text + ", so an extract refuses to read them",
                  grants().role("BYPASSRLS")));
    }
  }

  private void future() throws SQLException {
    List<String> owners = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(FUTURE)) {
      statement.setString(1, settings.schema());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          owners.add(rows.getString(1));
        }
      }
    }
    found.accept(
        owners.isEmpty()
            ? Finding.ok("future_tables", "user may read those that the owners make from now on")
            : Finding.note(
                "future_tables",
                "user %s may not read tables that %s makes from now on"
                    .formatted(settings.server().user(), String.join(", ", owners)),
                grants().selectFuture(owners).toArray(String[]::new)));
  }

  private static String shortened(List<String> names) {
    return names.size() <= SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
  }
}
