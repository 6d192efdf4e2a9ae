package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One client does what it can to stop a real server, and everybody else is answered. */
@Timeout(180)
class BoundsTest {
  private static final String SIGN_IN = "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n";

  @TempDir static Path temp;
  private static Platform platform;
  private static WebServer server;
  private static String token;

  private final List<RawClient> clients = new ArrayList<>();
  private final ScheduledExecutorService dripping = Executors.newScheduledThreadPool(1);

  @BeforeAll
  static void serve() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("blank"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: blank\n");
    platform =
        new Platform(new Platform.Opening(folder, "dev", Platform.Workers.NONE, 0, Map.of()));
    server = WebServer.start(platform, new WebSettings("127.0.0.1", 0));
    token = platform.tokens().newBearer("test");
  }

  @AfterAll
  static void stop() {
    server.close();
    platform.close();
  }

  @AfterEach
  void goAway() {
    dripping.shutdownNow();
    clients.forEach(RawClient::close);
  }

  private RawClient client(int window) {
    RawClient client = RawClient.to(server.url(), window);
    clients.add(client);
    return client;
  }

  private RawClient client() {
    return client(64 << 10);
  }

  private void drip(RawClient client, String drop) {
    dripping.scheduleAtFixedRate(() -> client.say(drop), 0, 500, TimeUnit.MILLISECONDS);
  }

  private static void answersHealth() {
    try (RawClient client = RawClient.to(server.url()).within(15_000)) {
      client.say("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.firstLine()).isEqualTo("HTTP/1.1 200");
    }
  }

  /** A sign-in with a code that is worth nothing is told so: the server works. */
  private static void answersSignIn() {
    try (RawClient client = RawClient.to(server.url())) {
      client.say(SIGN_IN + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n");
      client.say("{\"code\":\"x\"}");
      assertThat(client.firstLine()).isIn("HTTP/1.1 401", "HTTP/1.1 429");
    }
  }

  @Test
  void answersOthersWhileBodiesOfOneComeAByteAtATime() {
    for (int i = 0; i < 15; i++) {
      RawClient sized = client();
      sized.say(SIGN_IN + "Content-Type: application/json\r\nContent-Length: 900\r\n\r\n");
      drip(sized, " ");
      RawClient chunked = client();
      chunked.say(SIGN_IN + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
      drip(chunked, "1\r\n \r\n");
    }
    answersHealth();
    answersSignIn();
  }

  @Test
  void answersOthersWhileBodiesThatNobodyWantsComeAByteAtATime() {
    for (int i = 0; i < 60; i++) {
      RawClient client = client();
      client.say(
          (i % 2 == 0 ? "POST /api/v1/queries" : "GET /sql")
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n");
      drip(client, " ");
    }
    answersHealth();
    answersSignIn();
  }

  @Test
  void endsABodyThatTakesTooLong() {
    RawClient client = client();
    client.say(SIGN_IN + "Content-Type: application/json\r\nContent-Length: 900\r\n\r\n");
    drip(client, " ");
    assertThat(client.firstLine()).isEqualTo("HTTP/1.1 408");
    assertThat(client.everything()).contains("BODY_TOO_SLOW");
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    RawClient sized = client();
    sized.say(SIGN_IN + "Content-Length: " + (60 << 20) + "\r\n\r\n");
    assertThat(sized.firstLine()).isEqualTo("HTTP/1.1 413");

    RawClient chunked = client();
    chunked.say(SIGN_IN + "Transfer-Encoding: chunked\r\n\r\n");
    String chunk = "10000\r\n" + "x".repeat(1 << 16) + "\r\n";
    for (int i = 0; i < 960 && chunked.say(chunk); i++) {
      // until it is refused
    }
    answersSignIn();

    RawClient query = client();
    query.say(
        "POST /api/v1/queries HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n");
    assertThat(query.firstLine()).isEqualTo("HTTP/1.1 413");
    assertThat(query.everything()).contains("BODY_TOO_LARGE").contains("1048576");
  }

  @Test
  void takesABodyOfTheLargestSizeAndUsesTheConnectionAgain() {
    String sql = "{\"sql\":\"select 1\"}";
    String body = sql + " ".repeat(Bounds.BODY_BYTES - sql.length());
    RawClient client = client();
    client.say(
        "POST /api/v1/queries HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body
            + "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    String answers = client.everything();
    assertThat(answers).startsWith("HTTP/1.1 202").contains("HTTP/1.1 200").contains("\"ok\"");
  }

  @Test
  void answersOthersWhileHeadsNeverEnd() {
    for (int i = 0; i < Bounds.USUAL.connectionsPerAddress() + 50; i++) {
      RawClient client = client();
      client.say("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
      drip(client, "x");
    }
    answersHealth();
    answersSignIn();
    assertThat(clients.get(0).firstLine()).as("the oldest made place").doesNotContain("200");
    assertThat(clients.get(clients.size() - 1).firstLine())
        .as("a head must end within %s", Bounds.USUAL.idle())
        .doesNotContain("200");
  }

  @Test
  void answersOthersWhileConnectionsAreKeptForNothing() {
    for (int i = 0; i < 2 * Bounds.USUAL.connectionsPerAddress(); i++) {
      client().say("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    answersHealth();
    answersSignIn();
  }

  @Test
  void answersHealthWhileAnswersAreTakenAByteAtATime() throws Exception {
    String rows = largeResult();
    for (int i = 0; i < 60; i++) {
      RawClient client = client(1 << 10);
      client.say(
          "GET "
              + rows
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + token
              + "\r\n\r\n");
      dripping.scheduleWithFixedDelay(() -> client.take(1 << 10), 500, 500, TimeUnit.MILLISECONDS);
    }
    Thread.sleep(2_000);
    for (int i = 0; i < 10; i++) {
      answersHealth();
      Thread.sleep(1_000);
    }
  }

  /** Where a page of 5 MB is, more than the system keeps for a client. */
  private static String largeResult() throws InterruptedException {
    String sql = "{\"sql\":\"select range as i, repeat('x', 1000) as x from range(5000)\"}";
    HttpRequest.Builder submission =
        BlankServer.request(server, "/api/v1/queries")
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(sql));
    String answer = BlankServer.send(submission).body();
    String id = answer.replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    Thread.sleep(3_000);
    return "/api/v1/queries/" + id + "/rows?limit=5000";
  }

  @Test
  void bindsStreamsOfEventsPerAddressAndAnswersOthers() {
    String ask =
        "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n";
    for (int i = 0; i < Bounds.USUAL.streamsPerAddress(); i++) {
      RawClient client = client();
      client.say(ask);
    }
    RawClient oneMore = client();
    String last = "";
    for (int i = 0; i < 50 && !last.equals("HTTP/1.1 503"); i++) {
      oneMore = client();
      oneMore.say(ask);
      if (i > 0) {
        last = oneMore.firstLine();
      }
    }
    assertThat(last).isEqualTo("HTTP/1.1 503");
    answersHealth();
    answersSignIn();
  }

  @Test
  void answersWhatIsNoHttpWithoutAWordAboutTheServer() {
    for (String odd :
        List.of(
            "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/../../etc HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET //api;x=1/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "G@T / HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      RawClient client = client();
      client.say(odd);
      assertThat(client.everything())
          .as(odd)
          .startsWith("HTTP/1.1 400")
          .doesNotContain("Tomcat")
          .doesNotContain("<html");
    }
  }
}
