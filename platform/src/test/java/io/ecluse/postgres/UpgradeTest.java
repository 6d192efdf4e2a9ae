package io.ecluse.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that a real PostgreSQL 16 has made are brought to the version of the platform. */
@Timeout(180)
class UpgradeTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1/maven2/");

  @TempDir static Path once;
  @TempDir Path temporary;
  private Path folder;

  /** Each test has a copy of its own of what is made here. */
  @BeforeAll
  static void make() throws Exception {
    Path made = once.toRealPath().resolve("postgres");
    PostgresServer.open(new PostgresSettings(made, 0, Map.of())).close();
    OlderServer.replace(
        made,
        server -> {
          try {
            OlderServer.execute(server, "postgres", "CREATE DATABASE shop");
            OlderServer.execute(
                server,
                "shop",
                "CREATE TABLE words AS SELECT i, 'mot ' || i || E'\\t\\\\é' AS word FROM generate_series(1, 1000) i");
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
        });
  }

  @BeforeEach
  void copy() throws Exception {
    folder = temporary.toRealPath().resolve("postgres");
    Path made = once.toRealPath().resolve("postgres");
    // with owners and rights
    Process copy = new ProcessBuilder("cp", "-a", made.toString(), folder.toString()).start();
    assertThat(copy.waitFor()).isZero();
    assertThat(DataFolder.majorOf(folder.resolve("data"))).isEqualTo("16");
  }

  private PostgresSettings settings(Carrier carrier) {
    return new PostgresSettings(folder, new Upgrading(Map.of("shop", carrier), Upgrading.CENTRAL));
  }

  private static String text(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("shop");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private void assertAllIsThere() throws SQLException {
    try (PostgresServer server = PostgresServer.open(settings(new Words()))) {
      assertThat(text(server, "SHOW server_version")).isEqualTo(PostgresBinaries.VERSION);
      assertThat(text(server, "SELECT count(*) || ' ' || sum(i) || ' ' || max(word) FROM words"))
          .isEqualTo("1000 500500 mot 999\t\\é");
    }
    assertThat(names())
        .doesNotContain("upgrade", "upgrade.ready")
        .noneMatch(n -> n.contains("draft"));
    assertThat(DataFolder.majorOf(folder.resolve("data.postgres-16"))).isEqualTo("16");
  }

  private List<String> names() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(PostgresSettings settings, ErrorCode code, String message) {
    assertThatThrownBy(() -> PostgresServer.open(settings).close())
        .hasMessageContaining(message)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(code);
    assertThat(DataFolder.majorOf(folder.resolve("data"))).isEqualTo("16");
    assertThat(names()).noneMatch(n -> n.startsWith("data."));
  }

  @Test
  void bringsAllThatIsThereAndKeepsTheOldForAWhile() throws Exception {
    assertAllIsThere();
    assertAllIsThere();
    Files.setLastModifiedTime(
        folder.resolve("data.postgres-16"), FileTime.from(Instant.now().minus(Duration.ofDays(8))));
    PostgresServer.open(settings(new Words())).close();
    assertThat(folder.resolve("data.postgres-16")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"write 1", "read 1", "write 2"})
  void aKillInBetweenLosesNothing(String step) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Words.class.getName(),
                folder.toString(),
                step)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String last = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
      assertThat(process.waitFor()).as(last).isEqualTo(Words.KILLED);
    }
    assertThat(DataFolder.majorOf(folder.resolve("data"))).isEqualTo("16");
    assertAllIsThere();
  }

  @Test
  void aKillWhileTheNamesAreGivenLosesNothing() throws Exception {
    assertAllIsThere();
    Path data = folder.resolve("data");
    Path kept = folder.resolve("data.postgres-16");
    Path draft = folder.resolve("data.draft-1");
    // nothing has its new name
    Files.move(data, draft);
    Files.move(kept, data);
    Files.writeString(folder.resolve("upgrade.ready"), "data.draft-1\ndata.postgres-16\n");
    assertAllIsThere();
    // the old have
    Files.move(data, draft);
    Files.writeString(folder.resolve("upgrade.ready"), "data.draft-1\ndata.postgres-16\n");
    assertAllIsThere();
    // all have
    Files.writeString(folder.resolve("upgrade.ready"), "data.draft-1\ndata.postgres-16\n");
    assertAllIsThere();
  }

  @Test
  void refusesWhatWouldNotBeTheSame() throws Exception {
    assertRefused(
        settings(
            new Words() {
              @Override
              public void read(String url, Login login, Path rows)
                  throws SQLException, IOException {
                List<String> lines = Files.readAllLines(rows.resolve("words"));
                Files.write(rows.resolve("words"), lines.subList(1, lines.size()));
                super.read(url, login, rows);
                // the rows of before are as they were, to be compared with
                Files.write(rows.resolve("words"), lines);
              }
            }),
        ErrorCode.INTERNAL,
        "is not what it was");
    assertAllIsThere();
  }

  @Test
  void refusesDatabasesThatNobodyCarries() {
    assertRefused(
        new PostgresSettings(folder, new Upgrading(Map.of(), Upgrading.CENTRAL)),
        ErrorCode.CONFLICT,
        "a database shop");
  }

  @Test
  void refusesDataOfALaterVersion() throws Exception {
    Files.writeString(folder.resolve("data/PG_VERSION"), "99\n");
    assertThatThrownBy(() -> PostgresServer.open(settings(new Words())).close())
        .hasMessageContaining("made by PostgreSQL 99");
    Files.writeString(folder.resolve("data/PG_VERSION"), "16\n");
    assertAllIsThere();
  }

  private FormerPrograms programs(String name, URI repository) throws IOException {
    Path place = Files.createDirectories(temporary.resolve(name));
    return new FormerPrograms(
        ServerFiles.in(folder),
        new FormerPrograms.Places(place, temporary.resolve("no-maven"), repository));
  }

  @Test
  void saysWhereToPutTheProgramsWhenTheyAreNotToBeHad() throws Exception {
    assertThatThrownBy(() -> programs("none", NOWHERE).unpacked("16"))
        .hasMessageContaining(OlderServer.jar().getFileName().toString())
        .hasMessageContaining("Nothing was changed")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.STORAGE_UNREACHABLE);
    // as it says
    Files.copy(OlderServer.jar(), folder.resolve(OlderServer.jar().getFileName()));
    assertThat(programs("none", NOWHERE).unpacked("16").resolve("bin/postgres")).isExecutable();
    // from then on they are there
    Files.delete(folder.resolve(OlderServer.jar().getFileName()));
    assertThat(programs("none", NOWHERE).unpacked("16")).exists();
    assertThatThrownBy(() -> programs("none", NOWHERE).unpacked("9"))
        .hasMessageContaining("does not know how to read");
  }

  @Test
  void fetchesTheProgramsAndUsesNoOthers() throws Exception {
    byte[] jar = Files.readAllBytes(OlderServer.jar());
    HttpServer repository = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    repository.createContext(
        "/good/io/zonky",
        exchange -> {
          exchange.sendResponseHeaders(200, jar.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(jar);
          }
        });
    repository.createContext(
        "/bad/io/zonky",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write("evil".getBytes(StandardCharsets.UTF_8));
          }
        });
    repository.start();
    try {
      String root = "http://127.0.0.1:" + repository.getAddress().getPort();
      assertThatThrownBy(() -> programs("fetched", URI.create(root + "/bad/")).unpacked("16"))
          .hasMessageContaining("is not what it should be");
      assertThatThrownBy(() -> programs("fetched", URI.create(root + "/missing/")).unpacked("16"))
          .hasMessageContaining("it answers 404");
      Path programs = programs("fetched", URI.create(root + "/good/")).unpacked("16");
      assertThat(programs.resolve("bin/postgres")).isExecutable();
      assertThat(names()).doesNotContain("fetched.jar");
    } finally {
      repository.stop(0);
    }
  }

  /** Whoever brings the next major version has nothing to look up. */
  @Test
  void theVersionThatIsBroughtIsKnownToTheNext() throws Exception {
    String name =
        "/postgres-linux-%s.txz"
            .formatted(PostgresBinaries.machine().equals("amd64") ? "x86_64" : "arm_64");
    URL url = UpgradeTest.class.getResource(name);
    String jar = url.getPath().replaceFirst("^file:", "").replaceFirst("!.*", "");
    try (InputStream in = Files.newInputStream(Path.of(jar))) {
      String sha256 =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
      assertThat(FormerPrograms.known())
          .anySatisfy(
              known -> {
                assertThat(known.version()).isEqualTo(PostgresBinaries.VERSION + ".0");
                assertThat(known.machine()).isEqualTo(PostgresBinaries.machine());
                assertThat(known.sha256()).isEqualTo(sha256);
              });
    }
  }
}
