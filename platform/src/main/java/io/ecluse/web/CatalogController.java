package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.catalog.Batches;
import io.ecluse.catalog.SnapshotLine;
import io.ecluse.catalog.StagedStream;
import io.ecluse.catalog.TableDetail;
import io.ecluse.catalog.Tables;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.SourceFile;
import io.ecluse.query.Answer;
import io.ecluse.query.Ticket;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import jakarta.servlet.http.HttpServletRequest;
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
  private final Tables tables;
  private final Batches batches;

  CatalogController(Platform platform) {
    this.platform = platform;
    this.tables = platform.catalog().tables();
    this.batches = platform.catalog().batches();
  }

  record StreamLine(
      String name,
      int batches,
      long rows,
      @JsonProperty("last_batch_at") Optional<Instant> lastBatchAt,
      long bytes) {
    static StreamLine of(StagedStream stream) {
      return new StreamLine(
          stream.name(),
          stream.batches().size(),
          stream.newest().map(BatchManifest::rows).orElse(0L),
          stream.newest().map(BatchManifest::endedAt),
          stream.bytes());
    }
  }

  record SourceLine(String name, String description, List<StreamLine> streams) {}

  record TableLine(
      String name,
      String kind,
      Optional<Long> rows,
      long bytes,
      @JsonProperty("updated_at") Instant updatedAt,
      String description) {
    static TableLine of(PublishedTable table, String description) {
      return new TableLine(
          table.name().name(),
          table.kind().text(),
          table.knownRows(),
          table.bytes(),
          table.updatedAt(),
          description);
    }
  }

  record SchemaLine(String name, List<TableLine> tables) {}

  record Zone(
      String name, @Nullable List<SourceLine> sources, @Nullable List<SchemaLine> schemas) {}

  record Catalog(List<Zone> zones) {}

  @GetMapping
  @Asks(value = Action.SEE, of = Subject.Kind.TABLE)
  Catalog catalog(Caller caller) {
    return new Catalog(
        List.of(
            new Zone("staging", sources(caller), null),
            new Zone("warehouse", null, schemas(caller))));
  }

  private List<SourceLine> sources(Caller caller) {
    Map<String, SourceFile> files = platform.project().get().sources();
    return batches.sources().stream()
        .map(
            source ->
                new SourceLine(
                    source,
                    Optional.ofNullable(files.get(source)).map(SourceFile::description).orElse(""),
                    batches.streams(caller, source).stream().map(StreamLine::of).toList()))
        .toList();
  }

  private List<SchemaLine> schemas(Caller caller) {
    Map<String, List<TableLine>> schemas = new TreeMap<>();
    for (PublishedTable table : tables.all(caller)) {
      schemas
          .computeIfAbsent(table.name().schema(), s -> new ArrayList<>())
          .add(TableLine.of(table, tables.description(table.name())));
    }
    return schemas.entrySet().stream().map(e -> new SchemaLine(e.getKey(), e.getValue())).toList();
  }

  @GetMapping("/tables/{schema}/{name}")
  @Asks(value = Action.SEE, of = Subject.Kind.TABLE, named = "schema.name")
  TableDetail table(@PathVariable String schema, @PathVariable String name, Caller caller) {
    TableName table = new TableName(schema, name).lower();
    return tables.find(caller, table).orElseThrow(() -> missing(table));
  }

  @GetMapping("/tables/{schema}/{name}/sample")
  @Asks(value = Action.READ_ROWS, of = Subject.Kind.TABLE, named = "schema.name")
  QueryController.RowsView sample(
      @PathVariable String schema,
      @PathVariable String name,
      @RequestParam(defaultValue = "50") int limit,
      Caller caller,
      HttpServletRequest request) {
    TableName table = new TableName(schema, name).lower();
    String sql =
        "SELECT * FROM %s LIMIT %d"
            .formatted(table.quoted(), Math.max(1, Math.min(limit, LARGEST_SAMPLE)));
    Cancellation cancellation = new Cancellation();
    Ticket ticket = Ticket.quick(caller, cancellation);
    Answer answer =
        Presence.of(request)
            .whileThere(
                cancellation,
                () -> platform.queries().read(ticket, sql, ReadView.PUBLISHED, LARGEST_SAMPLE));
    return new QueryController.RowsView(
        QueryController.ColumnView.of(answer.names(), answer.types()),
        JsonValues.rows(answer.rows()),
        0,
        answer.rows().size());
  }

  @GetMapping("/tables/{schema}/{name}/snapshots")
  @Asks(value = Action.SEE, of = Subject.Kind.TABLE, named = "schema.name")
  List<SnapshotLine> snapshots(
      @PathVariable String schema, @PathVariable String name, Caller caller) {
    TableName table = new TableName(schema, name).lower();
    List<SnapshotLine> lines = tables.history(caller, table);
    if (lines.isEmpty() && tables.view(table).isEmpty()) {
      throw missing(table);
    }
    return lines;
  }

  private static EcluseException missing(TableName table) {
    return ErrorCode.NOT_FOUND.error(
        "There is no table %s; the catalog lists those there are".formatted(table));
  }
}
