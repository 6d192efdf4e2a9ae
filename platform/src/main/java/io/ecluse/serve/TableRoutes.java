package io.ecluse.serve;

import io.ecluse.schema.TableName;
import io.ecluse.warehouse.OpenTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.requests.CommitTransactionRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ListTablesResponse;
import org.apache.iceberg.rest.responses.LoadTableResponse;

/** Tables. */
final class TableRoutes {
  private TableRoutes() {}

  static List<Route> all() {
    return List.of(
        Route.reads(Endpoint.V1_LIST_TABLES, TableRoutes::list),
        Route.reads(Endpoint.V1_LOAD_TABLE, TableRoutes::load),
        Route.reads(Endpoint.V1_TABLE_EXISTS, TableRoutes::exists),
        Route.reads(Endpoint.V1_TABLE_REMOTE_SIGN, Signing::sign),
        Route.reads(Endpoint.create("POST", Signing.ADDRESS), Signing::signAny),
        Route.reads(Endpoint.V1_REPORT_METRICS, visit -> Answer.empty(204)),
        Route.writes(Endpoint.V1_CREATE_TABLE, TableRoutes::create, TableRoutes::created),
        Route.writes(Endpoint.V1_UPDATE_TABLE, TableRoutes::update, TableRoutes::updated),
        Route.writes(Endpoint.V1_DELETE_TABLE, TableRoutes::drop),
        Route.writes(Endpoint.V1_RENAME_TABLE, TableRoutes::rename),
        Route.writes(Endpoint.V1_COMMIT_TRANSACTION, TableRoutes::commit));
  }

  private static Answer list(Visit visit) {
    String schema = NamespaceRoutes.require(visit);
    return names(visit, schema, visit.seen(visit.catalog().tables().names()));
  }

  static Answer names(Visit visit, String schema, List<TableName> all) {
    Visit.Page<TableIdentifier> page =
        visit.page(
            all.stream()
                .filter(t -> t.schema().equals(schema))
                .map(t -> TableIdentifier.of(Namespace.of(t.schema()), t.name()))
                .toList());
    ListTablesResponse.Builder response = ListTablesResponse.builder().addAll(page.lines());
    page.next().ifPresent(response::nextPageToken);
    return Wire.ok(response.build());
  }

  private static Answer load(Visit visit) {
    TableName name = visit.name("table");
    TableMetadata table = find(visit, name);
    visit.requireRead(name);
    boolean refs = visit.ask().parameter("snapshots").filter("refs"::equals).isPresent();
    Optional<String> tag = tag(visit, table);
    if (tag.isPresent()
        && visit.ask().header("If-None-Match").filter(tag.get()::equals).isPresent()) {
      return new Answer(304, Map.of("ETag", tag.get()), new byte[0]);
    }
    return loaded(
        visit,
        refs
            ? TableMetadata.buildFrom(table)
                .withMetadataLocation(Objects.requireNonNull(table.metadataFileLocation()))
                .suppressHistoricalSnapshots()
                .build()
            : table);
  }

  private static TableMetadata find(Visit visit, TableName name) {
    Optional<TableMetadata> found =
        visit.isHidden(name) ? Optional.empty() : visit.catalog().tables().find(name);
    return found.orElseThrow(() -> new NoSuchTableException("Table does not exist: %s", name));
  }

  private static Answer loaded(Visit visit, TableMetadata table) {
    Answer answer =
        Wire.ok(
            LoadTableResponse.builder()
                .withTableMetadata(table)
                .addAllConfig(Signing.config(visit))
                .build());
    return tag(visit, table).map(tag -> answer.with("ETag", tag)).orElse(answer);
  }

  /**
   * What stands for an answer that tells of a table: a file of metadata never changes, but the
   * answer may leave out states, or tell how to reach the files. It is weak, since answers are sent
   * compressed, or not.
   */
  private static Optional<String> tag(Visit visit, TableMetadata table) {
    return Optional.ofNullable(table.metadataFileLocation())
        .map(
            file ->
                "W/\"%s-%s-%d\""
                    .formatted(
                        file.substring(file.lastIndexOf('/') + 1).replaceAll("[^0-9A-Za-z.-]", ""),
                        visit.ask().parameter("snapshots").filter("refs"::equals).orElse("all"),
                        Signing.config(visit).size()));
  }

  private static Answer exists(Visit visit) {
    find(visit, visit.name("table"));
    return Answer.empty(204);
  }

  private static Answer create(Visit visit) {
    CreateTableRequest request = Wire.read(visit.ask(), CreateTableRequest.class);
    TableName name = new TableName(visit.schema(), request.name()).lower();
    visit.requireWrite(name);
    OpenTables tables = visit.catalog().tables();
    TableMetadata draft =
        tables.draft(
            name,
            request.schema(),
            request.spec() == null ? PartitionSpec.unpartitioned() : request.spec(),
            request.writeOrder() == null ? SortOrder.unsorted() : request.writeOrder(),
            request.properties());
    if (request.stageCreate()) {
      visit.catalog().files().draft(name, draft);
    }
    return loaded(visit, request.stageCreate() ? draft : tables.create(name, draft));
  }

  private static Answer update(Visit visit) {
    UpdateTableRequest request = Wire.read(visit.ask(), UpdateTableRequest.class);
    TableName name = visit.name("table");
    OpenTables.Change change = change(visit, name, request);
    return loaded(visit, visit.catalog().tables().commit(List.of(change)).get(0));
  }

  private static Answer created(Visit visit) {
    CreateTableRequest request = Wire.read(visit.ask(), CreateTableRequest.class);
    TableName name = new TableName(visit.schema(), request.name()).lower();
    return request.stageCreate() ? create(visit) : now(visit, name);
  }

  private static Answer updated(Visit visit) {
    return now(visit, visit.name("table"));
  }

  private static Answer now(Visit visit, TableName name) {
    visit.requireWrite(name);
    return loaded(visit, find(visit, name));
  }

  private static OpenTables.Change change(Visit visit, TableName name, UpdateTableRequest request) {
    visit.requireWrite(name);
    return new OpenTables.Change(name, request.requirements(), request.updates());
  }

  private static Answer commit(Visit visit) {
    CommitTransactionRequest request = Wire.read(visit.ask(), CommitTransactionRequest.class);
    List<OpenTables.Change> changes = new ArrayList<>();
    for (UpdateTableRequest each : request.tableChanges()) {
      changes.add(change(visit, Visit.name(each.identifier()), each));
    }
    if (changes.stream().map(OpenTables.Change::table).distinct().count() < changes.size()) {
      throw new IllegalArgumentException("A transaction changes each table once");
    }
    visit.catalog().tables().commit(changes);
    return Answer.empty(204);
  }

  private static Answer drop(Visit visit) {
    TableName name = visit.name("table");
    visit.requireWrite(name);
    visit.catalog().tables().drop(name);
    return Answer.empty(204);
  }

  private static Answer rename(Visit visit) {
    Renaming renaming = Renaming.of(visit, TableRoutes::find);
    if (visit.catalog().views().find(renaming.to()).isPresent()) {
      throw new AlreadyExistsException(
          "Cannot rename %s to %s. View already exists", renaming.from(), renaming.to());
    }
    visit.catalog().tables().rename(renaming.from(), renaming.to());
    return Answer.empty(204);
  }
}
