package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a server over the demo by HTTP. */
abstract class ApiClient {
  static final JsonMapper JSON = JsonMapper.shared();
  static final HttpClient HTTP = HttpClient.newHttpClient();
  @TempDir static Path temp;
  static DemoFixture demo;
  static WebServer server;
  static String token;
  static String run;

  @BeforeAll
  static void serve() {
    demo = DemoFixture.open(temp.resolve("supinfo"), 0.1);
    var first = demo.run();
    assertThat(first.state()).as(String.valueOf(first.error())).isEqualTo(RunState.SUCCESS);
    run = first.id();
    demo.platform().starts().followSchedules();
    server = WebServer.start(demo.platform(), new WebSettings("127.0.0.1", 0));
    token = demo.platform().tokens().newBearer("test");
  }

  @AfterAll
  static void stop() {
    server.close();
    demo.close();
  }

  static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .header("Content-Type", "application/json");
  }

  static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static HttpResponse<String> get(String path) {
    return send(request(path).header("Authorization", "Bearer " + token).build());
  }

  static JsonNode json(String path) {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  static HttpResponse<String> post(String path, String body) {
    return send(
        request(path)
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  static JsonNode query(String sql) {
    JsonNode query =
        JSON.readTree(
            post("/api/v1/queries", JSON.createObjectNode().put("sql", sql).toString()).body());
    while (query.path("state").asString("").equals("running")) {
      query = json("/api/v1/queries/" + query.path("id").asString());
    }
    return query;
  }
}
