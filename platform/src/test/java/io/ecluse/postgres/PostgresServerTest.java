package io.ecluse.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ecluse.PrivateServer;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
  @TempDir static Path temporary;

  private static PostgresServer server;
  private static Path folder;

  @BeforeAll
  static void open() throws IOException {
    folder = temporary.toRealPath().resolve("shared");
    server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()));
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void speaksUnicodeWhateverTheMachineSpeaks() throws SQLException {
    assertThat(text("SELECT lower('ÉCLUSE Ñ') || current_setting('server_encoding')"))
        .isEqualTo("écluse ñUTF8");
  }

  @Test
  void makesADatabaseOnce() throws SQLException {
    server.ensureDatabase("une \"autre\" base");
    server.ensureDatabase("une \"autre\" base");
    assertThat(text("SELECT count(*) FROM pg_database WHERE datname = 'une \"autre\" base'"))
        .isEqualTo("1");
  }

  @Test
  void letsNobodyInWithoutThePassword() {
    for (String password : new String[] {"", "wrong"}) {
      assertThatThrownBy(
              () -> DriverManager.getConnection(server.jdbcUrl("postgres"), "ecluse", password))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void keepsItsPasswordToItself() throws IOException {
    Path password = folder.resolve("password");
    assertThat(Files.readString(password).strip()).isEqualTo(server.password()).hasSize(48);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(folder.resolve("password.handed")).doesNotExist();
    assertThat(server.toString() + Files.readString(folder.resolve("server.log")))
        .doesNotContain(server.password());
  }

  @Test
  void keepsRowsOutOfItsLog() throws Exception {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE people (email text PRIMARY KEY)");
      statement.execute("INSERT INTO people VALUES ('anna@example.org')");
      assertThatThrownBy(() -> statement.execute("INSERT INTO people VALUES ('anna@example.org')"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(Files.readString(folder.resolve("server.log"))).doesNotContain("anna@");
  }

  @Test
  void isSharedWithinAProcessAndClosedTwiceInPeace() throws SQLException {
    PostgresServer again =
        PostgresServer.open(new PostgresSettings(folder.resolve("../shared"), 0, Map.of()));
    assertThat(again.port()).isEqualTo(server.port());
    again.close();
    again.close();
    assertThat(text("SELECT 1")).isEqualTo("1");
  }

  @Test
  void refusesAnotherPortThanItRunsOn() {
    assertRefused(
        new PostgresSettings(folder, server.port() + 1, Map.of()),
        ErrorCode.CONFLICT,
        String.valueOf(server.port()));
  }

  @Test
  void keepsThePortThatItFoundFree() {
    Path kept = temporary.resolve("kept");
    PostgresServer first = PostgresServer.open(new PostgresSettings(kept, 0, Map.of()));
    first.close();
    try (PostgresServer second = PostgresServer.open(new PostgresSettings(kept, 0, Map.of()))) {
      assertThat(second.port()).isEqualTo(first.port());
      assertThat(second.password()).isEqualTo(first.password());
    }
  }

  @Test
  void leavesNothingThatWritesInTheFolderOnceItIsClosed() {
    Path left = temporary.resolve("left");
    for (int i = 0; i < 3; i++) {
      PostgresServer.open(new PostgresSettings(left, 0, Map.of())).close();
      assertThat(ProcessHandle.allProcesses().map(ProcessHandle::pid))
          .noneMatch(pid -> LinuxProcess.commandLine(pid).contains(left.toString()));
      assertThat(left.resolve("guardian.pid")).doesNotExist();
      assertThat(left.resolve("stopping")).doesNotExist();
    }
  }

  @Test
  void namesThePortThatIsInUse() throws IOException {
    int port = Ports.choose(new SecureRandom());
    Path wanting = temporary.resolve("wanting");
    try (ServerSocket other =
        new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertRefused(
          new PostgresSettings(wanting, other.getLocalPort(), Map.of()),
          ErrorCode.PORT_IN_USE,
          "Port " + port);
    }
    try (PostgresServer freed =
        PostgresServer.open(new PostgresSettings(wanting, port, Map.of()))) {
      assertThat(freed.port()).isEqualTo(port);
    }
  }

  @Test
  void saysWhatIsWrongWithDataThatItCannotUse() throws IOException {
    Path broken = temporary.resolve("broken");
    PostgresServer.open(new PostgresSettings(broken, 0, Map.of())).close();
    PostgresSettings settings = new PostgresSettings(broken, 0, Map.of());
    Path version = broken.resolve("data/PG_VERSION");

    Files.writeString(version, "12\n");
    assertRefused(settings, ErrorCode.DATA_CORRUPT, "made by PostgreSQL 12");
    Files.delete(version);
    assertRefused(settings, ErrorCode.DATA_CORRUPT, "PG_VERSION is missing");
    Files.writeString(version, "17\n");
    Files.delete(broken.resolve("data/global/pg_control"));
    assertRefused(settings, ErrorCode.DATA_CORRUPT, "server.log says:");
    assertThat(broken.resolve("data/base")).as("nothing is thrown away").exists();
  }

  @Test
  void saysWhichSettingIsWrong() {
    assertRefused(
        new PostgresSettings(temporary.resolve("unset"), 0, Map.of("no_such", "1")),
        ErrorCode.INVALID_USAGE,
        "no_such");
  }

  @Test
  void saysThatAFileIsInTheWay() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertRefused(new PostgresSettings(file, 0, Map.of()), ErrorCode.INTERNAL, file.toString());
  }

  @Test
  void saysThatTheDiskIsFull() throws Exception {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", disk.toString()),
        "This machine lets nobody mount a small disk");
    try {
      assertRefused(
          new PostgresSettings(disk.resolve("pg"), 0, Map.of()),
          ErrorCode.DISK_FULL,
          disk.toString());
      assertThat(disk.resolve("pg")).isDirectoryNotContaining("glob:**data*");
    } finally {
      run("umount", disk.toString());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where a device is always full
  void saysThatItDoesNotComeBackWhileTheDiskIsFullAndComesBackWithSpace() throws Exception {
    Path folder = temporary.resolve("full");
    try (PostgresServer full = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()))) {
      assertThat(full.outage()).isEmpty();
      Path written = folder.resolve("data/postmaster.opts"); // at each start
      Files.delete(written);
      Files.createSymbolicLink(written, Path.of("/dev/full"));
      long killed = PrivateServer.postmaster(folder);
      PrivateServer.signal(List.of(killed), "KILL");

      await(() -> full.outage().isPresent());
      EcluseException outage = full.outage().orElseThrow();
      assertThat(outage.code()).isEqualTo(ErrorCode.DISK_FULL);
      assertThat(outage).hasMessageContaining(folder.toString()).hasMessageContaining(" free of ");

      Files.delete(written);
      await(() -> full.outage().isEmpty());
      await(() -> answers(full));
      assertThat(PrivateServer.postmaster(folder)).isNotEqualTo(killed);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static boolean answers(PostgresServer which) {
    try (Connection connection = which.connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void bringsTheProgramsThatTheBuildNames() throws SQLException {
    assertThat(text("SHOW server_version")).isEqualTo(PostgresBinaries.VERSION);
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  private static void assertRefused(PostgresSettings settings, ErrorCode code, String message) {
    assertThatThrownBy(() -> PostgresServer.open(settings).close())
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(code);
  }

  private static String text(String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
