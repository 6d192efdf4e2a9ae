package io.ecluse.web;

import static io.ecluse.web.BlankServer.request;
import static io.ecluse.web.BlankServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.OpenJob;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines of others at a server: what they read, and who may. */
@Timeout(240)
class IcebergDoorTest extends DoorLab {
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
}
