package io.ecluse.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several real processes on one folder, and what is left when they are killed. */
class SharedServerTest {
  /** Long enough for however busy a machine. */
  private static final long PATIENCE_MILLIS = 60_000;

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void choose() throws IOException {
    folder = temporary.toRealPath().resolve("pg");
  }

  @AfterEach
  void leaveNoServer() {
    await(PATIENCE_MILLIS, () -> postmaster().isEmpty() && guardians() == 0);
  }

  @Test
  void stopsWithinSecondsWhenItsOnlyUserIsKilledAndKeepsTheData() throws Exception {
    try (ServerProcess user = ServerProcess.start(folder)) {
      user.opened();
      user.tell("CREATE TABLE kept AS SELECT 42 AS answer");
      assertThat(user.answer()).isEqualTo("done");
      user.kill();
    }

    await(PATIENCE_MILLIS, () -> postmaster().isEmpty());

    try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
      assertThat(number(server, "SELECT answer FROM kept")).isEqualTo(42);
    }
  }

  @Test
  void isTakenOverByTheNextProcessWhenItsUserIsKilled() throws Exception {
    try (ServerProcess user = ServerProcess.start(folder)) {
      user.opened();
      user.kill();
    }
    try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
      Thread.sleep(1_200); // more than two looks of the guardian
      assertThat(number(server, "SELECT 1")).isEqualTo(1);
      assertThat(postmasters()).isEqualTo(1);
      assertThat(guardians()).isEqualTo(1);
    }
  }

  @Test
  void isSharedByTwoProcessesAndStoppedByTheLast() throws Exception {
    try (ServerProcess first = ServerProcess.start(folder)) {
      int port = first.opened();
      long pid = postmaster().orElseThrow().pid();
      try (PostgresServer second = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
        assertThat(second.port()).isEqualTo(port);
        first.end();
        assertThat(postmaster().orElseThrow().pid()).isEqualTo(pid);
        assertThat(number(second, "SELECT 1")).isEqualTo(1);
      }
      assertThat(postmaster()).isEmpty();
    }
  }

  @Test
  void isStartedOnceByFourProcessesAtATime() throws Exception {
    List<ServerProcess> users = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        users.add(ServerProcess.start(folder));
      }
      Set<Integer> ports = new HashSet<>();
      for (ServerProcess user : users) {
        ports.add(user.opened());
      }
      assertThat(ports).hasSize(1);
      assertThat(postmasters()).isEqualTo(1);
      assertThat(guardians()).isEqualTo(1);
    } finally {
      for (ServerProcess user : users) {
        user.kill();
      }
    }
    await(PATIENCE_MILLIS, () -> postmaster().isEmpty());
  }

  @Test
  void recoversWhenTheServerItselfIsKilled() throws Exception {
    try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
      execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
      kill(postmaster().orElseThrow().pid());
    }
    assertThat(folder.resolve("data/postmaster.pid")).exists();
    try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
      assertThat(number(server, "SELECT answer FROM kept")).isEqualTo(42);
    }
  }

  @Test
  void startsWhenTheProcessIdLeftBehindBelongsToAnotherProgram() throws Exception {
    PostgresServer.open(new PostgresSettings(folder, 0, Map.of())).close();
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(
          folder.resolve("data/postmaster.pid"),
          "%d\n%s\n1\n5432\n\n127.0.0.1\n 1 2\nready\n"
              .formatted(other.pid(), folder.resolve("data")));
      try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
        assertThat(number(server, "SELECT 1")).isEqualTo(1);
      }
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroy();
    }
  }

  @Test
  void givesAServerWhoseGuardianWasKilledANewOne() throws Exception {
    try (ServerProcess first = ServerProcess.start(folder)) {
      first.opened();
      kill(guardian());
      long pid = postmaster().orElseThrow().pid();
      try (ServerProcess second = ServerProcess.start(folder)) {
        second.opened();
        await(PATIENCE_MILLIS, () -> guardians() == 1);
        assertThat(postmaster().orElseThrow().pid()).isEqualTo(pid);
        second.kill();
      }
      Thread.sleep(800);
      assertThat(postmaster()).as("the first process uses it still").isPresent();
      first.kill();
    }
    await(PATIENCE_MILLIS, () -> postmaster().isEmpty());
  }

  @Test
  void leavesNothingWhenKilledWhileItStarts() throws Exception {
    PostgresServer.open(new PostgresSettings(folder, 0, Map.of())).close();
    for (int tries = 0; tries < 5; tries++) {
      try (ServerProcess user = ServerProcess.start(folder)) {
        await(PATIENCE_MILLIS, () -> guardians() > 0);
        Thread.sleep(tries * 15L);
        user.kill();
      }
      await(PATIENCE_MILLIS, () -> postmasters() == 0 && guardians() == 0);
    }
    try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
      assertThat(number(server, "SELECT 1")).isEqualTo(1);
    }
  }

  @Test
  void beginsAnewWhenKilledWhileItIsMade() throws Exception {
    try (ServerProcess user = ServerProcess.start(folder)) {
      await(PATIENCE_MILLIS, () -> drafts() > 0);
      user.kill();
    }
    assertThat(folder.resolve("data")).doesNotExist();
    try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
      assertThat(number(server, "SELECT 1")).isEqualTo(1);
    }
    await(PATIENCE_MILLIS, () -> initdbs() == 0);
  }

  private long drafts() {
    String[] names = folder.toFile().list((parent, name) -> name.startsWith("data.draft-"));
    return names == null ? 0 : names.length;
  }

  private long initdbs() {
    return processes().filter(c -> String.join(" ", c).contains(folder + "/data.draft-")).count();
  }

  private Optional<Postmaster> postmaster() {
    return Postmaster.of(folder.resolve("data"));
  }

  private long guardian() throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("guardian.pid")).strip());
  }

  private long postmasters() {
    return count(this::isPostmaster);
  }

  /** Children look like their parent until they have named themselves, so they do not count. */
  private static long count(Predicate<ProcessHandle> which) {
    return ProcessHandle.allProcesses()
        .filter(which)
        .filter(p -> p.parent().filter(which).isEmpty())
        .count();
  }

  private boolean isPostmaster(ProcessHandle process) {
    List<String> command = LinuxProcess.commandLine(process.pid());
    return command.contains(folder.resolve("data").toString())
        && command.get(0).endsWith("postgres");
  }

  private long guardians() {
    return count(
        p -> LinuxProcess.commandLine(p.pid()).contains(folder.resolve("guardian.sh").toString()));
  }

  private static Stream<List<String>> processes() {
    return ProcessHandle.allProcesses().map(p -> LinuxProcess.commandLine(p.pid()));
  }

  private static void kill(long pid) throws Exception {
    new ProcessBuilder("sh", "-c", "kill -9 " + pid).start().waitFor();
    await(PATIENCE_MILLIS, () -> LinuxProcess.startTime(pid).isEmpty());
  }

  static void await(long millis, BooleanSupplier condition) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still not after %d ms", millis).isLessThan(end);
      ServerFiles.pause(10);
    }
  }

  private static void execute(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int number(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
