package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import io.ecluse.schema.ColumnFinder;
import io.ecluse.schema.ColumnFinder.Found;
import io.ecluse.schema.ColumnFinder.Missing;
import io.ecluse.schema.SqlParser;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Checks that columns which SQL, tiles and tests name are there, as far as the project's files tell
 * it: a model has the columns that its query makes, of a source nobody knows before it is asked.
 * Such an error stops nothing but the task or tile that it is of.
 */
final class ColumnCheck {
  private final ProjectFiles files;
  private final Tables tables;
  private final Problems problems;
  private final SqlParser parser;
  private final ColumnFinder finder;

  /** Of the models so far; those of which not all columns are known are left out. */
  private final Map<TableName, List<String>> known = new HashMap<>();

  ColumnCheck(
      ProjectFiles files, Tables tables, Problems problems, SqlParser parser, ColumnFinder finder) {
    this.files = files;
    this.tables = tables;
    this.problems = problems;
    this.parser = parser;
    this.finder = finder;
  }

  void run() {
    Map<TableName, Set<TableName>> reads = new HashMap<>();
    files.models().forEach((name, part) -> reads.put(name, tablesOf(part.sql().references())));
    for (TableName model : new ModelGraph(reads).select("*")) {
      SqlPart part = Optional.ofNullable(files.models().get(model)).orElseThrow();
      if (!problems.isBroken(part.path())) {
        check(part).columns().ifPresent(columns -> known.put(model, columns));
      }
    }
    files.models().forEach(this::checkHeader);
    files.audits().values().stream()
        .filter(part -> !problems.isBroken(part.path()))
        .forEach(this::check);
    files.dashboards().values().forEach(this::checkDashboard);
  }

  private Set<TableName> tablesOf(List<TableReference> references) {
    Set<TableName> found = new LinkedHashSet<>();
    references.forEach(r -> tables.find(r.table()).ifPresent(found::add));
    return found;
  }

  private Found check(SqlPart part) {
    Map<String, String> params = new HashMap<>();
    part.sql().params().forEach(name -> params.put(name, "x"));
    Set<TableName> read = tablesOf(part.sql().references());
    Found found = finder.find(SqlParams.bind(part.sql().sql(), params), columns(read));
    found
        .missing()
        .ifPresent(
            m ->
                problems
                    .in(part.path())
                    .errorInPart(new Position(m.line(), m.column()), message(m), hint(m, read)));
    return found;
  }

  private Map<TableName, Optional<List<String>>> columns(Set<TableName> read) {
    Map<TableName, Optional<List<String>>> columns = new TreeMap<>();
    read.forEach(table -> columns.put(table, Optional.ofNullable(known.get(table))));
    return columns;
  }

  private static String message(Missing missing) {
    return "There is no column '%s'".formatted(missing.name());
  }

  private Optional<String> hint(Missing missing, Set<TableName> read) {
    Set<String> names = new TreeSet<>(missing.candidates());
    read.forEach(table -> names.addAll(known.getOrDefault(table, List.of())));
    return Nearest.hint(missing.name(), names);
  }

  private void checkHeader(TableName model, SqlPart part) {
    Value.Entries header = part.sql().header().orElseGet(() -> Value.Entries.none(Position.START));
    Value.Entries columns = header.entries("columns");
    Problems.OfFile ofFile = problems.in(part.path());
    for (String column : columns.values().keySet()) {
      List<Value> tests = columns.entries(column).items("tests").items();
      Optional.ofNullable(known.get(model))
          .filter(names -> names.stream().noneMatch(column::equalsIgnoreCase))
          .ifPresent(
              names ->
                  ofFile.errorInPart(
                      columns.keyAt(column),
                      "The model has no column '%s'".formatted(column),
                      Nearest.hint(column, names)));
      for (Value test : tests) {
        if (test instanceof Value.Entries entries) {
          checkRelationship(entries.entries("relationship"), ofFile);
        }
      }
    }
  }

  private void checkRelationship(Value.Entries relationship, Problems.OfFile ofFile) {
    Optional<List<String>> there =
        relationship
            .text("to")
            .flatMap(to -> TableName.find(to.text()))
            .flatMap(tables::find)
            .map(known::get);
    Optional<Value.Text> column = relationship.text("column");
    if (there.isPresent()
        && column.isPresent()
        && there.get().stream().noneMatch(column.get().text()::equalsIgnoreCase)) {
      ofFile.errorInPart(
          column.get().at(),
          "%s has no column '%s'".formatted(relationship.text("to", ""), column.get().text()),
          Nearest.hint(column.get().text(), there.get()));
    }
  }

  private void checkDashboard(Part part) {
    Value.Entries dashboard = part.entries();
    Problems.OfFile ofFile = problems.in(part.path());
    for (Value item : dashboard.items("tiles").items()) {
      if (item instanceof Value.Entries tile) {
        tile.text("query").ifPresent(query -> checkTile(tile, query, ofFile));
      }
    }
  }

  private void checkTile(Value.Entries tile, Value.Text query, Problems.OfFile ofFile) {
    Problems.OfFile elsewhere = new Problems().in("query"); // said when references were checked
    List<TableReference> references = SqlTables.in(query.text(), Position.START, parser, elsewhere);
    if (elsewhere.areErrors()) {
      return;
    }
    Set<TableName> read = tablesOf(references);
    Found found = finder.find(query.text(), columns(read));
    found
        .missing()
        .ifPresent(
            m ->
                ofFile.errorInPart(
                    query.at(),
                    "%s (line %d, column %d of the query)"
                        .formatted(message(m), m.line(), m.column()),
                    hint(m, read)));
    for (String key : List.of("x", "y", "series")) {
      Optional<Value.Text> named = tile.text(key);
      if (named.isPresent() && found.columns().isPresent()) {
        checkKey(key, named.get(), found.columns().get(), ofFile);
      }
    }
  }

  /** As the tile itself is refused when it is drawn. */
  private static void checkKey(
      String key, Value.Text named, List<String> columns, Problems.OfFile ofFile) {
    List<String> same = new ArrayList<>(columns);
    same.removeIf(column -> !column.equalsIgnoreCase(named.text()));
    if (same.isEmpty()) {
      ofFile.errorInPart(
          named.at(),
          "%s is '%s', but the query has no such column".formatted(key, named.text()),
          Nearest.hint(named.text(), columns));
    } else if (same.size() > 1) {
      ofFile.errorInPart(
          named.at(),
          "%s is '%s', but the query has %d columns of that name"
              .formatted(key, named.text(), same.size()),
          Optional.of("name them apart with AS"));
    }
  }
}
