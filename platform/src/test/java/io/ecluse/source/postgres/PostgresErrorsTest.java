package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.Discovery;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Finding;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.source.StagedWarehouse;
import io.ecluse.source.postgres.PostgresSourceSettings.Server;
import io.ecluse.staging.BatchManifest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each way in which a source fails, brought about for real: the message has cause and remedy. */
@Timeout(60)
class PostgresErrorsTest extends ErrorsLab {
  @Test
  void aHostThatNobodyKnows() {
    EcluseException e = connecting(server("erp.school.invalid", 5432, "erp", "reader"));

    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
    assertThat(e)
        .hasMessageContaining("the host erp.school.invalid has no address")
        .hasMessageContaining("check connection.host");
  }

  @Test
  void aPortOnWhichNothingListens() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    EcluseException e = connecting(server("127.0.0.1", port, "erp", "reader"));

    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
    assertThat(e)
        .hasMessageContaining("127.0.0.1:" + port + ": nothing listens on that port")
        .hasMessageContaining("check connection.port");
  }

  @Test
  void aServerThatNeverAnswers() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      EcluseException e =
          connecting(
              new Server(
                  "127.0.0.1",
                  mute.getLocalPort(),
                  "erp",
                  "reader",
                  "wrong-secret",
                  "disable",
                  Optional.empty(),
                  Duration.ofSeconds(1)));

      assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
      assertThat(e)
          .hasMessageContaining("within extract.connect_timeout (1 s)")
          .hasMessageContaining("firewall");
    }
  }

  @Test
  void aWrongPasswordOrAnUnknownUser() {
    for (String user : new String[] {Servers.server().user(), "nobody_of_that_name"}) {
      EcluseException e = connecting(local("postgres", user, "wrong-secret", "prefer"));

      assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
      assertThat(e)
          .hasMessageContaining("refused user " + user)
          .hasMessageContaining("secret behind connection.password");
    }
  }

  @Test
  void aPasswordThatIsMissing() {
    EcluseException e = connecting(local("postgres", Servers.server().user(), "", "prefer"));

    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(e)
        .hasMessageContaining("wants a password")
        .hasMessageContaining("ecluse secret erp_password");
  }

  @Test
  void aDatabaseThatIsNotThere() {
    EcluseException e =
        connecting(local("erq", Servers.server().user(), Servers.server().password(), "prefer"));

    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(e)
        .hasMessageContaining("no database erq")
        .hasMessageContaining("check connection.database");
  }

  @Test
  void aUserWithoutTheRightToConnectToSignInOrToOneMoreConnection() {
    String database = Servers.newDatabase();
    Server reader = UnknownErp.reader(database, "public").server();
    Servers.execute(database, "REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(database));
    EcluseException unconnected = connecting(reader);
    assertThat(unconnected.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(unconnected)
        .hasMessageContaining(
            "GRANT CONNECT ON DATABASE \"%s\" TO \"%s\";".formatted(database, reader.user()));

    Servers.execute(
        database,
        "GRANT CONNECT ON DATABASE %s TO %s; ALTER ROLE %s CONNECTION LIMIT 0"
            .formatted(database, reader.user(), reader.user()));
    EcluseException full = connecting(reader);
    assertThat(full.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
    assertThat(full).hasMessageContaining("no connection left for user " + reader.user());

    Servers.execute(database, "ALTER ROLE %s NOLOGIN".formatted(reader.user()));
    EcluseException closed = connecting(reader);
    assertThat(closed.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(closed).hasMessageContaining("ALTER ROLE \"%s\" LOGIN;".formatted(reader.user()));
  }

  @Test
  void aStatementThatTakesTooLong() {
    PostgresSourceSettings hasty =
        LocalErp.plain(
            "erp",
            local("postgres", Servers.server().user(), Servers.server().password(), "disable"),
            "public",
            1,
            Duration.ofMillis(50),
            Duration.ofSeconds(5));

    EcluseException e = reading(hasty, "SELECT pg_sleep(50)", () -> {});

    assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT);
    assertThat(e).hasMessageContaining("raise extract.statement_timeout");
  }

  /** A policy that hides rows would make an extract lose them, equal by every count. */
  @Test
  void aTableOfWhichAPolicyHidesRows() {
    String database = Servers.newDatabase();
    PostgresSourceSettings reader = UnknownErp.reader(database, "public");
    Servers.execute(
        database,
        """
        CREATE TABLE grades (id int PRIMARY KEY, teacher name);
        INSERT INTO grades VALUES (1, '%1$s'), (2, 'somebody else');
        ALTER TABLE grades ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON grades USING (teacher = current_user);
        CREATE VIEW all_grades WITH (security_invoker) AS SELECT * FROM grades;
        GRANT SELECT ON grades, all_grades TO "%1$s";
        """
            .formatted(reader.server().user()));

    try (StagedWarehouse stage = new StagedWarehouse(folder)) {
      for (String stream : List.of("grades", "all_grades")) {
        assertThatThrownBy(() -> extract(stage, reader, stream))
            .hasMessageContaining("row-level policies may hide rows of")
            .hasMessageContaining(
                "run there: ALTER ROLE \"%s\" BYPASSRLS;".formatted(reader.server().user()))
            .hasMessageContaining("extract.row_security: apply")
            .extracting(e -> ((EcluseException) e).code())
            .isEqualTo(ErrorCode.SOURCE_REFUSED);
        assertThat(stage.staging().newest("erp", stream)).isEmpty();
      }
      PostgresSourceSettings own = LocalErp.applying(reader);
      assertThat(extract(stage, own, "grades").get(0).rows()).isEqualTo(1);

      Servers.execute(database, "ALTER ROLE \"%s\" BYPASSRLS".formatted(reader.server().user()));
      assertThat(extract(stage, reader, "grades").get(0).rows()).isEqualTo(2);
    }
  }

  @Test
  void namesThatDifferOnlyByCase() {
    String database = Servers.newDatabase();
    Servers.execute(
        database,
        """
        CREATE TABLE grades AS SELECT 1 AS id, 12.5 AS note, 'good' AS "NOTE";
        CREATE TABLE lessons AS SELECT 1 AS id;
        CREATE TABLE "Lessons" AS SELECT 2 AS id;
        """);
    PostgresSourceSettings settings = UnknownErp.settings(database, "public");
    PostgresInspection inspection = new PostgresInspection(settings);

    try (StagedWarehouse stage = new StagedWarehouse(folder)) {
      assertThatThrownBy(() -> extract(stage, settings, "grades"))
          .hasMessageContaining("erp.grades: the columns note and NOTE differ only by case")
          .hasMessageContaining("make a view there that names them apart");
      assertThatThrownBy(() -> extract(stage, settings))
          .hasMessageContaining("the streams Lessons and lessons differ only by case")
          .hasMessageContaining("name the one that you want under streams");
      assertThat(extract(stage, settings, "Lessons").get(0).rows()).isEqualTo(1);
    }
    assertThat(inspection.discover((what, done, total) -> {}).leftOut())
        .extracting(Discovery.LeftOut::name)
        .containsExactly("grades", "lessons");
    List<Finding> findings = new ArrayList<>();
    inspection.check(List.of(), findings::add);
    assertThat(findings)
        .filteredOn(f -> f.state() == Finding.State.PROBLEM)
        .extracting(Finding::found)
        .anyMatch(f -> f.startsWith("Lessons and lessons differ only by case"))
        .anyMatch(f -> f.startsWith("grades: the columns note and NOTE differ only by case"));
  }

  private static List<BatchManifest> extract(
      StagedWarehouse stage, PostgresSourceSettings settings, String... streams) {
    return new PostgresSource(
            settings, new Landing.Stage(stage.staging(), stage.engine().parts(), Clock.systemUTC()))
        .extract(
            new ExtractRequest(
                UUID.randomUUID().toString(), "run1", List.of(streams), RowsWanted.AS_PLANNED),
            new SilentListener());
  }

  @Test
  void aTableThatIsLockedMissingOrClosed() throws SQLException {
    String database = Servers.newDatabase();
    PostgresSourceSettings reader = UnknownErp.reader(database, "public");
    PostgresSourceSettings hasty =
        LocalErp.plain(
            "erp", reader.server(), "public", 1, Duration.ofSeconds(50), Duration.ofMillis(50));
    Servers.execute(database, "CREATE TABLE students (id int)");

    EcluseException closed = reading(reader, "SELECT * FROM students", () -> {});
    assertThat(closed.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(closed)
        .hasMessageContaining("lacks a right for reading table students")
        .hasMessageContaining(
            "GRANT SELECT ON ALL TABLES IN SCHEMA \"public\" TO \"%s\";"
                .formatted(reader.server().user()));

    Servers.execute(database, "GRANT SELECT ON students TO " + reader.server().user());
    try (Connection holder = Servers.server().connect(database);
        Statement lock = holder.createStatement()) {
      holder.setAutoCommit(false);
      lock.execute("LOCK TABLE students");
      EcluseException locked = reading(hasty, "SELECT * FROM students", () -> {});
      assertThat(locked.code()).isEqualTo(ErrorCode.SOURCE_LOST);
      assertThat(locked)
          .hasMessageContaining("extract.lock_timeout")
          .hasMessageContaining("pg_blocking_pids");
    }

    EcluseException missing = reading(reader, "SELECT * FROM studens", () -> {});
    assertThat(missing.code()).isEqualTo(ErrorCode.SOURCE_CHANGED);
    assertThat(missing).hasMessageContaining("ecluse source check erp");
  }

  @Test
  void aSessionThatTheServerEnds() {
    String database = Servers.newDatabase();
    PostgresSourceSettings reader = UnknownErp.reader(database, "public");
    String user = reader.server().user();

    EcluseException killed =
        reading(
            reader,
            "SELECT 1",
            () ->
                Servers.execute(
                    database,
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = '"
                        + user
                        + "'"));
    assertThat(killed.code()).isEqualTo(ErrorCode.SOURCE_LOST);
    assertThat(killed).hasMessageContaining("the connection was lost");

    Servers.execute(database, "ALTER ROLE %s SET transaction_timeout = 50".formatted(user));
    EcluseException cut = reading(reader, "SELECT pg_sleep(50)", () -> {});
    assertThat(cut.code()).isEqualTo(ErrorCode.SOURCE_LOST);
    assertThat(cut)
        .hasMessageContaining("ALTER ROLE \"%s\" SET transaction_timeout = 0;".formatted(user));
  }
}
