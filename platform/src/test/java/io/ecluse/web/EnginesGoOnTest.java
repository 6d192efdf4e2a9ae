package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.access.Policy;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.Effect;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.S3Server;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines of others that have begun something, and then their token, or the tables, have gone. */
@Timeout(240)
class EnginesGoOnTest {
  private static final TableIdentifier TOYS = TableIdentifier.of("stock", "toys");
  private static final Schema COLUMNS =
      new Schema(
          NestedField.optional(1, "id", Types.LongType.get()),
          NestedField.optional(2, "weight", Types.DoubleType.get()));

  @TempDir static Path folder;
  private static OutsideFixture shop;

  @BeforeAll
  static void open() throws IOException {
    shop = new OutsideFixture(folder, Policy.OPEN, OutsideFixture.reachingS3());
    Run daily = shop.daily();
    assertThat(daily.state()).as(String.valueOf(daily.error())).isEqualTo(RunState.SUCCESS);
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static String token(String name) {
    return shop.platform().tokens().newBearer(name);
  }

  private static int keyed(String who, String path, String body) {
    return BlankServer.send(
            BlankServer.request(shop.server(), "/iceberg" + path)
                .header("Authorization", "Bearer " + who)
                .header("Idempotency-Key", "0190a1b2-c3d4-7e5f-8a9b-000000000001")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .statusCode();
  }

  @Test
  void aWriterWhoseTokenHasExpiredIsToldSoAndGoesOnWithAnother() throws IOException {
    String old = token("partner");
    String run = shop.open();
    TableIdentifier name = TableIdentifier.of("partners", "cards");
    Table before = shop.catalog("/runs/" + run, old).createTable(name, COLUMNS);
    DataFile file = ForeignRows.file(before, new Object[] {1L, 2.5});
    AppendFiles append = before.newAppend().appendFile(file);
    shop.platform()
        .metadata()
        .jdbi()
        .useHandle(h -> h.execute("UPDATE access_token SET expires_at = now() - interval '1 s'"));

    assertThatThrownBy(append::commit)
        .isInstanceOf(NotAuthorizedException.class)
        .hasMessageContaining(
            "A bearer token is needed that is good: ecluse token NAME prints one");
    String made = "{\"namespace\":[\"later\"]}";
    String namespaces = "/runs/" + run + "/v1/namespaces";
    assertThat(keyed(old, namespaces, made)).isEqualTo(401);

    String fresh = token("partner");
    assertThat(keyed(fresh, namespaces, made)).isEqualTo(200);
    assertThat(keyed(fresh, namespaces, made)).isEqualTo(200);
    Table after = shop.catalog("/runs/" + run, fresh).loadTable(name);
    assertThat(after.snapshots()).isEmpty();
    after.newAppend().appendFile(file).commit();
    assertThatThrownBy(append::commit).isInstanceOf(NotAuthorizedException.class);
    assertThat(shop.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows("SELECT * FROM partners.cards", ReadView.PUBLISHED))
        .containsExactly(new Object[] {1L, 2.5});
  }

  /** With keys of its own, or without, by requests that are signed. */
  private static RESTCatalog client(String path, String token, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(OutsideFixture.S3_CLIENT);
    all.remove("io-impl"); // by the scheme of each file
    all.putAll(more);
    return shop.catalog(path, token, all);
  }

  @Test
  void readAndWriteOnAfterTheTablesWereTakenElsewhere() throws IOException {
    String token = token("reader");
    Map<String, String> keys =
        Map.of(
            "s3.access-key-id",
            S3Server.KEY,
            "s3.secret-access-key",
            S3Server.SECRET,
            "s3.endpoint",
            S3Server.shared().endpoint(),
            "s3.path-style-access",
            "true",
            "client.region",
            "us-east-1");
    RESTCatalog owner = client("", token, keys);
    Table held = owner.loadTable(TOYS);
    List<List<Object>> rows = ForeignRows.read(held);
    String run = shop.open();
    TableIdentifier name = TableIdentifier.of("partners", "gifts");
    Table gifts = client("/runs/" + run, token, keys).createTable(name, COLUMNS);
    gifts.newAppend().appendFile(ForeignRows.file(gifts, new Object[] {1L, 1.0})).commit();
    AppendFiles begun =
        gifts.newAppend().appendFile(ForeignRows.file(gifts, new Object[] {2L, 2.0}));

    String s3 = "s3://" + S3Server.shared().newBucket() + "/lake/dev";
    shop.platform().warehouse().relocation().move(s3, new Relocation.Asked(p -> {}, () -> false));

    assertThat(ForeignRows.read(held)).as("what was loaded before").isEqualTo(rows);
    held.refresh();
    assertThat(held.location()).startsWith(s3);
    assertThat(ForeignRows.read(held)).as("refreshed").isEqualTo(rows);
    RESTCatalog guest =
        client("", token, Map.of("header.X-Iceberg-Access-Delegation", "remote-signing"));
    assertThat(ForeignRows.read(guest.loadTable(TOYS))).as("connected again").isEqualTo(rows);

    assertThatThrownBy(begun::commit)
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("which is not there");
    Table again = client("/runs/" + run, token, keys).loadTable(name);
    assertThat(again.location()).startsWith(s3);
    again.newAppend().appendFile(ForeignRows.file(again, new Object[] {2L, 2.0})).commit();
    assertThat(ForeignRows.read(again)).hasSize(2);
    assertThat(shop.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows("SELECT * FROM partners.gifts ORDER BY id", ReadView.PUBLISHED))
        .containsExactly(new Object[] {1L, 1.0}, new Object[] {2L, 2.0});
    shop.platform().maintenance().run(Effect.REMOVE);
    Table published = guest.loadTable(name);
    assertThat(ForeignRows.read(published)).hasSize(2);
    try (CloseableIterable<FileScanTask> files = published.newScan().planFiles()) {
      assertThat(files).allMatch(file -> file.file().location().startsWith(s3));
    }
  }
}
