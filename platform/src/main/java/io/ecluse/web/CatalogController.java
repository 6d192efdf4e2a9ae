package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.BrokenFiles;
import io.ecluse.project.ColumnTest;
import io.ecluse.project.ModelFile;
import io.ecluse.project.ModelGraph;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.query.LimitedRows;
import io.ecluse.query.Ticket;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.transform.TestResults;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What data there is: zones, tables, columns, and where each comes from. */
@RestController
@RequestMapping("/api/v1/catalog")
final class CatalogController {
  private static final int LARGEST_SAMPLE = 500;

  private final Platform platform;

  CatalogController(Platform platform) {
    this.platform = platform;
  }

  record StreamLine(
      String name,
      int batches,
      long rows,
      @JsonProperty("last_batch_at") @Nullable Instant lastBatchAt,
      long bytes) {}

  record SourceLine(String name, String description, List<StreamLine> streams) {}

  record TableLine(
      String name,
      String kind,
      @Nullable Long rows,
      long bytes,
      @JsonProperty("updated_at") Instant updatedAt,
      String description) {}

  record SchemaLine(String name, List<TableLine> tables) {}

  record Zone(
      String name, @Nullable List<SourceLine> sources, @Nullable List<SchemaLine> schemas) {}

  record Catalog(List<Zone> zones) {}

  /**
   * @param type null if nobody knows yet: what a model makes is known once it is published
   */
  record ColumnDetail(
      String name,
      @Nullable String type,
      boolean nullable,
      String description,
      @Nullable Boolean personal,
      @Nullable String category,
      List<String> tests) {}

  record ModelDetail(
      String name, String path, String sql, List<String> upstream, List<String> downstream) {}

  record SourceDetail(String name, String stream) {}

  record TestDetail(
      String name,
      @Nullable String column,
      String state,
      @JsonProperty("failing_rows") long failingRows,
      @JsonProperty("failing_keys") @Nullable String failingKeys,
      @JsonProperty("run_id") @Nullable String runId,
      @Nullable Instant at) {}

  /**
   * @param updatedAt null for a model of which nothing is published yet: its columns are those that
   *     its header describes
   */
  record TableDetail(
      String schema,
      String name,
      String kind,
      String description,
      @Nullable Long rows,
      long bytes,
      long files,
      @JsonProperty("updated_at") @Nullable Instant updatedAt,
      @JsonProperty("run_id") @Nullable String runId,
      @Nullable ModelDetail model,
      @Nullable SourceDetail source,
      List<ColumnDetail> columns,
      List<TestDetail> tests,
      @Nullable String broken) {}

  record SnapshotLine(
      String id,
      Instant at,
      String operation,
      long rows,
      @JsonProperty("added_rows") long addedRows,
      @JsonProperty("run_id") @Nullable String runId,
      boolean current) {}

  @GetMapping
  Catalog catalog() {
    return new Catalog(
        List.of(new Zone("staging", sources(), null), new Zone("warehouse", null, schemas())));
  }

  private List<SourceLine> sources() {
    List<SourceLine> lines = new ArrayList<>();
    for (String source : platform.staging().sources()) {
      List<StreamLine> streams = new ArrayList<>();
      for (String stream : platform.staging().streams(source)) {
        List<BatchManifest> batches = platform.staging().list(source, stream);
        streams.add(
            new StreamLine(
                stream,
                batches.size(),
                batches.stream().findFirst().map(BatchManifest::rows).orElse(0L),
                batches.stream().findFirst().map(BatchManifest::endedAt).orElse(null),
                batches.stream().mapToLong(BatchManifest::bytes).sum()));
      }
      String description =
          Optional.ofNullable(project().sources().get(source))
              .map(SourceFile::description)
              .orElse("");
      lines.add(new SourceLine(source, description, streams));
    }
    return lines;
  }

  private List<SchemaLine> schemas() {
    Map<String, List<TableLine>> schemas = new TreeMap<>();
    for (PublishedTable table : platform.warehouse().tables()) {
      schemas
          .computeIfAbsent(table.name().schema(), s -> new ArrayList<>())
          .add(
              new TableLine(
                  table.name().name(),
                  table.kind().text(),
                  table.knownRows().orElse(null),
                  table.bytes(),
                  table.updatedAt(),
                  description(table.name())));
    }
    return schemas.entrySet().stream().map(e -> new SchemaLine(e.getKey(), e.getValue())).toList();
  }

  private Project project() {
    return platform.project().get();
  }

  private String description(TableName table) {
    return model(table)
        .map(ModelFile::description)
        .or(() -> stream(table).map(SourceFile.Stream::description))
        .orElse("");
  }

  private Optional<ModelFile> model(TableName table) {
    return project().models().values().stream()
        .filter(m -> m.name().key().equals(table.key()))
        .findFirst();
  }

  private Optional<SourceFile.Stream> stream(TableName table) {
    return project().stream(table.schema(), table.name());
  }

  @GetMapping("/tables/{schema}/{name}")
  TableDetail table(@PathVariable String schema, @PathVariable String name) {
    TableName table = new TableName(schema, name).lower();
    Optional<PublishedTable> line =
        platform.warehouse().tables().stream().filter(t -> t.name().equals(table)).findFirst();
    Optional<ModelFile> model = model(table);
    if (line.isEmpty() && model.isEmpty()) {
      throw missing(table);
    }
    Map<String, TestResults.Last> last = new TreeMap<>();
    platform.stages().testResults().last(table).forEach(t -> last.put(t.test(), t));
    return new TableDetail(
        table.schema(),
        table.name(),
        line.map(l -> l.kind().text())
            .or(() -> model.map(m -> m.materialized().kind()))
            .orElseThrow(),
        description(table),
        line.flatMap(PublishedTable::knownRows).orElse(null),
        line.map(PublishedTable::bytes).orElse(0L),
        line.map(PublishedTable::files).orElse(0L),
        line.map(PublishedTable::updatedAt).orElse(null),
        line.flatMap(PublishedTable::runId).orElse(null),
        model.map(this::model).orElse(null),
        project().isSource(table.schema()) ? new SourceDetail(table.schema(), table.name()) : null,
        columns(table, model),
        tests(model, last),
        broken(table).map(BrokenFile::summary).orElse(null));
  }

  /** The file of the model or source that the table is of, if it has errors. */
  private Optional<BrokenFile> broken(TableName table) {
    BrokenFiles files = project().broken();
    return files
        .find(BrokenFile.Kind.MODEL, table.toString())
        .or(() -> files.find(BrokenFile.Kind.SOURCE, table.schema()));
  }

  private List<ColumnDetail> columns(TableName table, Optional<ModelFile> model) {
    return platform
        .warehouse()
        .columns(table)
        .map(
            found ->
                found.stream()
                    .map(TableColumn::column)
                    .map(c -> column(table, model, c.name(), c.type().sql()))
                    .toList())
        .orElseGet(
            () ->
                model.stream()
                    .flatMap(m -> m.columns().keySet().stream())
                    .map(c -> column(table, model, c, null))
                    .toList());
  }

  private ModelDetail model(ModelFile model) {
    ModelGraph graph = ModelGraph.of(project());
    return new ModelDetail(
        model.name().toString(),
        model.path(),
        model.sql(),
        model.upstream().stream().map(Object::toString).toList(),
        graph.downstream(model.name()).stream().map(Object::toString).toList());
  }

  private ColumnDetail column(
      TableName table, Optional<ModelFile> model, String name, @Nullable String type) {
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
        extracted.flatMap(SourceFile.Column::isPersonal).orElse(null),
        extracted.flatMap(SourceFile.Column::category).orElse(null),
        modelled.map(m -> m.tests().stream().map(t -> t.name()).toList()).orElse(List.of()));
  }

  private static List<TestDetail> tests(
      Optional<ModelFile> model, Map<String, TestResults.Last> last) {
    List<TestDetail> tests = new ArrayList<>();
    for (ModelFile.Column column : model.map(m -> m.columns().values()).orElse(List.of())) {
      for (var test : column.tests()) {
        String name = test.name() + "(" + column.name() + ")";
        Optional<TestResults.Last> outcome = Optional.ofNullable(last.get(name));
        tests.add(
            new TestDetail(
                name,
                column.name(),
                outcome.map(o -> o.passed() ? "passed" : "failed").orElse("never_run"),
                outcome.map(TestResults.Last::failingRows).orElse(0L),
                outcome.flatMap(TestResults.Last::failingKeys).orElse(null),
                outcome.map(TestResults.Last::runId).orElse(null),
                outcome.map(TestResults.Last::at).orElse(null)));
      }
    }
    return tests;
  }

  @GetMapping("/tables/{schema}/{name}/sample")
  QueryController.RowsView sample(
      @PathVariable String schema,
      @PathVariable String name,
      @RequestParam(defaultValue = "50") int limit,
      Principal user,
      HttpServletRequest request) {
    TableName table = new TableName(schema, name).lower();
    LimitedRows rows = new LimitedRows(LARGEST_SAMPLE);
    String sql =
        "SELECT * FROM %s LIMIT %d"
            .formatted(table.quoted(), Math.max(1, Math.min(limit, LARGEST_SAMPLE)));
    Cancellation cancellation = new Cancellation();
    Ticket ticket = Ticket.quick(user.getName(), cancellation);
    Presence.of(request)
        .whileThere(
            cancellation, () -> platform.queries().run(ticket, sql, ReadView.PUBLISHED, rows));
    return new QueryController.RowsView(
        QueryController.ColumnView.of(rows.names(), rows.types()),
        JsonValues.rows(rows.all()),
        0,
        rows.all().size());
  }

  @GetMapping("/tables/{schema}/{name}/snapshots")
  List<SnapshotLine> snapshots(@PathVariable String schema, @PathVariable String name) {
    TableName table = new TableName(schema, name).lower();
    List<SnapshotLine> lines =
        platform.warehouse().history(table).stream()
            .map(
                v ->
                    new SnapshotLine(
                        String.valueOf(v.snapshotId()),
                        v.at(),
                        v.operation(),
                        v.rows(),
                        v.addedRows(),
                        v.runId().orElse(null),
                        v.state() == TableVersion.State.CURRENT))
            .toList();
    if (lines.isEmpty() && platform.warehouse().view(table).isEmpty()) {
      throw missing(table);
    }
    return lines;
  }

  private static EcluseException missing(TableName table) {
    return new EcluseException(
        ErrorCode.NOT_FOUND,
        "There is no table %s; the catalog lists those there are".formatted(table));
  }
}
