package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Results as files, opened as a spreadsheet opens them. */
@Timeout(180)
class ExportTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String VALUES =
      """
      SELECT 1 AS id, '=HYPERLINK("http://x","y")' AS "=name", 1234567.5 AS amount, 0.1::DOUBLE AS rate,
        DATE '2024-09-01' AS day, TIMESTAMP '2024-09-01 10:30:15' AS at, true AS ok, 9007199254740993 AS large
      UNION ALL SELECT 2, '+33612345678', -12.25, -1e-7::DOUBLE, DATE '1789-07-14', NULL, false, 3
      UNION ALL SELECT 3, '-2;3', NULL, 'NaN'::DOUBLE, NULL, TIMESTAMP '2024-09-01 10:30:15.123456', NULL, NULL
      UNION ALL SELECT 4, '@SUM(A1)', 0, 2, NULL, NULL, NULL, NULL
      UNION ALL SELECT 5, chr(9) || '=1', 0, 2, NULL, NULL, NULL, NULL
      UNION ALL SELECT 6, 'Zoé "la" _x0041_' || chr(7), 0, 1e20, NULL, NULL, NULL, NULL
      UNION ALL SELECT 7, '', 0, 2, NULL, NULL, NULL, NULL
      ORDER BY id
      """;

  @TempDir static Path temp;
  private static BlankServer blank;
  private static WebServer server;
  private static String token;
  private static String query;

  @BeforeAll
  static void serve() {
    blank = BlankServer.open(temp.resolve("blank"));
    server = blank.serve(new WebSettings("127.0.0.1", 0));
    token = blank.tokens().newBearer("test");
    query = run(VALUES);
  }

  @AfterAll
  static void stop() {
    server.close();
    blank.close();
  }

  private static HttpRequest.Builder request(String path) {
    return BlankServer.request(server, path).header("Authorization", "Bearer " + token);
  }

  private static String run(String sql) {
    String body = JSON.createObjectNode().put("sql", sql).toString();
    JsonNode state =
        JSON.readTree(
            BlankServer.send(
                    request("/api/v1/queries").POST(HttpRequest.BodyPublishers.ofString(body)))
                .body());
    String path = "/api/v1/queries/" + state.path("id").asString();
    while (state.path("state").asString().equals("running")) {
      state = JSON.readTree(BlankServer.send(request(path)).body());
    }
    assertThat(state.path("state").asString()).as(state.toString()).isEqualTo("done");
    return path + "/export?format=";
  }

  private static HttpResponse<String> export(String path) {
    HttpResponse<String> response = BlankServer.send(request(path));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  private static List<Row> sheet(String path) throws IOException {
    try {
      HttpResponse<byte[]> response =
          BlankServer.HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
      assertThat(response.statusCode()).isEqualTo(200);
      try (ReadableWorkbook book =
          new ReadableWorkbook(new ByteArrayInputStream(response.body()))) {
        return book.getFirstSheet().read();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void writesCsvThatAFrenchSpreadsheetOpens() {
    String csv = export(query + "csv-excel-fr").body();
    assertThat(csv).startsWith("\uFEFFid;'=name;amount;rate;day;at;ok;large\r\n");
    assertThat(csv.split("\r\n"))
        .containsExactly(
            "\uFEFFid;'=name;amount;rate;day;at;ok;large",
            "1;\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\";1234567,50;0,1;2024-09-01;2024-09-01 10:30:15;VRAI;9007199254740993",
            "2;'+33612345678;-12,25;-1,0E-7;1789-07-14;;FAUX;3",
            "3;\"'-2;3\";;NaN;;2024-09-01 10:30:15.123456;;",
            "4;'@SUM(A1);0,00;2;;;;",
            "5;'\t=1;0,00;2;;;;",
            "6;\"Zoé \"\"la\"\" _x0041_\u0007\";0,00;1,0E20;;;;",
            "7;\"\";0,00;2;;;;");
  }

  @Test
  void writesJsonThatEveryReaderTakesWithNumbersThatItLacksAsTexts() {
    String path =
        run(
            "select 'nan'::double as \"N\", 'inf'::float as i, [1.5, '-inf'::double] as l,"
                + " {'I': 'nan'::double} as s, 'say \"NaN\", \\Infinity' as t, -2 as m");
    JsonNode row = JSON.readTree(export(path + "json").body()).get(0);
    assertThat(row.toString())
        .isEqualTo(
            "{\"N\":\"NaN\",\"i\":\"Infinity\",\"l\":[1.5,\"-Infinity\"],\"s\":{\"I\":\"NaN\"},\"t\":\"say \\\"NaN\\\", \\\\Infinity\",\"m\":-2}");
  }

  @Test
  void writesArrowWithTheTypeOfEveryColumn() throws Exception {
    String path = run("select 1::bigint as n, [1.50::decimal(10,2)] as prices, null::varchar as w");
    HttpResponse<byte[]> response =
        BlankServer.HTTP.send(
            request(path + "arrow").build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.headers().firstValue("content-type"))
        .contains("application/vnd.apache.arrow.stream");
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader in =
            new ArrowStreamReader(new ByteArrayInputStream(response.body()), allocator)) {
      assertThat(in.getVectorSchemaRoot().getSchema().getFields())
          .extracting(f -> f.getName() + " " + f.getType())
          .containsExactly("n Int(64, true)", "prices List", "w Utf8");
      assertThat(in.loadNextBatch()).isTrue();
      assertThat(in.getVectorSchemaRoot().getVector("prices").getObject(0)).hasToString("[1.50]");
    }
  }

  @Test
  void writesWorkbooksWithValuesOfTheirKinds() throws IOException {
    List<Row> rows = sheet(query + "xlsx");
    assertThat(rows).hasSize(8);
    assertThat(rows.get(0).getCell(1).asString()).isEqualTo("'=name");
    Row first = rows.get(1);
    assertThat(first.getCell(0).asNumber().intValueExact()).isEqualTo(1);
    assertThat(first.getCell(1).getType()).isEqualTo(CellType.STRING);
    assertThat(first.getCell(1).asString()).isEqualTo("'=HYPERLINK(\"http://x\",\"y\")");
    assertThat(first.getCell(2).asNumber()).isEqualByComparingTo("1234567.5");
    assertThat(first.getCell(4).asDate()).isEqualTo(LocalDateTime.parse("2024-09-01T00:00:00"));
    assertThat(first.getCell(5).asDate()).isEqualTo(LocalDateTime.parse("2024-09-01T10:30:15"));
    assertThat(first.getCell(6).asBoolean()).isTrue();
    assertThat(first.getCell(7).asString()).as("all digits").isEqualTo("9007199254740993");
    assertThat(rows.get(2).getCell(1).asString()).isEqualTo("'+33612345678");
    assertThat(rows.get(2).getCell(4).asString()).isEqualTo("1789-07-14");
    assertThat(rows.get(3).getCell(3).asString()).isEqualTo("NaN");
    assertThat(rows.get(5).getCell(1).asString()).isEqualTo("'\t=1");
    for (Row row : rows) {
      assertThat(row.stream().filter(c -> c != null).map(Cell::getType))
          .doesNotContain(CellType.FORMULA);
    }
    assertThat(sheet(query + "xlsx&neutralise=false").get(1).getCell(1).asString())
        .startsWith("=HYPERLINK");
  }

  @Test
  void neutralisesPlainCsvOnRequest() {
    assertThat(export(query + "csv").body()).contains("=HYPERLINK").doesNotContain("'=HYPERLINK");
    assertThat(export(query + "csv&neutralise=true").body().lines())
        .contains("2,'+33612345678,-12.25,-1.0E-7,1789-07-14,,false,3");
    String one = run("SELECT '+33612345678' AS phone");
    assertThat(JSON.readTree(export(one + "json").body()).get(0).path("phone").asString())
        .isEqualTo("+33612345678");
    assertThat(export(query + "parquet").body()).startsWith("PAR1");
  }

  @Test
  void namesFilesByWhatTheyAreAndByNothingElse() {
    assertThat(disposition(query + "csv-excel-fr"))
        .containsPattern("blank-query-\\d{4}-\\d\\d-\\d\\d-\\d{4}\\.csv");
    assertThat(disposition(query + "xlsx&name=Pr%C3%A9sence%20par%20mois"))
        .contains("filename*=UTF-8''Pr%C3%A9sence%20par%20mois.xlsx");
    for (String odd :
        List.of(
            "x\"; filename=\"evil.exe",
            "a\r\nSet-Cookie: b=c",
            "../../etc/passwd",
            "..",
            "x".repeat(5000),
            "evil\u202Efdp.exe")) {
      HttpResponse<String> answer =
          export(query + "csv&name=" + URLEncoder.encode(odd, StandardCharsets.UTF_8));
      String said = answer.headers().firstValue("Content-Disposition").orElseThrow();
      assertThat(said)
          .as(odd)
          .hasSizeLessThan(400)
          .doesNotContain("evil.exe\"")
          .doesNotContain("..")
          .doesNotContain("/etc")
          .doesNotContain("%E2%80%AE");
      assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
      assertThat(answer.headers().allValues("Cross-Origin-Resource-Policy"))
          .containsExactly("same-origin");
    }
  }

  private static String disposition(String path) {
    return export(path).headers().firstValue("Content-Disposition").orElseThrow();
  }

  @Test
  void saysWhatDoesNotFitAndLeavesNoFile() throws IOException {
    assertThat(BlankServer.send(request(query + "xls")).statusCode()).isEqualTo(400);
    String many = run("SELECT range AS i FROM range(1048577)");
    HttpResponse<String> rows = BlankServer.send(request(many + "xlsx"));
    assertThat(rows.statusCode()).isEqualTo(409);
    assertThat(rows.body()).contains("1048575").contains("csv");
    String wide = run("SELECT repeat('x', 40000) AS story");
    HttpResponse<String> text = BlankServer.send(request(wide + "xlsx"));
    assertThat(text.statusCode()).isEqualTo(409);
    assertThat(text.body()).contains("story").contains("32767");
    try (Stream<Path> left = Files.walk(temp.resolve("blank/.ecluse/spill"))) {
      assertThat(left.filter(f -> f.toString().endsWith(".export"))).isEmpty();
    }
    assertThat(export(many + "csv-excel-fr").body().lines().count()).isEqualTo(1_048_578);
  }
}
