package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.access.AccessTokens;
import io.ecluse.access.Caller;
import io.ecluse.metadata.WebServers;
import io.ecluse.project.ProjectTemplate;
import io.ecluse.web.WebServer;
import io.ecluse.web.WebSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may come in, as a person arranges it at the command line. */
@Timeout(180)
class AccessCommandsTest {
  @TempDir static Path folder;
  private static Platform platform;
  private String output = "";

  @BeforeAll
  static void open() {
    new ProjectTemplate("blank").writeTo(folder);
    platform =
        new Platform(new Platform.Opening(folder, "dev", Platform.Workers.NONE, 0, Map.of()));
  }

  @AfterAll
  static void close() {
    platform.close();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--dir", folder.toString()));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream capture = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(capture);
      System.setErr(capture);
      return Main.run(all.toArray(String[]::new));
    } finally {
      System.setOut(out);
      System.setErr(err);
      output = bytes.toString(StandardCharsets.UTF_8);
    }
  }

  @Test
  void printsALinkToWhereEachServerReallyListens() {
    assertThat(run("sign-in")).isEqualTo(Main.FAILED);
    assertThat(output).contains("No server runs on this project").contains("ecluse server --dir");
    WebSettings named =
        new WebSettings(
            "127.0.0.1",
            0,
            Optional.empty(),
            Set.of("127.0.0.1"),
            Optional.of(URI.create("https://data.school.example/")),
            Duration.ofHours(1));
    try (WebServer one = WebServer.start(platform, new WebSettings("127.0.0.1", 0));
        WebServer two = WebServer.start(platform, named)) {
      // one that was killed, and whose port another program has taken since
      new WebServers(platform.metadata().jdbi(), "dev")
          .started(
              new WebServers.Listening(
                  "gone",
                  URI.create(one.url().replace("127.0.0.1", "localhost")),
                  URI.create("http://gone:1")));
      assertThat(run("sign-in")).isZero();
      assertThat(output.lines())
          .hasSize(2)
          .anyMatch(l -> l.startsWith(one.url() + "/sign-in#code="))
          .anyMatch(l -> l.startsWith("https://data.school.example/sign-in#code="));
      String code = output.lines().findFirst().orElseThrow().split("code=")[1];
      assertThat(platform.tokens().openSession(code)).isPresent();
    }
    assertThat(run("sign-in")).isEqualTo(Main.FAILED);
    assertThat(run("sign-in", "--url", "http://127.0.0.1:8080/")).isZero();
    assertThat(output).startsWith("http://127.0.0.1:8080/sign-in#code=");
  }

  @Test
  void makesListsAndRevokesTokens() {
    assertThat(run("token", "notebook")).as(output).isZero();
    String token = output.strip();
    assertThat(run("token", "ci", "--expires", "never")).as(output).isZero();
    assertThat(run("token", "ls")).as(output).isZero();
    assertThat(output)
        .contains("notebook")
        .containsPattern("ci +\\S+ \\S+ [+-]\\d\\d:\\d\\d +never")
        .doesNotContain(token);
    AccessTokens tokens = platform.tokens();
    assertThat(tokens.bearer(token).map(Caller::name)).hasValue("notebook");
    assertThat(run("token", "revoke", "notbook")).isEqualTo(Main.WRONG_USAGE);
    assertThat(output).contains("did you mean notebook");
    assertThat(run("token", "revoke", "notebook")).as(output).isZero();
    assertThat(tokens.bearer(token)).isEmpty();
    assertThat(run("token", "ls", "--format", "json")).isZero();
    assertThat(output).contains("\"ci\"").doesNotContain("\"notebook\"");
    assertThat(run("token")).isEqualTo(Main.WRONG_USAGE);
    assertThat(run("token", "x", "--expires", "soon")).isEqualTo(Main.WRONG_USAGE);

    String session = tokens.openSession(tokens.newSignInCode()).orElseThrow();
    assertThat(run("token", "revoke", "--sessions")).as(output).isZero();
    assertThat(output).contains("Ended 1 sessions");
    assertThat(tokens.session(session)).isEmpty();
  }

  @Test
  void listensOnANetworkOnlyWithTlsOrAProxyOrWhenToldSo() {
    for (String address : List.of("0.0.0.0", "::", "10.0.0.7")) {
      assertThat(run("server", "--listen", address)).isEqualTo(Main.WRONG_USAGE);
      assertThat(output).contains("--tls-certificate").contains("--proxy").contains("--insecure");
    }
    assertThat(run("server", "--tls-certificate", "x.pem")).isEqualTo(Main.WRONG_USAGE);
    assertThat(output).contains("--tls-key");
    assertThat(run("server", "--proxy", "10.0.0.*")).isEqualTo(Main.WRONG_USAGE);
    assertThat(run("server", "--url", "ftp://x")).isEqualTo(Main.WRONG_USAGE);
    assertThat(run("server", "--session-idle", "0s")).isEqualTo(Main.WRONG_USAGE);
  }
}
