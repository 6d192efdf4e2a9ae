package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.pipeline.Cycles;
import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import io.ecluse.schema.SqlParser;
import io.ecluse.schema.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Checks what the files of a project say of each other. */
final class ReferenceCheck {
  private final ProjectFiles files;
  private final Problems problems;
  private final Tables tables;
  private final SqlParser parser;
  private final Vocabulary vocabulary;
  private final Map<TableName, Set<TableName>> reads = new TreeMap<>();
  private final Map<String, Set<TableName>> readByQueries = new ConcurrentHashMap<>();

  ReferenceCheck(
      ProjectFiles files,
      Tables tables,
      SqlParser parser,
      Vocabulary vocabulary,
      Problems problems) {
    this.vocabulary = vocabulary;
    this.parser = parser;
    this.files = files;
    this.problems = problems;
    this.tables = tables;
  }

  /** Checks all files; the tables that each query of a tile reads, by its text. */
  Map<String, Set<TableName>> run() {
    new ClusterCheck(files, vocabulary, problems).run();
    files.sources().values().forEach(this::checkSource);
    files.models().forEach(this::checkModel);
    checkModelCycles();
    files.audits().values().forEach(audit -> resolve(audit.sql().references(), audit.path()));
    files.dashboards().values().parallelStream().forEach(this::checkDashboard);
    ModelGraph graph = new ModelGraph(reads);
    files
        .dags()
        .values()
        .forEach(dag -> new DagCheck(files, graph, vocabulary, problems).check(dag));
    return readByQueries;
  }

  /** Streams that declare both columns and a primary key must agree on them. */
  private void checkSource(Part part) {
    Optional.ofNullable(vocabulary.sources().get(part.entries().text("type", "")))
        .ifPresent(kind -> kind.check(new SourceCheck(part.entries(), problems.in(part.path()))));
    Value.Entries streams = part.entries().entries("streams");
    for (String name : streams.values().keySet()) {
      Value.Entries stream = streams.entries(name);
      Set<String> columns = stream.entries("columns").keys().keySet();
      Set<String> seen = new HashSet<>();
      for (Value.Text column : stream.items("primary_key").texts()) {
        if (!seen.add(column.text())) {
          problems
              .in(part.path())
              .error(column.at(), "The column '%s' comes a second time".formatted(column.text()));
        }
        Optional<String> nearest = Nearest.of(column.text(), columns);
        if (!columns.contains(column.text()) && nearest.isPresent()) {
          problems
              .in(part.path())
              .warning(
                  column.at(),
                  "The column '%s' of the primary key is not among the columns"
                      .formatted(column.text()),
                  "did you mean " + nearest.get() + "?");
        }
      }
    }
  }

  private void checkModel(TableName name, SqlPart part) {
    Problems.OfFile ofFile = problems.in(part.path());
    if (files.sources().containsKey(name.schema())) {
      ofFile.error(
          Position.START,
          "The schema %s belongs to the source of that name".formatted(name.schema()),
          "put the model in another folder, as models/marts/");
    }
    reads.put(name, resolve(part.sql().references(), part.path()));
    Value.Entries header = part.sql().header().orElseGet(() -> Value.Entries.none(Position.START));
    Value.Entries columns = header.entries("columns");
    for (String column : columns.values().keySet()) {
      for (Value test : columns.entries(column).items("tests").items()) {
        if (test instanceof Value.Entries entries) {
          checkTest(entries, ofFile);
        }
      }
    }
  }

  private void checkTest(Value.Entries test, Problems.OfFile ofFile) {
    Value.Entries relationship = test.entries("relationship");
    relationship
        .text("to")
        .ifPresent(to -> TableName.find(to.text()).ifPresent(t -> tables.find(t, to.at(), ofFile)));
    Value.Entries range = test.entries("range");
    RangeBounds.of(range)
        .mistake()
        .ifPresent(mistake -> ofFile.error(range.keyAt("min"), mistake.message(), mistake.hint()));
  }

  private Set<TableName> resolve(List<TableReference> references, String path) {
    Set<TableName> found = new TreeSet<>();
    for (TableReference reference : references) {
      tables.find(reference.table(), reference.at(), problems.in(path)).ifPresent(found::add);
    }
    return found;
  }

  private void checkModelCycles() {
    Map<String, TableName> models = new TreeMap<>();
    reads.keySet().forEach(name -> models.put(name.toString(), name));
    Map<String, Set<String>> upstream = new HashMap<>();
    reads.forEach(
        (name, tablesRead) -> {
          Set<String> names = new TreeSet<>();
          tablesRead.forEach(table -> names.add(table.toString()));
          upstream.put(name.toString(), names);
        });
    Set<String> left = new TreeSet<>(models.keySet());
    Optional<List<String>> cycle = Cycles.find(left, upstream::get);
    while (cycle.isPresent()) {
      reportCycle(cycle.get(), models);
      left.remove(
          cycle.get().get(1)); // whose file has the error; another circle may share the rest
      cycle = Cycles.find(left, upstream::get);
    }
  }

  private void reportCycle(List<String> cycle, Map<String, TableName> models) {
    String reader = cycle.get(1);
    SqlPart part = partOf(reader, models);
    Position at =
        part.sql().references().stream()
            .filter(reference -> reference.table().key().equals(cycle.get(0)))
            .map(TableReference::at)
            .findFirst()
            .orElse(Position.START);
    problems
        .in(part.path())
        .error(at, "Models read each other in a circle: " + Cycles.spell(cycle));
  }

  private SqlPart partOf(String model, Map<String, TableName> models) {
    SqlPart part = files.models().get(models.get(model));
    if (part == null) {
      throw new AssertionError("No file of model " + model);
    }
    return part;
  }

  private void checkDashboard(Part part) {
    Problems.OfFile ofFile = problems.in(part.path());
    Map<String, Position> seen = new HashMap<>();
    for (Value item : part.entries().items("tiles").items()) {
      Value.Entries tile = (Value.Entries) item;
      tile.text("id").ifPresent(id -> checkTileId(id, seen, ofFile));
      tile.text("query").ifPresent(query -> checkQuery(query, ofFile));
    }
  }

  private static void checkTileId(
      Value.Text id, Map<String, Position> seen, Problems.OfFile ofFile) {
    Position first = seen.putIfAbsent(id.text(), id.at());
    if (first != null) {
      ofFile.error(
          id.at(),
          "The tile '%s' is there a second time".formatted(id.text()),
          "the first is on line " + first.line());
    }
  }

  /** Positions inside a query depend on how YAML folds it, so they are said in words. */
  private void checkQuery(Value.Text query, Problems.OfFile ofFile) {
    Problems inQuery = new Problems();
    Problems.OfFile inside = inQuery.in("query");
    Set<TableName> read = new TreeSet<>();
    SqlTables.in(query.text(), Position.START, parser, inside)
        .forEach(
            reference ->
                tables.find(reference.table(), reference.at(), inside).ifPresent(read::add));
    readByQueries.put(query.text(), read);
    for (Problem problem : inQuery.sorted()) {
      ofFile.errorInPart(
          query.at(),
          "%s (line %d, column %d of the query)"
              .formatted(problem.message(), problem.line(), problem.column()),
          problem.hint());
    }
  }
}
