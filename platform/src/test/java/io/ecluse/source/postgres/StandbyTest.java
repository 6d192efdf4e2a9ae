package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.source.Finding;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Throttle;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hot standby, which streams from a primary and does not wait for its readers. */
@Timeout(60)
class StandbyTest {
  private static final Map<String, String> REPLICATED =
      Map.of("wal_level", "replica", "max_wal_senders", "4", "hot_standby", "on");

  @TempDir Path folder;
  private PostgresServer primary;
  private PostgresServer standby;

  @BeforeEach
  void start() throws Exception {
    Path first = folder.resolve("primary");
    primary = PostgresServer.open(new PostgresSettings(first, 0, REPLICATED));
    execute("CREATE TABLE lessons AS SELECT i AS id FROM generate_series(1, 1000) t(i)");
    primary.close();
    Path second = folder.resolve("standby");
    Files.createDirectory(second);
    // no other file: those of the guardian come and go until it has ended
    copy(first.resolve("data"), second.resolve("data"));
    Files.copy(
        first.resolve("password"), second.resolve("password"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createFile(second.resolve("data/standby.signal"));
    primary = PostgresServer.open(new PostgresSettings(first, 0, REPLICATED));
    Map<String, String> options = new HashMap<>(REPLICATED);
    options.put("max_standby_streaming_delay", "0");
    options.put(
        "primary_conninfo",
        "host=127.0.0.1 port=%d user=%s password=%s"
            .formatted(primary.port(), primary.user(), primary.password()));
    standby = PostgresServer.open(new PostgresSettings(second, 0, options));
  }

  @AfterEach
  void stop() {
    Stream.of(standby, primary).filter(Objects::nonNull).forEach(PostgresServer::close);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = primary.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Path made = to.resolve(from.relativize(folder).toString());
            Files.createDirectories(made);
            Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(folder));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                to.resolve(from.relativize(file).toString()),
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private PostgresSourceSettings settings() {
    return UnknownErp.settings(
        new PostgresSourceSettings.Server(
            "127.0.0.1",
            standby.port(),
            "postgres",
            standby.user(),
            standby.password(),
            "disable",
            Optional.empty(),
            Duration.ofSeconds(10)),
        "public");
  }

  /** The primary of a standby, as somebody who may do nothing but sign in. */
  private PostgresSourceSettings stranger() throws SQLException {
    execute("CREATE ROLE stranger LOGIN PASSWORD 'unused'");
    execute("ALTER ROLE stranger PASSWORD '%s'".formatted(primary.password()));
    execute("GRANT SELECT ON lessons TO stranger");
    return UnknownErp.settings(
        new PostgresSourceSettings.Server(
            "127.0.0.1",
            primary.port(),
            "postgres",
            "stranger",
            primary.password(),
            "disable",
            Optional.empty(),
            Duration.ofSeconds(10)),
        "public");
  }

  /** What is behind, on either side of the stream, and the right to see it. */
  private void lagIsSeen() throws SQLException {
    PostgresSourceSettings stranger = stranger();
    Finding hidden = standby(stranger);
    assertThat(hidden.found()).contains("of 1 replicas, but user stranger may not see");
    assertThat(hidden.remedy()).containsExactly("GRANT pg_read_all_stats TO \"stranger\";");
    try (Connection connection = connect(stranger)) {
      assertThat(ServerGlances.lag(connection).hidden()).isEqualTo(1);
      assertThat(ServerGlances.lag(connection).seconds()).isEmpty();
      execute(hidden.remedy().get(0));
      assertThat(standby(stranger).state()).isEqualTo(Finding.State.OK);
      assertThat(ServerGlances.lag(connection).hidden()).isZero();
      assertThat(ServerGlances.lag(connection).seconds()).isPresent();
    }
    try (Connection connection = connect(settings());
        Connection owner = standby.connect("postgres");
        Statement statement = owner.createStatement()) {
      statement.execute("SELECT pg_wal_replay_pause()");
      ServerGlances glances = new ServerGlances(connection);
      execute("SELECT pg_logical_emit_message(true, 'ecluse', 'late')");
      Throttle throttle = new Throttle(new ImpactLimits(Optional.of(0.2), Optional.empty()));
      double behind = 0;
      while (behind < glances.usualLag() * 2 + 1) {
        behind = glances.look();
      }
      double free = throttle.rate();
      throttle.lagged(glances.usualLag(), behind);
      assertThat(throttle.rate()).isLessThan(free);
      assertThat(glances.lag().orElseThrow().during()).isGreaterThanOrEqualTo(behind);
      statement.execute("SELECT pg_wal_replay_resume()");
    }
  }

  private static Connection connect(PostgresSourceSettings settings) {
    return new PostgresConnections(settings, new PostgresErrors(settings)).openIdle();
  }

  private static Finding standby(PostgresSourceSettings settings) {
    List<Finding> findings = new ArrayList<>();
    new PostgresInspection(settings).check(List.of(), findings::add);
    return findings.stream().filter(f -> f.check().equals("standby")).findFirst().orElseThrow();
  }

  @Test
  void isReadInASnapshotAndCheckedForWhatItMayCancelAndHowFarItIsBehind() throws Exception {
    List<Finding> findings = new ArrayList<>();
    new PostgresInspection(settings()).check(List.of(), findings::add);

    assertThat(findings)
        .filteredOn(f -> f.state() != Finding.State.OK)
        .singleElement()
        .satisfies(f -> assertThat(f.check()).isEqualTo("standby"))
        .satisfies(f -> assertThat(f.found()).contains("max_standby_streaming_delay 0 s"))
        .satisfies(
            f ->
                assertThat(f.remedy())
                    .containsExactly(
                        "ALTER SYSTEM SET max_standby_streaming_delay = '300s'; SELECT pg_reload_conf();"));
    assertThat(new PostgresInspection(settings()).discover((w, d, t) -> {}).streams())
        .singleElement()
        .satisfies(s -> assertThat(s.name()).isEqualTo("lessons"));

    lagIsSeen();

    PostgresErrors errors = new PostgresErrors(settings());
    EcluseException cancelled = cancelled(errors);
    assertThat(cancelled.code()).isEqualTo(ErrorCode.SOURCE_LOST);
    assertThat(cancelled)
        .hasMessageContaining("reading table lessons lost its snapshot")
        .hasMessageContaining("raise max_standby_streaming_delay or set hot_standby_feedback = on");
  }

  /** A reader holds rows that the primary removes for good. */
  private EcluseException cancelled(PostgresErrors errors) throws SQLException {
    try (Connection connection = new PostgresConnections(settings(), errors).open();
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM lessons")) {
        rows.next();
      }
      execute("DELETE FROM lessons");
      execute("VACUUM lessons");
      try {
        statement.execute("SELECT count(*), pg_sleep(40) FROM lessons");
        statement.execute("SELECT count(*) FROM lessons");
      } catch (SQLException e) {
        return errors.reading("reading table lessons", e);
      }
    }
    throw new AssertionError("The standby waited for its reader");
  }
}
