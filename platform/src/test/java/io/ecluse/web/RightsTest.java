package io.ecluse.web;

import static io.ecluse.web.BlankServer.request;
import static io.ecluse.web.BlankServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a policy that is registered refuses and lets through, on a server over the demo. */
@Timeout(300)
class RightsTest {
  /** What is for anybody, as it stands in the description of the API. */
  private static final Set<String> OPEN =
      Set.of(
          "get /api/v1/health",
          "get /api/v1/health/live",
          "get /api/v1/health/ready",
          "get /api/v1/session",
          "post /api/v1/session",
          "delete /api/v1/session",
          "get /api/v1/schemas/{name}.schema.json");

  /** Stewards may do all, pupils see what there is but no row of it, and others nothing. */
  private static final Policy SCHOOL =
      new Policy() {
        @Override
        public boolean permits(Caller caller, Action action, Subject subject) {
          return caller.means() == Caller.Means.SCHEDULE
              || caller.roles().contains("steward")
              || caller.roles().contains("pupil") && action == Action.SEE;
        }

        @Override
        public Set<String> roles(String name) {
          return Map.of("ines", Set.of("steward"), "paul", Set.of("pupil"))
              .getOrDefault(name, Set.of());
        }
      };

  @TempDir static Path temp;
  private static DemoFixture demo;
  private static WebServer server;

  @BeforeAll
  static void serve() {
    demo = DemoFixture.open(temp.resolve("demo"), 0.02, SCHOOL);
    server = WebServer.start(demo.platform(), new WebSettings("127.0.0.1", 0));
  }

  @AfterAll
  static void stop() {
    server.close();
    demo.close();
  }

  private static HttpResponse<String> ask(String token, String method, String path, String body) {
    HttpRequest.Builder request =
        request(server, path)
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return send(request);
  }

  private static JsonNode json(String token, String method, String path, String body) {
    HttpResponse<String> answer = ask(token, method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void everyHandlerAsksThePolicyOrSaysThatItAsksNothing() {
    Set<String> silent = new TreeSet<>();
    for (Class<?> part : WebApplication.class.getAnnotation(Import.class).value()) {
      for (Method method : part.getDeclaredMethods()) {
        if (AnnotatedElementUtils.hasAnnotation(method, RequestMapping.class)
            && method.getAnnotation(Asks.class) == null
            && method.getAnnotation(Asks.Nothing.class) == null) {
          silent.add(method.toString());
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void tellsNumbersToThoseWhoMaySeeTheProject() {
    String nobody = demo.platform().tokens().newBearer("intern-of-metrics");
    assertThat(ask(nobody, "GET", "/metrics", "").statusCode()).isEqualTo(403);
    String paul = demo.platform().tokens().newBearer("paul");
    assertThat(ask(paul, "GET", "/metrics", "").body()).contains("ecluse_workers 1");
  }

  @Test
  void refusesEveryOperationToACallerWithoutRights() {
    String ines = demo.platform().tokens().newBearer("ines");
    String nobody = demo.platform().tokens().newBearer("intern");
    JsonNode paths = json(ines, "GET", "/api/v1/openapi.json", "").path("paths");

    Set<String> open = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (String method : path.getValue().propertyNames()) {
        String operation = method + " " + path.getKey();
        String address = path.getKey().replaceAll("\\{attempt}", "1").replaceAll("\\{\\w+}", "x");
        HttpResponse<String> answer =
            OPEN.contains(operation)
                ? send(request(server, "/api/v1/health"))
                : ask(nobody, method.toUpperCase(Locale.ROOT), address, "{}");
        if (answer.statusCode() != 403) {
          open.add(operation);
        } else {
          assertThat(answer.body())
              .as(operation)
              .contains("\"code\":\"FORBIDDEN\"")
              .contains("intern may not ");
        }
      }
    }

    assertThat(open).isEqualTo(new TreeSet<>(OPEN));
  }

  @Test
  void runsTheWholeFlowForACallerWithRights() throws InterruptedException {
    String ines = demo.platform().tokens().newBearer("ines");
    String paul = demo.platform().tokens().newBearer("paul");
    String intern = demo.platform().tokens().newBearer("intern");
    assertThat(ask(paul, "POST", "/api/v1/dags/erp_daily/runs", "{}").statusCode()).isEqualTo(403);
    assertThat(json(ines, "GET", "/api/v1/runs", "").path("runs").size()).isZero();

    String run = json(ines, "POST", "/api/v1/dags/erp_daily/runs", "{}").path("id").asString();
    demo.platform().scheduler().awaitEnd(run);

    assertThat(json(paul, "GET", "/api/v1/runs/" + run, "").path("state").asString())
        .isEqualTo("success");
    assertThat(json(paul, "GET", "/api/v1/catalog/tables/erp/students", "").path("rows").asLong())
        .isPositive();
    String sample = "/api/v1/catalog/tables/erp/students/sample";
    assertThat(ask(paul, "GET", sample, "").statusCode()).isEqualTo(403);
    assertThat(json(ines, "GET", sample, "").path("rows").size()).isPositive();
    String query = "{\"sql\": \"select count(*) from erp.students\"}";
    assertThat(ask(intern, "POST", "/api/v1/queries", query).statusCode()).isEqualTo(403);
    assertThat(json(ines, "POST", "/api/v1/queries", query).path("id").asString()).isNotEmpty();
    List<String> tiles =
        Arrays.asList(ask(ines, "POST", "/api/v1/dashboards/school/data", "").body().split("\n"));
    assertThat(tiles)
        .filteredOn(t -> !t.isBlank())
        .isNotEmpty()
        .allMatch(t -> t.contains("\"state\":\"ok\""));
    assertThat(ask(ines, "POST", "/api/v1/runs/" + run + "/rollback", "").statusCode())
        .isEqualTo(200);
  }
}
