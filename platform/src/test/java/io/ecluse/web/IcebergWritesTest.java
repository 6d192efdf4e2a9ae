package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines of others at a server: what becomes of what they write in a run. */
@Timeout(240)
class IcebergWritesTest extends DoorLab {
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
