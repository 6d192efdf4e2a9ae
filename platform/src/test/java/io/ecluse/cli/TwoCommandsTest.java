package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
class TwoCommandsTest {
  @TempDir Path temp;
  private Path folder;
  private PostgresServer server;
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
    Files.writeString(folder.resolve("given/orders.csv"), "id,state\n1,new\n2,old\n");
    Files.writeString(folder.resolve("given/people.csv"), "id,name\n1,Ann\n2,Bo\n");
    // held open by the test, so that the commands differ by their own work only
    server = PostgresServer.open(new PostgresSettings(folder.resolve(".ecluse/postgres")));
  }

  @AfterEach
  void end() {
    programs.forEach(Program::kill);
    server.close();
  }

  private Program command(String... arguments) {
    Program program = Program.ofClasses(folder, arguments);
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
    programs.forEach(TwoCommandsTest::requireDone);
  }

  @Test
  void whoWaitsTakesUpTheWorkOfOneThatWasKilled() {
    Program first = command("extract", "shop", "orders");
    first.awaitOutput("Run adhoc.extract");
    Program second = command("extract", "shop", "people");
    sleep(300);
    first.kill();
    requireDone(second);
    try (Platform observer = DemoFixture.platform(folder, Platform.Workers.NONE)) {
      assertThat(
              observer.scheduler().list(Optional.empty(), Optional.empty(), 10, Optional.empty()))
          .hasSize(2)
          .extracting(run -> run.state())
          .containsOnly(RunState.SUCCESS);
    }
  }
}
