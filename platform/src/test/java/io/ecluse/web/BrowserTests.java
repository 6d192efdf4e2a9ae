package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.scheduler.RunState;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The tests of ui/e2e in a real Chromium on a real server over the demo. They run in two halves at
 * the same time, each with a demo of its own.
 */
final class BrowserTests {
  /** Those that work with the pages; {@link WebAppIT} runs all others. */
  private static final List<String> FLOWS =
      Stream.of("flows", "runs", "server", "sql").map("e2e/%s.spec.ts"::formatted).toList();

  private final Path temp;

  BrowserTests(Path temp) {
    this.temp = temp;
  }

  void flows() throws IOException, InterruptedException {
    assertThat(FLOWS).allSatisfy(file -> assertThat(Path.of("../ui", file)).isRegularFile());
    run(FLOWS);
  }

  void allOthers() throws IOException, InterruptedException {
    run(FLOWS.stream().flatMap(file -> Stream.of("--exclude", file)).toList());
  }

  private void run(List<String> which) throws IOException, InterruptedException {
    Optional<String> chromium = chromium();
    if (chromium.isEmpty()) {
      String message =
          "SKIPPED: the pages were not tested, as there is no Chromium; install it, or set CHROMIUM";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      System.err.println(message);
      assumeTrue(false, message);
    }
    try (DemoFixture demo = DemoFixture.open(temp.resolve("supinfo"), 1)) {
      assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
      addDagThatWaits(demo.folder());
      addDagThatAsks(demo.folder());
      addAwkwardDashboard(demo.folder());
      addRunThatFailed(demo);
      PaperBatches.commit(demo.platform().staging(), "somebody@example.org");
      assertThat(demo.platform().project().reload().errors()).isEmpty();
      demo.platform().starts().followSchedules();
      WebServer first = WebServer.start(demo.platform(), new WebSettings("127.0.0.1", 0));
      try (Restarter server = new Restarter(demo, first, temp.resolve("restart"))) {
        Path output = temp.resolve("browser.log");
        int exit = endToEnd(which, first, demo.folder(), chromium.orElseThrow(), output);
        String printed = Files.readString(output);
        System.out.println(printed);
        assertThat(exit)
            .as("exit code of the pages' tests, which printed%n%s", failures(printed))
            .isZero();
      }
    }
  }

  /**
   * A DAG whose run goes on until it is cancelled: its source is away, and it tries again later.
   */
  private static void addDagThatWaits(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("sources/away.yaml"),
        """
        type: postgres
        connection: { host: 127.0.0.1, port: 1, database: away, user: nobody }
        streams: { lessons: }
        """);
    Files.writeString(
        folder.resolve("dags/away.yaml"),
        """
        description: Waits for a source that is away.
        retries: 9
        retry_delay: 1h
        retry_max_delay: 1h
        tasks:
          extract_away: { extract: away }
        """);
  }

  /**
   * Restarts the platform, and its server on its port, whenever a test puts the file there that
   * asks for it.
   */
  private static final class Restarter implements AutoCloseable {
    private final DemoFixture demo;
    private final int port;
    private final Path signal;
    private final Thread thread = new Thread(this::watch, "restarter");
    private WebServer server;

    Restarter(DemoFixture demo, WebServer server, Path signal) {
      this.demo = demo;
      this.server = server;
      this.signal = signal;
      this.port = URI.create(server.url()).getPort();
      thread.start();
    }

    private void watch() {
      try {
        while (true) {
          Thread.sleep(100);
          if (Files.exists(signal)) {
            server.close();
            demo.reopen(Platform.Workers.HERE);
            demo.platform().starts().followSchedules();
            server = WebServer.start(demo.platform(), new WebSettings("127.0.0.1", port));
            Files.delete(signal);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws InterruptedException {
      thread.interrupt();
      thread.join();
      server.close();
    }
  }

  /** A run with a test that does not hold; no other DAG builds its model. */
  private static void addRunThatFailed(DemoFixture demo) throws IOException {
    Path daily = demo.folder().resolve("dags/erp_daily.yaml");
    String flow = Files.readString(daily);
    assertThat(flow).contains("build: \"*\"");
    Files.writeString(daily, flow.replace("build: \"*\"", "build: \"core.*, marts.*\""));
    Path model = demo.folder().resolve("models/money/grants.sql");
    Files.createDirectories(model.getParent());
    Files.writeString(
        model,
        """
        /* ecluse
        description: What the school gives for the studies.
        columns:
          grant_id: { description: The grant., tests: [unique, not_null] }
          amount: { description: In euros., tests: [{ range: { max: 1000 } }] }
        */
        SELECT * FROM (VALUES (1, 500), (2, 2000), (3, 3000)) grants(grant_id, amount)
        """);
    Files.writeString(
        demo.folder().resolve("dags/grants.yaml"),
        """
        description: Builds what does not hold.
        retries: 0
        tasks:
          grants: { build: money.grants }
        """);
    assertThat(demo.platform().project().reload().errors()).isEmpty();
    assertThat(demo.run("grants").state()).isEqualTo(RunState.FAILED);
  }

  /** What charts may get wrong; the made-up world of ui/dev has the same tiles. */
  private static void addAwkwardDashboard(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("dashboards/awkward.yaml"),
        """
        title: { en: Awkward, fr: Bizarre }
        tiles:
          - { id: months, title: { en: Months, fr: Mois }, kind: line, x: m, y: n, query: "select timestamp '2025-07-01 00:00:00' as m, 30 as n union all select timestamp '2025-08-01 00:00:00', 5 order by m" }
          - { id: day, title: { en: One day, fr: Un jour }, kind: bar, x: d, y: n, query: "select timestamp '2025-07-31 08:00:00' as d, 30 as n union all select timestamp '2025-07-31 09:00:00', 5 order by d" }
          - { id: names, title: { en: One name, fr: Un nom }, kind: bar, x: name, y: n, query: "select 'Martin' as name, 30 as n union all select 'Martin', 5 union all select 'Durand', 1 order by n desc" }
          - { id: slices, title: { en: Slices, fr: Parts }, kind: pie, x: name, y: n, query: "select 'Martin' as name, 30 as n union all select 'Martin', 5 union all select 'Durand', 1 order by n desc" }
          - { id: absent, title: { en: Absent, fr: Absente }, kind: bar, x: name, y: m, query: "select 'Martin' as name, 30 as n" }
          - { id: exact, title: { en: Exact, fr: Exact }, kind: number, y: n, format: integer, width: 3, query: select 9007199254740993 as n }
        """);
  }

  /** A DAG whose runs have parameters of every kind. */
  private static void addDagThatAsks(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("dags/asks.yaml"),
        """
        description: Asks what to run with.
        params: { since: 2024-09-01, deep: false, most: 3, campus: Lyon }
        tasks:
          look: { test: marts.students }
        """);
  }

  /** What the tests say of those that failed: from the first of them on. */
  private static String failures(String printed) {
    int first = printed.indexOf("FAIL");
    return printed.substring(Math.max(first, 0));
  }

  private int endToEnd(
      List<String> which, WebServer server, Path project, String chromium, Path output)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("npm", "run", "--silent", "e2e", "--"));
    command.addAll(which);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(new File("../ui"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("NO_COLOR", "1");
    builder.environment().put("ECLUSE_URL", server.url());
    builder.environment().put("ECLUSE_PROJECT", project.toString());
    builder.environment().put("ECLUSE_SIGN_IN_LINK", server.signInLink());
    builder.environment().put("ECLUSE_RESTART", temp.resolve("restart").toString());
    builder.environment().put("CHROMIUM", chromium);
    Process process = builder.start();
    if (!process.waitFor(1_400, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(
          "The browser's tests did not end; so far they printed\n" + Files.readString(output));
    }
    return process.exitValue();
  }

  private static Optional<String> chromium() {
    return Optional.ofNullable(System.getenv("CHROMIUM"))
        .or(
            () ->
                List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                    .stream()
                    .filter(p -> Files.isExecutable(Path.of(p)))
                    .findFirst());
  }
}
