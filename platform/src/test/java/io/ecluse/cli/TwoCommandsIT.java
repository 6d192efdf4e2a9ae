package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.PrivateServer;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in processes of their own on one project: each ends, whoever of them does the work. */
@Timeout(240)
class TwoCommandsIT {
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\n\r\n[{\"id\": 1}]";

  @TempDir Path temp;
  private Path folder;
  private PostgresServer server;

  /** Takes connections and never answers: a source on which a command waits. */
  private ServerSocket silent;

  private final List<Program> programs = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    folder = temp.resolve("shop");
    Files.createDirectories(folder.resolve("sources"));
    Files.createDirectories(folder.resolve("given"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: shop\n");
    Files.writeString(
        folder.resolve("sources/shop.yaml"),
        """
        type: files
        location: given
        streams:
          orders: { files: "orders*.csv" }
          people: { files: "people*.csv" }
        """);
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    silent.setSoTimeout(120_000);
    Files.writeString(
        folder.resolve("sources/slow.yaml"),
        """
        type: http
        connection: { url: "http://127.0.0.1:%d" }
        streams:
          answers: { path: /never }
        """
            .formatted(silent.getLocalPort()));
    Files.writeString(folder.resolve("given/orders.csv"), "id,state\n1,new\n2,old\n");
    Files.writeString(folder.resolve("given/people.csv"), "id,name\n1,Ann\n2,Bo\n");
    // held open by the test, so that the commands differ by their own work only
    server =
        PostgresServer.open(new PostgresSettings(folder.resolve(".ecluse/postgres"), 0, Map.of()));
  }

  @AfterEach
  void end() throws IOException {
    programs.forEach(Program::kill);
    server.close();
    silent.close();
  }

  private Program command(String... arguments) {
    Program program = Program.start(folder, arguments);
    programs.add(program);
    return program;
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void requireDone(Program program) {
    assertThat(program.exitCode()).as(program.output()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 150, 300, 600, 900, 1300, 1800, 2500})
  void bothEndHoweverMuchLaterTheSecondComes(long millis) {
    Program first = command("extract", "shop", "orders");
    sleep(millis);
    Program second = command("extract", "shop", "people");
    requireDone(first);
    requireDone(second);
  }

  @Test
  void manyAtOnceAllEnd() {
    for (String stream : List.of("orders", "people", "orders", "people")) {
      command("extract", "shop", stream);
      sleep(80);
    }
    programs.forEach(TwoCommandsIT::requireDone);
  }

  @Test
  void whoWaitsTakesUpTheWorkOfOneThatWasKilled() throws IOException {
    Program first = command("extract", "slow");
    silent.accept();
    Program second = command("extract", "shop", "people");
    second.awaitOutput("Waits for run");
    first.kill();
    try (Socket again = silent.accept()) { // the killed one's run goes on, in the second
      again.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
      again.getOutputStream().flush();
      requireDone(second);
    }
    try (Platform observer = DemoFixture.platform(folder, Platform.Workers.NONE)) {
      assertThat(
              observer.scheduler().list(Optional.empty(), Optional.empty(), 10, Optional.empty()))
          .hasSize(2)
          .extracting(run -> run.state())
          .containsOnly(RunState.SUCCESS);
    }
  }

  @Test
  void sigtermEndsACommandThatWorksAndOneThatWaits() throws IOException {
    Program works = command("extract", "slow");
    silent.accept();
    Program waits = command("extract", "shop");
    waits.awaitOutput("Waits for run");

    waits.terminate();
    requireEnded(waits);
    works.terminate();
    requireEnded(works);
    try (Platform observer = DemoFixture.platform(folder, Platform.Workers.NONE)) {
      assertThat(
              observer.scheduler().list(Optional.empty(), Optional.empty(), 10, Optional.empty()))
          .extracting(run -> run.state())
          .containsExactly(RunState.CANCELLED, RunState.CANCELLED);
    }
  }

  @Test
  void sigtermEndsACommandThoughTheDatabaseNeverAnswers() throws Exception {
    Program works = command("extract", "slow");
    silent.accept();
    List<Long> stopped = PrivateServer.signalAll(folder.resolve(".ecluse/postgres"), "STOP");
    try {
      works.terminate();
      requireEnded(works);
    } finally {
      PrivateServer.signal(stopped, "CONT");
    }
  }

  /** Exit code 143 says that SIGTERM ended it. */
  private static void requireEnded(Program program) {
    assertThat(program.exitCode()).as(program.output()).isEqualTo(143);
  }
}
