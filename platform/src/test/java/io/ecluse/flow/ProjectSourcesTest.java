package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.decode.FileParts;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.ProjectReader;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.source.Source;
import io.ecluse.source.SourceTools;
import io.ecluse.source.http.ApiServer;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a project's files say of a source is what the source does. */
class ProjectSourcesTest {
  @TempDir Path folder;
  private EngineSettings settings;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws IOException {
    Warehouse unused =
        new Warehouse(Jdbi.create("jdbc:none"), "test", folder.resolve("warehouse"), new Disk());
    settings =
        new EngineSettings(
            128L << 20, 1, folder.resolve("spill"), 1L << 30, List.of(folder.resolve("staging")));
    engine = new DuckDbEngine(settings, unused);
    write("ecluse.yaml", "name: school\n");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, Charset.forName("windows-1252"));
  }

  private Source source(String yaml) throws IOException {
    write("sources/erp.yaml", yaml);
    Map<String, String> variables =
        Map.of("PLACE", "exports", "ECLUSE_SECRET_WORD", "the-password");
    return new ProjectSources(
            () ->
                new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                    .read(folder)
                    .orThrow(),
            Registrations.builtIn().sourceTypes(),
            new LocalSecrets(variables, folder),
            new SourceTools(
                new Landing.Stage(
                    new StagingArea(folder.resolve("staging")), engine.parts(), Clock.systemUTC()),
                new FileParts(settings)))
        .source("erp");
  }

  private static BatchManifest extract(Source source, String id) {
    return source
        .extract(
            new ExtractRequest(id, "run", List.of(), RowsWanted.AS_PLANNED), new SilentListener())
        .get(0);
  }

  private static List<String> columns(BatchManifest batch) {
    return batch.columns().stream()
        .map(c -> c.column().name() + " " + c.column().type().sql())
        .toList();
  }

  @Test
  void repeatsNoSecretOfAParameterOrABodyThatAnApiRepeats() throws IOException {
    try (ApiServer server = new ApiServer()) {
      server.on(
          "/key",
          r -> ApiServer.Answer.status(400, "text/plain", "no such key: " + r.param("key")));
      server.on("/post", r -> ApiServer.Answer.status(400, "text/plain", "what? " + r.body()));
      for (String stream :
          List.of(
              "{ path: /key, params: { key: \"${secret:WORD}\" } }",
              "{ path: /post, method: POST, body: { key: \"k-${secret:WORD}\" } }")) {
        Source source =
            source(
                """
                type: http
                connection: { url: "%s" }
                streams:
                  lessons: %s
                """
                    .formatted(server.url(), stream));

        assertThatThrownBy(() -> extract(source, "x1"))
            .hasMessageContaining("***")
            .hasMessageNotContaining("the-password");
      }
    }
  }

  @Test
  void postsTheBodyThatTheFileSays() throws IOException {
    try (ApiServer server = new ApiServer()) {
      server.on(
          "/graphql",
          r ->
              ApiServer.Answer.json(
                  r.body().contains("\"page\":1")
                      ? "{\"data\": {\"nodes\": [{\"id\": 1}]}}"
                      : "{\"data\": {\"nodes\": []}}"));
      Source source =
          source(
              """
              type: http
              connection: { url: "%s" }
              streams:
                lessons:
                  path: /graphql
                  method: POST
                  body:
                    query: "{ nodes(at: \\"${env:PLACE}\\") { id } }"
                    variables: { word: "${secret:WORD}", n: 1.50, all: true, none: ~, list: [1, a] }
                  records: /data/nodes
                  paging: { kind: page, size: 5, size_param: /variables/size }
              """
                  .formatted(server.url()));

      extract(source, "x1");

      assertThat(server.requests().get(0).body())
          .isEqualTo(
              "{\"query\":\"{ nodes(at: \\\"exports\\\") { id } }\","
                  + "\"variables\":{\"word\":\"the-password\",\"n\":1.50,\"all\":true,\"none\":null,\"list\":[1,\"a\"],\"size\":5},"
                  + "\"page\":1}");
    }
  }

  @Test
  void readsFilesAsTheProjectSays() throws IOException {
    write("exports/1.data", "1|'a|é'|-\n");
    Source source =
        source(
            """
            type: files
            location: ${env:PLACE}
            streams:
              rooms:
                files: "*.data"
                mode: new_files
                format: csv
                encoding: windows-1252
                csv: { delimiter: "|", quote: "'", header: false, null: "-" }
                columns: { column0: { type: "decimal(5,1)" } }
            """);

    BatchManifest first = extract(source, "x1");
    write("exports/2.data", "2|b|3\n");
    BatchManifest second = extract(source, "x2");

    assertThat(columns(first))
        .containsExactly("column0 DECIMAL(5,1)", "column1 VARCHAR", "column2 VARCHAR");
    assertThat(columns(second))
        .containsExactly("column0 DECIMAL(5,1)", "column1 VARCHAR", "column2 BIGINT");
    assertThat(first.parts().get(0).origin().orElseThrow().reading())
        .isEqualTo("csv, delimiter |, quote ', no header, windows-1252");
    assertThat(second.rows()).isEqualTo(2);
  }

  @Test
  void readsAnyDatabaseAsTheProjectSays() throws IOException, SQLException {
    String url = "jdbc:h2:file:" + folder.resolve("library");
    try (Connection connection = DriverManager.getConnection(url, "reader", "the-password");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA shelf");
      statement.execute("CREATE TABLE shelf.books (id INT)");
      statement.execute("CREATE TABLE others (id INT)");
    }
    Source source =
        source(
            """
            type: jdbc
            connection: { url: "%s", user: reader, password: "${secret:WORD}" }
            schema: SHELF
            """
                .formatted(url));

    assertThat(source.streams()).extracting(s -> s.name()).containsExactly("BOOKS");
    assertThat(columns(extract(source, "x1"))).containsExactly("ID INTEGER");
  }

  @Test
  void looksForMariaDbWhereTheProjectSays() throws IOException {
    Source source =
        source(
            """
            type: mariadb
            connection: { host: 127.0.0.1, port: 1, database: shop, user: reader, password: "${secret:WORD}" }
            extract: { connect_timeout: 2s }
            """);

    assertThatThrownBy(() -> extract(source, "x1"))
        .hasMessageContaining("no MariaDB answers")
        .hasMessageContaining("127.0.0.1")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
  }

  @Test
  void asksAnApiAsTheProjectSays() throws IOException {
    try (ApiServer server = new ApiServer()) {
      server
          .on("/token", r -> ApiServer.Answer.json("{\"access_token\": \"t1\"}"))
          .on(
              "/api/v1/lessons",
              r ->
                  ApiServer.Answer.json(
                      r.param("skip").equals("0")
                          ? "{\"all\": [{\"id\": 1, \"at\": \"2026-01-02T00:00:00Z\"}]}"
                          : "{\"all\": []}"));
      Source source =
          source(
              """
              type: http
              connection:
                url: "%1$s/api/v1"
                headers: { X-School: "3" }
                auth:
                  kind: oauth2
                  token_url: "%1$s/token"
                  client_id: ecluse
                  client_secret: "${secret:WORD}"
                  client_auth: body
              extract: { max_requests: 1000/s, retries: 0, max_bytes: 1MB, max_pages: 5 }
              streams:
                lessons:
                  path: /lessons
                  params: { place: "${env:PLACE}", deep: true, year: 2026 }
                  records: /all
                  paging: { kind: offset, param: skip, size_param: limit, size: 10 }
                  mode: incremental
                  cursor: at
                  since: changed_since
                  look_back: 1d
                  primary_key: [id]
                  columns: { room: { type: integer } }
              """
                  .formatted(server.url()));

      BatchManifest first = extract(source, "x1");
      extract(source, "x2");

      assertThat(columns(first)).containsExactly("id BIGINT", "at TIMESTAMPTZ", "room INTEGER");
      ApiServer.Request token = server.requests().get(0);
      assertThat(token.body()).contains("client_id=ecluse", "client_secret=the-password");
      ApiServer.Request asked = server.requests().get(1);
      assertThat(asked.params())
          .containsEntry("place", "exports")
          .containsEntry("deep", "true")
          .containsEntry("year", "2026")
          .containsEntry("limit", "10")
          .doesNotContainKey("changed_since");
      assertThat(asked.header("Authorization")).isEqualTo("Bearer t1");
      assertThat(asked.header("X-School")).isEqualTo("3");
      assertThat(server.requests().get(4).param("changed_since")).isEqualTo("2026-01-01T00:00:00Z");
    }
  }

  @Test
  void takesNoUrlThatHoldsAPassword() {
    assertThatThrownBy(
            () ->
                source(
                    """
                    type: http
                    connection: { url: "https://reader:${secret:WORD}@localhost/api" }
                    streams: { lessons: { path: /lessons } }
                    """))
        .hasMessageContaining("sources/erp.yaml: connection.url is not as https://host/path")
        .hasMessageNotContaining("the-password");
  }
}
