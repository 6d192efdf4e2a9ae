package io.ecluse.web;

import static io.ecluse.web.BlankServer.request;
import static io.ecluse.web.BlankServer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.OpenJob;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines of others at a server: what they read, and what becomes of what they write. */
@Timeout(240)
class IcebergDoorTest {
  private static final TableIdentifier TOYS = TableIdentifier.of("stock", "toys");
  private static final Schema GIFTS =
      new Schema(
          NestedField.optional(1, "id", Types.LongType.get()),
          NestedField.optional(2, "weight", Types.DoubleType.get()));

  /** The intern sees what there is, but reads and writes nothing; the guest sees one table. */
  private static final Policy SHOP =
      new Policy() {
        @Override
        public boolean permits(Caller caller, Action action, Subject subject) {
          return switch (caller.name()) {
            case "nobody" -> false;
            case "intern" -> action == Action.SEE;
            case "guest" ->
                subject.isEvery()
                    || subject.kind() == Subject.Kind.RUN
                    || subject.name().equals("stock.toys") && action != Action.WRITE_ROWS;
            default -> true;
          };
        }
      };

  @TempDir static Path folder;
  private static OutsideFixture shop;
  private static String token;

  @BeforeAll
  static void open() throws IOException {
    shop = new OutsideFixture(folder, SHOP);
    Run run = shop.daily();
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    token = token("partner");
  }

  @AfterEach
  void abandon() {
    shop.abandon();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static String token(String name) {
    return shop.platform().tokens().newBearer(name);
  }

  private static RESTCatalog published() {
    return shop.catalog("", token);
  }

  private static RESTCatalog ofRun(String run) {
    return shop.catalog("/runs/" + run, token);
  }

  private static HttpResponse<String> ask(
      String who, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(shop.server(), "/iceberg" + path)
            .header("Authorization", "Bearer " + who)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  @Test
  void showsWhatIsPublishedAsWeReadIt() throws IOException {
    RESTCatalog catalog = published();

    assertThat(catalog.listNamespaces()).contains(Namespace.of("marts"), Namespace.of("stock"));
    assertThat(catalog.listTables(Namespace.of("stock"))).containsExactly(TOYS);
    assertThat(ForeignRows.read(catalog.loadTable(TOYS)))
        .contains(List.of(1L, 2.5, "north"), List.of(3L, 4.5, "south"));
    assertThat(catalog.loadTable(TableIdentifier.of("stock", "toys", "snapshots"))).isNotNull();
    assertThat(catalog.listViews(Namespace.of("marts")))
        .containsExactly(TableIdentifier.of("marts", "dear"));
    assertThat(
            ((SQLViewRepresentation)
                    catalog
                        .loadView(TableIdentifier.of("marts", "dear"))
                        .currentVersion()
                        .representations()
                        .get(0))
                .sql())
        .contains("marts.shops WHERE total > 5");
    assertThat(catalog.tableExists(TableIdentifier.of("stock", "nothing"))).isFalse();
    assertThat(catalog.tableExists(TOYS)).isTrue();
    assertThat(catalog.namespaceExists(Namespace.of("stock"))).isTrue();
    assertThat(catalog.viewExists(TableIdentifier.of("marts", "dear"))).isTrue();
    assertThat(ask("ecluse_wrong", "HEAD", "/v1/namespaces/stock", "").statusCode()).isEqualTo(401);
  }

  @Test
  void sendsATableAgainOnlyWhenItIsAnother() throws IOException {
    String run = shop.open();
    String path = "/runs/" + run + "/v1/namespaces/stock/tables/toys";
    String tag = ask(token, "GET", path, "").headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> same = ask(token, "GET", path, "", "If-None-Match", tag);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(ask(token, "GET", path + "?snapshots=refs", "", "If-None-Match", tag).statusCode())
        .isEqualTo(200);
    assertThat(ask(token("nobody"), "GET", path, "", "If-None-Match", tag).statusCode())
        .isEqualTo(403);

    RESTCatalog catalog = ofRun(run);
    Table before = catalog.loadTable(TOYS);
    assertThat(catalog.loadTable(TOYS).currentSnapshot()).isEqualTo(before.currentSnapshot());
    before.updateProperties().set("colour", "red").commit();
    assertThat(ask(token, "GET", path, "", "If-None-Match", tag).statusCode()).isEqualTo(200);
    assertThat(catalog.loadTable(TOYS).properties()).containsEntry("colour", "red");
  }

  @Test
  void refusesBodiesThatAreNoneAndWhatWouldMakeATableAnother() {
    String run = shop.open();
    String toys = "/runs/" + run + "/v1/namespaces/stock/tables/toys";
    String update = "{\"requirements\":[],\"updates\":[%s]}";
    for (String body :
        List.of("", "null", "[]", "\"x\"", "{", "[".repeat(100_000), "{\"updates\":5}")) {
      assertThat(ask(token, "POST", toys, body).statusCode()).as(body).isEqualTo(400);
    }
    String uuid = "{\"action\":\"assign-uuid\",\"uuid\":\"%s\"}";
    assertThat(ask(token, "POST", toys, update.formatted(uuid.formatted("x"))).body())
        .contains("a table keeps its own");
    assertThat(
            ask(
                    token,
                    "POST",
                    toys.replace("toys", "dolls"),
                    update
                        .replace("[]", "[{\"type\":\"assert-create\"}]")
                        .formatted(
                            uuid.formatted("x")
                                + ",{\"action\":\"upgrade-format-version\",\"format-version\":2}"))
                .statusCode())
        .isEqualTo(400);
    for (String schema :
        List.of("stock%2Ftoys", "stock%1Ftoys", "%1F", "%E2%80%AE", "a".repeat(5000))) {
      String path = "/runs/" + run + "/v1/namespaces/" + schema + "/tables/toys";
      assertThat(ask(token, "GET", path, "").statusCode()).as(schema).isBetween(400, 404);
    }
    assertThat(shop.rows("SELECT count(*) FROM stock.toys", new ReadView.OfRun(run)).get(0)[0])
        .isEqualTo(3L);
  }

  @Test
  void losesNothingOfWritersThatRace() throws Exception {
    String run = shop.open();
    TableIdentifier name = TableIdentifier.of("partners", "raced");
    ofRun(run)
        .buildTable(name, GIFTS)
        .withProperty("commit.retry.num-retries", "50")
        .withProperty("commit.retry.max-wait-ms", "200")
        .create();
    ExecutorService writers = Executors.newFixedThreadPool(3);
    List<Future<Integer>> all = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      long first = writer * 100L;
      all.add(
          writers.submit(
              () -> {
                Table mine = ofRun(run).loadTable(name);
                for (long id = first; id < first + 4; id++) {
                  DataFile file = ForeignRows.file(mine, new Object[] {id, 1.0});
                  mine.newAppend().appendFile(file).commit();
                }
                return 4;
              }));
    }
    for (Future<Integer> each : all) {
      assertThat(each.get()).isEqualTo(4);
    }
    writers.shutdown();

    assertThat(shop.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(
            shop.rows(
                "SELECT count(*), count(DISTINCT id) FROM partners.raced", ReadView.PUBLISHED))
        .containsExactly(new Object[] {12L, 12L});
  }

  @Test
  void doesOnceWhatIsAskedTwiceByTheSameKey() {
    String run = shop.open();
    String schema = "/runs/" + run + "/v1/namespaces/keyed";
    String table =
        "{\"name\":\"%s\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"a\",\"required\":false,\"type\":\"int\"}]}}";
    String make = "{\"namespace\":[\"keyed\"]}";
    String namespaces = "/runs/" + run + "/v1/namespaces";

    assertThat(ask(token, "GET", "/runs/" + run + "/v1/config", "").body())
        .contains("\"idempotency-key-lifetime\":\"PT24H\"");
    twice("01", "POST", namespaces, make, 200);
    twice("02", "POST", schema + "/tables", table.formatted("one"), 200);
    twice("03", "DELETE", schema + "/tables/one", "", 204);
    twice("04", "POST", schema + "/tables", table.formatted("two"), 200);
    assertThat(keyed("05", "POST", schema + "/tables", table.formatted("two"))).isEqualTo(409);
    assertThat(keyed("04", "POST", schema + "/tables", table.formatted("three"))).isEqualTo(422);
    assertThat(ask(token, "POST", namespaces, make, "Idempotency-Key", "short").statusCode())
        .isEqualTo(400);
    assertThat(ask(token, "GET", schema + "/tables", "").body())
        .contains("two")
        .doesNotContain("one", "three");
  }

  private static void twice(String key, String method, String path, String body, int status) {
    assertThat(keyed(key, method, path, body)).isEqualTo(status);
    assertThat(keyed(key, method, path, body)).isEqualTo(status);
  }

  private static int keyed(String key, String method, String path, String body) {
    return ask(
            token,
            method,
            path,
            body,
            "Idempotency-Key",
            "0190a1b2-c3d4-7e5f-8a9b-0000000000" + key)
        .statusCode();
  }

  @Test
  void letsNobodyWriteWhatIsPublishedAndSaysWhereToWrite() {
    String body =
        ask(
                token,
                "POST",
                "/v1/namespaces/stock/tables/toys",
                "{\"requirements\":[],\"updates\":[]}")
            .body();

    assertThat(body).contains("\"code\":403", "ForbiddenException", "/iceberg/runs/RUN");
    assertThat(ask(token, "GET", "/v1/config", "").body())
        .contains("GET /v1/{prefix}/namespaces/{namespace}/tables/{table}")
        .doesNotContain("DELETE", "transactions");
  }

  @Test
  void refusesWhoeverIsUnknownOrMayNotInTheProtocolsWords() {
    HttpResponse<String> nobody = send(request(shop.server(), "/iceberg/v1/config").GET());
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.body()).contains("\"error\":{", "NotAuthorizedException", "ecluse token");
    assertThat(ask("ecluse_wrong", "GET", "/v1/namespaces", "").statusCode()).isEqualTo(401);

    assertThat(ask(token, "POST", "/v1/oauth/tokens", "grant_type=x").body())
        .contains("not given out by OAuth");
    assertThat(ask(token("nobody"), "GET", "/v1/config", "").statusCode()).isEqualTo(403);
    assertThat(ask(token("nobody"), "GET", "/v1/namespaces", "").body())
        .contains("ForbiddenException", "nobody may not see");
    String intern = token("intern");
    assertThat(ask(intern, "GET", "/v1/namespaces/stock/tables", "").body()).contains("toys");
    assertThat(ask(intern, "GET", "/v1/namespaces/stock/tables/toys", "").body())
        .contains("\"code\":403", "intern may not read rows: table stock.toys");
    String guest = token("guest");
    assertThat(ask(guest, "GET", "/v1/namespaces", "").body())
        .contains("stock")
        .doesNotContain("marts");
    assertThat(ask(guest, "GET", "/v1/namespaces/marts/tables/shops", "").statusCode())
        .isEqualTo(404);
    assertThat(ask(guest, "GET", "/v1/namespaces/stock/tables/toys", "").statusCode())
        .isEqualTo(200);
    assertThat(ask(token, "GET", "/v1/nothing", "").statusCode()).isEqualTo(404);
    assertThat(ask(token, "DELETE", "/v1/config", "").statusCode()).isEqualTo(404);
    assertThat(ask(token, "POST", "/runs/r0/v1/namespaces", "{\"namespace\":[\"x\"]}").body())
        .contains("\"code\":404", "There is no run r0");
  }

  @Test
  void publishesWhatIsWrittenInARunWithTheRun() throws IOException {
    String run = shop.open();
    RESTCatalog catalog = ofRun(run);
    TableIdentifier name = TableIdentifier.of("partners", "gifts");

    Table gifts = catalog.createTable(name, GIFTS);
    DataFile nan = ForeignRows.file(gifts, new Object[] {1L, Double.NaN}, new Object[] {9L, 7.5});
    gifts.newAppend().appendFile(ForeignRows.withoutNanCounts(gifts, nan, 2, 1, 1)).commit();
    gifts.updateSchema().addColumn("note", Types.StringType.get()).commit();
    gifts.newAppend().appendFile(ForeignRows.file(gifts, new Object[] {3L, 2.0, "été"})).commit();
    gifts.updateSchema().addColumn("later", Types.DecimalType.of(9, 2)).commit();

    assertThat(published().tableExists(name)).isFalse();
    String rows = "SELECT id, weight, note, later FROM partners.gifts ORDER BY id";
    assertThat(shop.rows(rows, new ReadView.OfRun(run)))
        .containsExactly(
            new Object[] {1L, Double.NaN, null, null},
            new Object[] {3L, 2.0, "été", null},
            new Object[] {9L, 7.5, null, null});

    Run ended = shop.close(run);
    assertThat(ended.state()).as(String.valueOf(ended.error())).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows(rows, ReadView.PUBLISHED)).hasSize(3);
    Table seen = published().loadTable(name);
    assertThat(ForeignRows.read(seen)).hasSize(3);
    assertThat(seen.refs()).containsOnlyKeys("main");
    assertThat(
            shop.platform().warehouse().history(new TableName("partners", "gifts")).get(0).runId())
        .contains(run);
    try (CloseableIterable<FileScanTask> tasks = seen.newScan().includeColumnStats().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.file().recordCount() == 2) {
          assertThat(task.file().lowerBounds()).containsOnlyKeys(1);
          assertThat(task.file().upperBounds()).containsOnlyKeys(1);
        }
      }
    }

    shop.platform().warehouse().rollBack(run);
    assertThat(published().tableExists(name)).isFalse();
  }

  @Test
  void waitsForWritersFromOutsideUntilTheySayThatAllIsWritten() throws Exception {
    String run = shop.start("partners");
    for (int i = 0;
        i < 600 && shop.platform().scheduler().find(run).orElseThrow().state() != RunState.RUNNING;
        i++) {
      Thread.sleep(50);
    }
    Table presents = ofRun(run).createTable(TableIdentifier.of("partners", "presents"), GIFTS);
    presents.newAppend().appendFile(ForeignRows.file(presents, new Object[] {1L, 1.0})).commit();

    assertThat(ask(token("intern"), "POST", "/runs/" + run + "/done", "").statusCode())
        .isEqualTo(403);
    assertThat(ask(token, "POST", "/runs/" + run + "/done", "").statusCode()).isEqualTo(204);

    Run ended = shop.platform().scheduler().awaitEnd(run);
    assertThat(ended.state()).as(String.valueOf(ended.error())).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows("SELECT * FROM partners.presents", ReadView.PUBLISHED))
        .containsExactly(new Object[] {1L, 1.0});
  }

  @Test
  void publishesNothingOfWhatBreaksAnAudit() throws IOException {
    String run = shop.open();
    Table toys = ofRun(run).loadTable(TOYS);
    toys.newAppend().appendFile(ForeignRows.file(toys, new Object[] {8L, 0.0, "north"})).commit();

    assertThat(shop.rows("SELECT count(*) FROM stock.toys", new ReadView.OfRun(run)).get(0)[0])
        .isEqualTo(4L);
    assertThat(shop.close(run).error().orElseThrow()).contains("no_gifts");
    assertThat(ForeignRows.read(published().loadTable(TOYS))).hasSize(3);
    assertThat(ask(token, "GET", "/runs/" + run + "/v1/config", "").body())
        .contains("\"code\":403", "is failed");
  }

  @Test
  void stagesSeveralTablesTogetherOrNone() throws IOException {
    String run = shop.open();
    RESTCatalog catalog = ofRun(run);
    Table one = catalog.createTable(TableIdentifier.of("partners", "one"), GIFTS);
    Table two = catalog.createTable(TableIdentifier.of("partners", "two"), GIFTS);
    DataFile there = ForeignRows.file(one, new Object[] {1L, 1.0});
    DataFile missing =
        DataFiles.builder(two.spec())
            .copy(there)
            .withPath(two.location() + "/data/none.parquet")
            .build();
    Transaction first = one.newTransaction();
    first.newAppend().appendFile(there).commit();
    Transaction second = two.newTransaction();
    second.newAppend().appendFile(missing).commit();
    String commit =
        org.apache.iceberg.rest.requests.CommitTransactionRequestParser.toJson(
            new org.apache.iceberg.rest.requests.CommitTransactionRequest(
                List.of(change(first, "one"), change(second, "two"))));

    assertThat(ask(token, "POST", "/runs/" + run + "/v1/transactions/commit", commit).body())
        .contains("\"code\":400", "none.parquet, which is not there");
    one.refresh();
    assertThat(one.currentSnapshot()).isNull();
  }

  private static org.apache.iceberg.rest.requests.UpdateTableRequest change(
      Transaction transaction, String name) {
    org.apache.iceberg.TableMetadata changed =
        ((org.apache.iceberg.HasTableOperations) transaction.table()).operations().current();
    return org.apache.iceberg.rest.requests.UpdateTableRequest.create(
        TableIdentifier.of("partners", name), List.of(), changed.changes());
  }

  @Test
  void answersACommitThatWasMadeAsMadeAndRefusesWhatOthersHaveOvertaken() throws IOException {
    String run = shop.open();
    Table toys = ofRun(run).loadTable(TOYS);
    Table stale = ofRun(run).loadTable(TOYS);
    long before = toys.currentSnapshot().snapshotId();
    Transaction append = toys.newTransaction();
    append.newAppend().appendFile(ForeignRows.file(toys, new Object[] {4L, 1.0, "west"})).commit();
    String commit =
        org.apache.iceberg.rest.requests.UpdateTableRequestParser.toJson(
            new org.apache.iceberg.rest.requests.UpdateTableRequest(
                List.of(
                    new org.apache.iceberg.UpdateRequirement.AssertRefSnapshotID("main", before)),
                ((org.apache.iceberg.HasTableOperations) append.table())
                    .operations()
                    .current()
                    .changes()));
    String path = "/runs/" + run + "/v1/namespaces/stock/tables/toys";

    HttpResponse<String> first = ask(token, "POST", path, commit);
    HttpResponse<String> again = ask(token, "POST", path, commit);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(shop.rows("SELECT count(*) FROM stock.toys", new ReadView.OfRun(run)).get(0)[0])
        .isEqualTo(4L);

    assertThatThrownBy(
            () ->
                stale
                    .newOverwrite()
                    .validateFromSnapshot(before)
                    .validateNoConflictingData()
                    .overwriteByRowFilter(org.apache.iceberg.expressions.Expressions.alwaysTrue())
                    .commit())
        .isInstanceOf(org.apache.iceberg.exceptions.ValidationException.class);
    assertThat(
            ask(
                    token,
                    "POST",
                    path,
                    "{\"requirements\":[{\"type\":\"assert-ref-snapshot-id\",\"ref\":\"main\",\"snapshot-id\":%d}],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"a\":\"b\"}}]}"
                        .formatted(before))
                .body())
        .contains("\"code\":409", "CommitFailedException");
  }

  @Test
  void refusesFilesAndColumnsThatCouldNotBeReadHere() throws IOException {
    String run = shop.open();
    RESTCatalog catalog = ofRun(run);
    Table gifts = catalog.createTable(TableIdentifier.of("partners", "gifts"), GIFTS);
    DataFile good = ForeignRows.file(gifts, new Object[] {1L, 1.0});
    Path elsewhere = folder.resolve("elsewhere.parquet");
    Files.copy(Path.of(good.location()), elsewhere);
    Path torn = Path.of(gifts.location(), "data", "torn.parquet");
    Files.write(torn, "PAR1".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    refused(gifts, at(gifts, good, elsewhere.toString()), "outside of its folder");
    refused(gifts, at(gifts, good, gifts.location() + "/../../x.parquet"), "outside of its folder");
    refused(gifts, at(gifts, good, gifts.location() + "/data/no.parquet"), "which is not there");
    refused(gifts, at(gifts, good, torn.toString()), "bytes, but it has 4");
    refused(
        gifts,
        DataFiles.builder(gifts.spec())
            .withPath(torn.toString())
            .withFileSizeInBytes(4)
            .withRecordCount(1)
            .withFormat("parquet")
            .build(),
        "is not read as Parquet");
    assertThatThrownBy(
            () ->
                gifts
                    .newRowDelta()
                    .addDeletes(
                        FileMetadata.deleteFileBuilder(gifts.spec())
                            .ofEqualityDeletes(1)
                            .withPath(good.location())
                            .withFileSizeInBytes(good.fileSizeInBytes())
                            .withRecordCount(1)
                            .withFormat("parquet")
                            .build())
                    .commit())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("equality deletes");
    assertThatThrownBy(() -> gifts.updateSchema().addColumn("at", Types.TimeType.get()).commit())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("column at of type time");
    assertThatThrownBy(() -> gifts.updateProperties().set("format-version", "3").commit())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("version 3");
    assertThatThrownBy(() -> catalog.createTable(TableIdentifier.of("partners", "Étrennes"), GIFTS))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("letters from a to z");
    assertThatThrownBy(() -> catalog.dropTable(TOYS)).hasMessageContaining("which is published");
    gifts.refresh();
    assertThat(gifts.currentSnapshot()).isNull();
  }

  private static DataFile at(Table table, DataFile file, String path) {
    return DataFiles.builder(table.spec()).copy(file).withPath(path).build();
  }

  private static void refused(Table table, DataFile file, String why) {
    assertThatThrownBy(() -> table.newAppend().appendFile(file).commit())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(why);
    table.refresh();
  }

  @Test
  void writesForAnAttemptAsLongAsItIsTheCurrentOne() throws IOException {
    String run = shop.open();
    String ticket = shop.ticket(run);
    RESTCatalog catalog = shop.catalog("/runs/" + run, ticket);
    Table gifts = catalog.createTable(TableIdentifier.of("partners", "byticket"), GIFTS);

    assertThat(ask(ticket, "GET", "/v1/namespaces/stock/tables/toys", "").statusCode())
        .isEqualTo(200);
    assertThat(ask(ticket, "GET", "/runs/another/v1/config", "").body())
        .contains("\"code\":403", "is for the catalog of run " + run);

    DataFile late = ForeignRows.file(gifts, new Object[] {1L, 1.0});
    shop.platform()
        .metadata()
        .jdbi()
        .useHandle(
            h ->
                h.execute("UPDATE attempt SET worker_id = worker_id + 1000 WHERE run_id = ?", run));
    assertThatThrownBy(() -> gifts.newAppend().appendFile(late).commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("not the current one any more");
    shop.platform()
        .metadata()
        .jdbi()
        .useHandle(
            h ->
                h.execute("UPDATE attempt SET worker_id = worker_id - 1000 WHERE run_id = ?", run));
    gifts.refresh();
    assertThat(gifts.currentSnapshot()).isNull();
    shop.platform().others().writers().end(ticket);
    assertThat(ask(ticket, "GET", "/v1/config", "").statusCode()).isEqualTo(401);
  }

  @Test
  void readsAllOfAJobAsOfOneMomentAndMarksWhatItCommits() throws IOException {
    String run = shop.open();
    Warehouse warehouse = shop.platform().warehouse();
    OpenJob job = new OpenJob(Map.of("ecluse.job", "j1"), Optional.of(warehouse.moment()));
    String ticket = shop.platform().others().writers().ticket(run, Fence.NONE, job);
    RESTCatalog catalog = shop.catalog("/runs/" + run, ticket);
    long before = catalog.loadTable(TOYS).currentSnapshot().snapshotId();
    TableName toys = new TableName("stock", "toys");
    List<Column> columns =
        warehouse.columns(toys).orElseThrow().stream().map(TableColumn::column).toList();
    try (StagedTable table = warehouse.stage("meanwhile", toys, columns)) {
      table.replaceWith(List.of());
    }

    warehouse.publish("meanwhile");

    assertThat(ForeignRows.read(published().loadTable(TOYS))).isEmpty();
    Table seen = catalog.loadTable(TOYS);
    assertThat(seen.currentSnapshot().snapshotId()).isEqualTo(before);
    assertThat(catalog.listTables(Namespace.of("stock"))).containsExactly(TOYS);
    assertThat(catalog.loadView(TableIdentifier.of("marts", "dear"))).isNotNull();
    seen.newAppend()
        .appendFile(ForeignRows.file(seen, new Object[] {4L, 1.0, "west"}))
        .set("ecluse.batch", "forged")
        .commit();
    assertThat(catalog.loadTable(TOYS).currentSnapshot().summary())
        .containsEntry("ecluse.job", "j1")
        .doesNotContainKey("ecluse.batch");
    assertThat(warehouse.overtaken(run)).as("it continues what is not there").contains(toys);
    warehouse.rollBack("meanwhile");
    shop.platform().others().writers().end(ticket);
  }

  @Test
  void refusesWritersFromOutsideOnceATestHasBegun() throws IOException {
    String run = shop.open();
    Table toys = ofRun(run).loadTable(TOYS);
    DataFile file = ForeignRows.file(toys, new Object[] {4L, 1.0, "west"});
    shop.platform()
        .metadata()
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "UPDATE task_instance SET state = 'retrying', next_at = now() + interval '1 day' WHERE run_id = ? AND kind = 'audit'",
                    run));

    assertThatThrownBy(() -> toys.newAppend().appendFile(file).commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("nothing more is written from outside");
  }
}
