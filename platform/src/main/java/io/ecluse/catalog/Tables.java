package io.ecluse.catalog;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.catalog.Lineage.Node;
import io.ecluse.catalog.TableDetail.ColumnDetail;
import io.ecluse.catalog.TableDetail.ModelDetail;
import io.ecluse.catalog.TableDetail.ProgramDetail;
import io.ecluse.catalog.TableDetail.SourceDetail;
import io.ecluse.catalog.TableDetail.TestDetail;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.BrokenFiles;
import io.ecluse.project.ColumnTest;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.schema.TableName;
import io.ecluse.transform.TestResults;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.ViewQuery;
import io.ecluse.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The tables of the warehouse, and what the project says of them. Safe for several threads. */
public final class Tables {
  private final Supplier<Project> project;
  private final Warehouse warehouse;
  private final TestResults results;
  private final Scheduler scheduler;
  private final Policy policy;

  public Tables(
      Supplier<Project> project,
      Warehouse warehouse,
      TestResults results,
      Scheduler scheduler,
      Policy policy) {
    this.project = project;
    this.warehouse = warehouse;
    this.results = results;
    this.scheduler = scheduler;
    this.policy = policy;
  }

  /** Those that are published, by name. */
  public List<PublishedTable> all(Caller caller) {
    return warehouse.tables().stream().filter(t -> sees(caller, t.name())).toList();
  }

  /**
   * Those that are published, what models made before what sources gave: of two of one name, people
   * mean the first.
   */
  public List<TableName> asMeant(Caller caller) {
    return all(caller).stream()
        .map(PublishedTable::name)
        .sorted(Comparator.comparing(t -> project.get().isSource(t.schema())))
        .toList();
  }

  /** What the project says of a table; empty if nothing. */
  public String description(TableName table) {
    return model(table)
        .map(ModelFile::description)
        .or(() -> stream(table).map(SourceFile.Stream::description))
        .orElse("");
  }

  /** The names of a published table's columns. */
  public List<String> columns(TableName table) {
    return warehouse.columns(table).orElse(List.of()).stream().map(c -> c.column().name()).toList();
  }

  /** A table that is published, or that a model of the project makes. */
  public Optional<TableDetail> find(Caller caller, TableName name) {
    TableName table = name.lower();
    Optional<PublishedTable> line =
        all(caller).stream().filter(t -> t.name().equals(table)).findFirst();
    Optional<ModelFile> model = model(table).filter(m -> sees(caller, table));
    return line.isEmpty() && model.isEmpty()
        ? Optional.empty()
        : Optional.of(detail(caller, table, line, model));
  }

  /** What a view asks; empty for a table. */
  public Optional<ViewQuery> view(TableName table) {
    return warehouse.view(table.lower());
  }

  /** The states of a table, the newest first; of a view, and of what is not there, none. */
  public List<SnapshotLine> history(Caller caller, TableName table) {
    return sees(caller, table)
        ? warehouse.history(table.lower()).stream().map(SnapshotLine::of).toList()
        : List.of();
  }

  private boolean sees(Caller caller, TableName table) {
    return policy.permits(caller, Action.SEE, Subject.table(table));
  }

  private TableDetail detail(
      Caller caller, TableName table, Optional<PublishedTable> line, Optional<ModelFile> model) {
    List<Programs.Program> programs = Programs.of(project.get(), scheduler.programs());
    Lineage lineage = Lineage.of(project.get(), programs);
    return new TableDetail(
        table.schema(),
        table.name(),
        line.map(l -> l.kind().text())
            .or(() -> model.map(m -> m.materialized().kind()))
            .orElseThrow(),
        description(table),
        line.flatMap(PublishedTable::knownRows),
        line.map(PublishedTable::bytes).orElse(0L),
        line.map(PublishedTable::files).orElse(0L),
        line.map(PublishedTable::updatedAt),
        line.flatMap(PublishedTable::runId),
        model.map(m -> detail(lineage, m)),
        project.get().isSource(table.schema())
            ? Optional.of(new SourceDetail(table.schema(), table.name()))
            : Optional.empty(),
        programs.stream()
            .filter(p -> p.used().reads().contains(table) || p.used().writes().contains(table))
            .map(p -> program(caller, p))
            .toList(),
        seen(caller, lineage.impact(table).stream().flatMap(n -> TableName.find(n).stream())),
        columns(table, model),
        model.map(m -> tests(table, m)).orElse(List.of()),
        broken(table).map(BrokenFile::summary));
  }

  private Optional<ModelFile> model(TableName table) {
    return project.get().models().values().stream()
        .filter(m -> m.name().key().equals(table.key()))
        .findFirst();
  }

  private Optional<SourceFile.Stream> stream(TableName table) {
    return project.get().stream(table.schema(), table.name());
  }

  /** The file of the model or source that the table is of, if it has errors. */
  private Optional<BrokenFile> broken(TableName table) {
    BrokenFiles files = project.get().broken();
    return files
        .find(BrokenFile.Kind.MODEL, table.toString())
        .or(() -> files.find(BrokenFile.Kind.SOURCE, table.schema()));
  }

  private ProgramDetail program(Caller caller, Programs.Program program) {
    return new ProgramDetail(
        program.dag(),
        program.task(),
        program.runId(),
        seen(caller, program.used().reads().stream()),
        seen(caller, program.used().writes().stream()));
  }

  private List<String> seen(Caller caller, Stream<TableName> tables) {
    return tables.filter(t -> sees(caller, t)).map(TableName::toString).toList();
  }

  private static ModelDetail detail(Lineage lineage, ModelFile model) {
    String name = model.name().toString();
    return new ModelDetail(
        name,
        model.path(),
        model.sql(),
        lineage.upstream(new Node(Node.Kind.MODEL, name)).stream().map(Node::name).toList(),
        lineage.downstream(Node.table(model.name())).stream()
            .filter(n -> n.kind() == Node.Kind.MODEL)
            .map(Node::name)
            .toList());
  }

  private List<ColumnDetail> columns(TableName table, Optional<ModelFile> model) {
    return warehouse
        .columns(table)
        .map(
            found ->
                found.stream()
                    .map(TableColumn::column)
                    .map(c -> column(table, model, c.name(), Optional.of(c.type().sql())))
                    .toList())
        .orElseGet(
            () ->
                model.stream()
                    .flatMap(m -> m.columns().keySet().stream())
                    .map(c -> column(table, model, c, Optional.empty()))
                    .toList());
  }

  private ColumnDetail column(
      TableName table, Optional<ModelFile> model, String name, Optional<String> type) {
    Optional<ModelFile.Column> modelled = model.map(m -> m.columns().get(name));
    Optional<SourceFile.Column> extracted = stream(table).map(s -> s.columns().get(name));
    return new ColumnDetail(
        name,
        type,
        modelled.stream()
            .flatMap(m -> m.tests().stream())
            .noneMatch(ColumnTest.NotNull.class::isInstance),
        modelled
            .map(ModelFile.Column::description)
            .or(() -> extracted.map(SourceFile.Column::description))
            .orElse(""),
        extracted.flatMap(SourceFile.Column::isPersonal),
        extracted.flatMap(SourceFile.Column::category),
        modelled.map(m -> m.tests().stream().map(t -> t.name()).toList()).orElse(List.of()));
  }

  private List<TestDetail> tests(TableName table, ModelFile model) {
    Map<String, TestResults.Last> last = new TreeMap<>();
    results.last(table).forEach(t -> last.put(t.test(), t));
    List<TestDetail> tests = new ArrayList<>();
    for (ModelFile.Column column : model.columns().values()) {
      for (var test : column.tests()) {
        String name = test.name() + "(" + column.name() + ")";
        Optional<TestResults.Last> outcome = Optional.ofNullable(last.get(name));
        tests.add(
            new TestDetail(
                name,
                Optional.of(column.name()),
                outcome.map(o -> o.passed() ? "passed" : "failed").orElse("never_run"),
                outcome.map(TestResults.Last::failingRows).orElse(0L),
                outcome.flatMap(TestResults.Last::failingKeys),
                outcome.map(TestResults.Last::runId),
                outcome.map(TestResults.Last::at)));
      }
    }
    return tests;
  }
}
