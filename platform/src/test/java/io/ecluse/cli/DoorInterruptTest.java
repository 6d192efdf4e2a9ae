package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a run that a server does for a command, when the command or the server ends. */
@Timeout(300)
class DoorInterruptTest {
  @TempDir Path temp;
  private Path folder;
  private Platform platform;
  private DoorServer door;

  /** Takes connections and never answers: a source on which a command waits. */
  private ServerSocket silent;

  @BeforeEach
  void serve() throws IOException {
    folder = temp.resolve("shop");
    Files.createDirectories(folder.resolve("sources"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: shop\n");
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
    platform = DemoFixture.platform(folder, Platform.Workers.HERE);
    door = DoorServer.open(platform, Map.of()).orElseThrow();
  }

  @AfterEach
  void end() throws IOException {
    door.close();
    platform.close();
    silent.close();
  }

  private Run run() {
    return platform
        .scheduler()
        .list(Optional.empty(), Optional.empty(), 1, Optional.empty())
        .get(0);
  }

  @Test
  void sigtermOfTheCommandCancelsTheRunAndSaysSo() throws IOException {
    try (Program command = Program.ofClasses(folder, "extract", "slow")) {
      silent.accept();
      command.terminate();
      assertThat(command.exitCode()).as(command.output()).isEqualTo(143);
      assertThat(command.output()).contains("Cancelling run " + run().id());
      assertThat(platform.scheduler().awaitEnd(run().id()).state()).isEqualTo(RunState.CANCELLED);
    }
  }

  @Test
  void aCommandThatWasKilledLeavesTheRunToTheServer() throws IOException {
    try (Program command = Program.ofClasses(folder, "extract", "slow")) {
      silent.accept();
      command.kill();
      assertThat(platform.scheduler().find(run().id()).orElseThrow().state())
          .isEqualTo(RunState.RUNNING);
    }
    platform.scheduler().cancel(run().id());
    assertThat(platform.scheduler().awaitEnd(run().id()).state()).isEqualTo(RunState.CANCELLED);
  }

  @Test
  void aCommandSaysThatTheServerHasGone() throws IOException {
    try (Program command = Program.ofClasses(folder, "extract", "slow")) {
      silent.accept();
      door.close();
      assertThat(command.exitCode()).isIn(Main.FAILED, Main.UNREACHABLE);
      assertThat(command.output()).contains("the server ended before the command did");
    }
    platform.scheduler().cancel(run().id());
  }

  @Test
  void aStaleSignIsNoHindrance() throws IOException {
    Path sign = folder.resolve(".ecluse/door/dev");
    String said = Files.readString(sign);
    door.close();
    assertThat(sign).doesNotExist();
    Files.writeString(sign, said); // as a server leaves it that was killed
    try (Program command = Program.ofClasses(folder, "ls", "--limit", "1")) {
      assertThat(command.exitCode()).as(command.output()).isZero();
      assertThat(command.output()).contains("state");
    }
    door = DoorServer.open(platform, Map.of()).orElseThrow();
    assertThat(Files.readString(sign)).isNotEqualTo(said);
  }
}
