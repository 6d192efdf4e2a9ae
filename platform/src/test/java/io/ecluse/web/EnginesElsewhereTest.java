package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.access.Policy;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.storage.S3Server;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines of others, which have keys of their own, and tables that are not on this machine. */
@Timeout(400)
class EnginesElsewhereTest {
  private static final Schema COLUMNS =
      new Schema(
          NestedField.optional(1, "id", Types.LongType.get()),
          NestedField.optional(2, "weight", Types.DoubleType.get()));

  @TempDir static Path folder;
  private static OutsideFixture school;
  private static String token;

  @BeforeAll
  static void open() throws IOException {
    school = new OutsideFixture(folder.resolve("s3"), Policy.OPEN, OutsideFixture.onS3());
    token = begin(school);
  }

  private static String begin(OutsideFixture shop) {
    Run daily = shop.daily();
    assertThat(daily.state()).as(String.valueOf(daily.error())).isEqualTo(RunState.SUCCESS);
    return shop.platform().tokens().newBearer("partner");
  }

  @AfterAll
  static void close() {
    if (school != null) {
      school.close();
    }
  }

  private static Map<String, String> client(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(OutsideFixture.S3_CLIENT);
    all.putAll(more);
    return all;
  }

  @Test
  void readAndWriteOnS3WithKeysOfTheirOwn() throws IOException {
    Map<String, String> keys =
        Map.of("s3.access-key-id", S3Server.KEY, "s3.secret-access-key", S3Server.SECRET);
    flows(school, token, client(keys), "owners");
  }

  @Test
  void readAndWriteOnS3WithoutKeysByRequestsThatAreSigned() throws IOException {
    Map<String, String> signed =
        client(Map.of("header.X-Iceberg-Access-Delegation", "remote-signing"));
    flows(school, token, signed, "guests");

    String run = school.open();
    Table large = school.catalog("/runs/" + run, token, signed).loadTable(name("guests"));
    try (OutputStream out =
        large.io().newOutputFile(large.location() + "/data/large.parquet").create()) {
      out.write(new byte[40 << 20]); // by several parts
    }
    assertThat(large.io().newInputFile(large.location() + "/data/large.parquet").getLength())
        .isEqualTo(40 << 20);
    Transaction made =
        school
            .catalog("/runs/" + run, token, signed)
            .newCreateTableTransaction(name("made"), COLUMNS);
    made.newAppend().appendFile(ForeignRows.file(made.table(), new Object[] {1L, 1.0})).commit();
    made.commitTransaction();
    assertThat(school.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(school.rows("SELECT * FROM partners.made", ReadView.PUBLISHED)).hasSize(1);
  }

  @Test
  void readAndWriteOnS3InPython() throws IOException {
    PythonEngines python = PythonEngines.install(folder);
    PythonEngines signed =
        python.with(
            Map.of(
                "PROPERTIES",
                "{\"header.X-Iceberg-Access-Delegation\":\"remote-signing\"}",
                "PYICEBERG_MAX_WORKERS",
                "1")); // its threads take each other's signer away
    PythonEngines keys =
        python.with(
            Map.of(
                "PROPERTIES",
                "{\"s3.access-key-id\":\"%s\",\"s3.secret-access-key\":\"%s\"}"
                    .formatted(S3Server.KEY, S3Server.SECRET),
                "AWS_REQUEST_CHECKSUM_CALCULATION",
                "when_required",
                "SETUP",
                "CREATE SECRET (TYPE s3, KEY_ID '%s', SECRET '%s', ENDPOINT '127.0.0.1:%d', URL_STYLE path, USE_SSL false)"
                    .formatted(S3Server.KEY, S3Server.SECRET, S3Server.shared().port())));
    String url = school.server().url() + "/iceberg";
    List<String> kinds = signed.ask("read-pyiceberg", url, token, "marts.kinds");

    assertThat(kinds).hasSize(2).anyMatch(row -> row.contains("Noël 🎄"));
    assertThat(keys.ask("read-pyiceberg", url, token, "marts.kinds")).isEqualTo(kinds);
    assertThat(keys.ask("read-duckdb", url, token, "marts.kinds")).isEqualTo(kinds);

    String run = school.open();
    String inRun = url + "/runs/" + run;
    signed.ask("write-pyiceberg", inRun, token, "partners.signed");
    keys.ask("write-pyiceberg", inRun, token, "partners.keys");
    keys.ask("write-duckdb", inRun, token, "partners.signed");
    assertThat(school.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(school.rows("SELECT id FROM partners.signed ORDER BY id", ReadView.PUBLISHED))
        .containsExactly(
            new Object[] {2L},
            new Object[] {3L},
            new Object[] {9L},
            new Object[] {20L},
            new Object[] {21L});
    assertThat(school.rows("SELECT id FROM partners.keys", ReadView.PUBLISHED)).hasSize(3);
  }

  @Test
  void haveNothingSignedThatIsNotTheirs() throws IOException {
    String run = school.open();
    String bucket = school.platform().warehouse().location();
    Table toys =
        school.catalog("", token, client(Map.of())).loadTable(TableIdentifier.of("stock", "toys"));
    Table shops =
        school.catalog("", token, client(Map.of())).loadTable(TableIdentifier.of("marts", "shops"));
    String there = toys.currentSnapshot().manifestListLocation();
    String fresh = toys.location() + "/data/fresh.parquet";
    String any = "/v1/aws/s3/sign";
    String own = "/v1/namespaces/stock/tables/toys/sign";
    String inRun = "/runs/" + run;

    for (String address : List.of(own, any, inRun + own, inRun + any)) {
      assertThat(sign(address, "GET", there, "")).startsWith("200").doesNotContain(S3Server.SECRET);
      assertThat(sign(address, "HEAD", there, "?x-id=HeadObject")).startsWith("200");
      assertThat(sign(address, "GET", there, "?acl")).startsWith("403");
      assertThat(sign(address, "GET", there, "?versionId=1")).startsWith("403");
      assertThat(sign(address, "GET", bucket, "?list-type=2&prefix=")).startsWith("403");
      assertThat(
              sign(
                  address,
                  "GET",
                  toys.location() + "/../" + shops.location().replaceFirst(".*/", "") + "/x",
                  ""))
          .startsWith("403");
      assertThat(sign(address, "GET", toys.location() + "/%2e%2e/%2e%2e/x", "")).startsWith("403");
      assertThat(sign(address, "GET", toys.location() + "//x", "")).startsWith("403");
      assertThat(sign(address, "GET", toys.location() + "x/data/y", "")).startsWith("403");
      assertThat(sign(address, "GET", there.replace("/school/", "/other/"), "")).startsWith("403");
      assertThat(sign(address, "DELETE", there, "")).startsWith("403");
      assertThat(sign(address, "PUT", there, "")).matches("(403|409).*");
      assertThat(sign(address, "PUT", fresh, "?tagging")).startsWith("403");
      assertThat(sign(address, "POST", fresh, "?delete")).startsWith("403");
      assertThat(sign(address, "PATCH", fresh, "")).startsWith("403");
      assertThat(sign(address, "PUT", fresh, "", "x-amz-copy-source", there)).startsWith("403");
      assertThat(sign(address, "PUT", fresh, "", "X-Amz-Acl", "public-read")).startsWith("403");
      assertThat(sign(address, "PUT", fresh, ""))
          .startsWith(address.startsWith("/runs") ? "200" : "403");
    }
    assertThat(sign(own, "GET", shops.currentSnapshot().manifestListLocation(), ""))
        .startsWith("403");
    assertThat(sign(any, "GET", shops.currentSnapshot().manifestListLocation(), ""))
        .startsWith("200");
    assertThat(sign(inRun + any, "POST", fresh, "?uploads")).startsWith("200");
    assertThat(sign(inRun + any, "PUT", fresh, "?partNumber=1&uploadId=u")).startsWith("200");
    assertThat(sign("/v1/namespaces/stock/tables/none/sign", "GET", there, "")).startsWith("404");
    assertThat(school.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(sign(inRun + own, "PUT", fresh, "")).startsWith("403").contains("is success");
  }

  /** Asks that a request to the store be signed, and returns what the answer is. */
  private static String sign(
      String address, String method, String location, String query, String... header) {
    String uri = location.replaceFirst("s3:/", S3Server.shared().endpoint()) + query;
    String headers =
        header.length == 0 ? "{}" : "{\"%s\":[\"%s\"]}".formatted(header[0], header[1]);
    HttpResponse<String> answer =
        BlankServer.send(
            BlankServer.request(school.server(), "/iceberg" + address)
                .header("Authorization", "Bearer " + token)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"region\":\"us-east-1\",\"method\":\"%s\",\"uri\":\"%s\",\"headers\":%s}"
                            .formatted(method, uri, headers))));
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void readAndWriteOnHdfs() throws IOException {
    try (OutsideFixture shop =
        new OutsideFixture(folder.resolve("hdfs"), Policy.OPEN, OutsideFixture.onHdfs())) {
      flows(shop, begin(shop), Map.of(), "gifts");
    }
  }

  private static TableIdentifier name(String table) {
    return TableIdentifier.of("partners", table);
  }

  private static void flows(
      OutsideFixture shop, String token, Map<String, String> client, String table)
      throws IOException {
    RESTCatalog published = shop.catalog("", token, client);
    assertThat(ForeignRows.read(published.loadTable(TableIdentifier.of("stock", "toys"))))
        .contains(List.of(1L, 2.5, "north"), List.of(3L, 4.5, "south"));

    String run = shop.open();
    Table gifts = shop.catalog("/runs/" + run, token, client).createTable(name(table), COLUMNS);
    DataFile nan = ForeignRows.file(gifts, new Object[] {1L, Double.NaN}, new Object[] {9L, 7.5});
    gifts.newAppend().appendFile(ForeignRows.withoutNanCounts(gifts, nan, 2, 1, 1)).commit();
    gifts.updateSchema().addColumn("note", Types.StringType.get()).commit();
    gifts.newAppend().appendFile(ForeignRows.file(gifts, new Object[] {3L, 2.0, "été"})).commit();
    refuses(gifts);

    assertThat(shop.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows("SELECT * FROM partners." + table + " ORDER BY id", ReadView.PUBLISHED))
        .containsExactly(
            new Object[] {1L, Double.NaN, null},
            new Object[] {3L, 2.0, "été"},
            new Object[] {9L, 7.5, null});
    Table seen = published.loadTable(name(table));
    assertThat(ForeignRows.read(seen)).hasSize(3);
    try (CloseableIterable<FileScanTask> tasks = seen.newScan().includeColumnStats().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.file().recordCount() == 2) {
          assertThat(task.file().lowerBounds()).containsOnlyKeys(1);
        }
      }
    }
  }

  /** Files that could not be read are found out wherever they are. */
  private static void refuses(Table table) throws IOException {
    DataFile good = ForeignRows.file(table, new Object[] {5L, 1.0, "x"});
    String anonymous = table.location() + "/data/anonymous.parquet";
    String torn = table.location() + "/data/torn.parquet";
    try (OutputStream out = table.io().newOutputFile(torn).create()) {
      out.write("PAR1 and no more of it".getBytes(StandardCharsets.UTF_8));
    }
    long bytes = ForeignRows.withoutIds(table, anonymous);

    refused(
        table,
        DataFiles.builder(table.spec()).copy(good).withPath(torn).build(),
        "bytes, but it has 22");
    refused(table, file(table, torn, 22), "is not read as Parquet");
    refused(table, file(table, anonymous, bytes), "no field ids");
    refused(
        table,
        file(table, table.location() + "/data/none.parquet", 5),
        "none.parquet, which is not there");
    refused(
        table,
        file(table, table.location().replaceFirst("/partners/.*", "/stock/x.parquet"), 5),
        "outside of its folder");
  }

  private static DataFile file(Table table, String path, long bytes) {
    return DataFiles.builder(table.spec())
        .withPath(path)
        .withFileSizeInBytes(bytes)
        .withRecordCount(1)
        .withFormat("parquet")
        .build();
  }

  private static void refused(Table table, DataFile file, String why) {
    assertThatThrownBy(() -> table.newAppend().appendFile(file).commit())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(why);
    table.refresh();
  }
}
