package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ecluse.Servers;
import io.ecluse.source.Finding;
import io.ecluse.source.Finding.State;
import io.ecluse.source.SourceInspection.WantedStream;
import io.ecluse.source.postgres.PostgresSourceSettings.Server;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PostgresCheckTest {
  private static final String TABLES =
      """
      CREATE TABLE students (id int PRIMARY KEY, email text);
      CREATE TABLE grades (student_id int, subject text, grade real, PRIMARY KEY (student_id, subject));
      CREATE TABLE "Lessons" (id int);
      """;

  @TempDir Path folder;
  private final String database = Servers.newDatabase();

  private static List<Finding> check(PostgresSourceSettings settings, WantedStream... wanted) {
    return check(settings, Duration.ofMinutes(10), wanted);
  }

  private static List<Finding> check(
      PostgresSourceSettings settings, Duration old, WantedStream... wanted) {
    List<Finding> findings = new ArrayList<>();
    new PostgresInspection(settings, old).check(List.of(wanted), findings::add);
    assertThat(findings.toString()).doesNotContain(settings.server().password());
    return findings;
  }

  private static List<Finding> bad(List<Finding> findings) {
    return findings.stream().filter(f -> f.state() != State.OK).toList();
  }

  private static Finding only(List<Finding> findings, String check) {
    List<Finding> those = bad(findings).stream().filter(f -> f.check().equals(check)).toList();
    assertThat(those).as(findings.toString()).hasSize(1);
    return those.get(0);
  }

  private static WantedStream wanted(String name, String... key) {
    return new WantedStream(name, List.of(key), Optional.empty());
  }

  @Test
  void isContentWithASourceThatIsRight() {
    Servers.execute(database, TABLES);

    List<Finding> findings =
        check(
            UnknownErp.settings(database, "public"),
            wanted("students", "id"),
            wanted("grades", "subject", "student_id"),
            wanted("Lessons"));

    assertThat(bad(findings)).isEmpty();
    assertThat(findings)
        .extracting(Finding::check)
        .containsExactly(
            "name",
            "port",
            "tls",
            "password",
            "database",
            "version",
            "schema",
            "streams",
            "select",
            "primary_key",
            "future_tables",
            "slots",
            "timeouts",
            "standby",
            "transactions",
            "locks",
            "snapshot");
  }

  /** Whatever SQL it says to run is run; then nothing is missing, tomorrow's tables included. */
  @Test
  void saysTheVerySqlThatMakesASourceRight() {
    Servers.execute(database, "CREATE SCHEMA \"ERP 2\"; SET search_path = \"ERP 2\"; " + TABLES);
    Servers.execute(
        database,
        "ALTER TABLE \"ERP 2\".students ENABLE ROW LEVEL SECURITY; REVOKE CONNECT ON DATABASE %s FROM PUBLIC"
            .formatted(database));
    PostgresSourceSettings reader = UnknownErp.reader(database, "ERP 2");
    Servers.execute(
        database,
        "ALTER ROLE %s SET transaction_timeout = '4min'; ALTER ROLE %s CONNECTION LIMIT 0"
            .formatted(reader.server().user(), reader.server().user()));

    List<String> missing = new ArrayList<>();
    List<Finding> findings = check(reader);
    for (int round = 0; round < 5 && !bad(findings).isEmpty(); round++) {
      for (Finding finding : bad(findings)) {
        missing.add(finding.check());
        finding.remedy().stream()
            .flatMap(r -> r.lines())
            .map(r -> r.replaceFirst("^run there: ", ""))
            .filter(r -> r.endsWith(";"))
            .forEach(sql -> Servers.execute(database, sql));
        if (finding.check().equals("slots")) {
          Servers.execute(
              database, "ALTER ROLE %s CONNECTION LIMIT 9".formatted(reader.server().user()));
        }
      }
      findings = check(reader);
    }

    assertThat(missing)
        .containsExactlyInAnyOrder(
            "slots", "database", "schema", "select", "row_security", "future_tables", "timeouts");
    assertThat(bad(findings)).isEmpty();
    Servers.execute(database, "CREATE TABLE \"ERP 2\".exams (id int)");
    assertThat(bad(check(reader))).isEmpty();
  }

  @Test
  void tellsStreamsAndKeysThatAreNotThere() {
    Servers.execute(database, TABLES);

    List<Finding> findings =
        check(
            UnknownErp.settings(database, "public"),
            wanted("students", "email"),
            wanted("grades", "student_id", "subjct"),
            wanted("lessons"),
            wanted("exams"),
            wanted("Lessons", "id"));

    assertThat(bad(findings))
        .extracting(f -> f.check() + ": " + f.found() + " → " + String.join(" ", f.remedy()))
        .containsExactly(
            "streams: there is no table lessons in schema public → PostgreSQL tells case apart: write Lessons",
            "streams: there is no table exams in schema public → correct or remove the stream in the source's file; ecluse source discover erp tells what there is",
            "primary_key: the primary key of students is id, but the file says email → write primary_key: [id]",
            "primary_key: grades has no column subjct, which the file names in its primary key → correct primary_key of grades; its columns are: student_id, subject, grade",
            "primary_key: Lessons has no primary key there: nothing makes id unique → test that it is unique and not null in a model that reads it");
  }

  @Test
  void tellsCursorsThatAreNotThereOrMakeTheServerScan() {
    Servers.execute(
        database,
        TABLES
            + "ALTER TABLE students ADD updated_at timestamptz, ADD seen timestamptz;"
            + "CREATE INDEX ON students (updated_at)");

    List<Finding> findings =
        check(
            UnknownErp.settings(database, "public"),
            new WantedStream("students", List.of("id"), Optional.of("updated_at")),
            new WantedStream("students", List.of("id"), Optional.of("seen")),
            new WantedStream("grades", List.of(), Optional.of("updated")));

    assertThat(findings)
        .filteredOn(f -> f.check().equals("cursor"))
        .extracting(Finding::state, f -> String.join(" ", f.remedy()))
        .containsExactly(
            tuple(State.OK, ""),
            tuple(State.NOTE, "CREATE INDEX CONCURRENTLY ON \"public\".\"students\" (\"seen\");"),
            tuple(
                State.PROBLEM,
                "correct cursor of grades; its columns are: student_id, subject, grade"));
  }

  @Test
  void tellsSchemasThatAreNotThereOrEmpty() {
    Servers.execute(database, "CREATE SCHEMA erp; CREATE TABLE erp.students (id int)");

    assertThat(only(check(UnknownErp.settings(database, "erpp")), "schema").found())
        .contains("there is no schema erpp", "erp, public");
    assertThat(only(check(UnknownErp.settings(database, "public")), "streams").found())
        .contains("holds no table", "erp (1 tables)");
  }

  @Test
  void tellsAServerThatIsNotReachable() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(check(unreachable("127.0.0.1", free)))
        .extracting(Finding::check, Finding::state)
        .containsExactly(tuple("name", State.OK), tuple("port", State.UNREACHABLE));
    assertThat(check(unreachable("erp.school.invalid", 5432)))
        .singleElement()
        .extracting(Finding::check, Finding::state)
        .containsExactly("name", State.UNREACHABLE);
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Finding finding = only(check(unreachable("127.0.0.1", mute.getLocalPort())), "port");
      assertThat(finding.state()).isEqualTo(State.UNREACHABLE);
      assertThat(finding.found()).contains("within extract.connect_timeout (1 s)");
    }
  }

  private static PostgresSourceSettings unreachable(String host, int port) {
    return UnknownErp.settings(
        new Server(
            host,
            port,
            "erp",
            "reader",
            "s3cret",
            "disable",
            Optional.empty(),
            Duration.ofSeconds(1)),
        "public");
  }

  @Test
  void tellsAPasswordThatIsWrong() {
    Server right = UnknownErp.settings(database, "public").server();
    Server wrong =
        new Server(
            right.host(),
            right.port(),
            right.database(),
            right.user(),
            "not-this",
            "prefer",
            Optional.empty(),
            right.connectTimeout());

    Finding finding = only(check(UnknownErp.settings(wrong, "public")), "password");

    assertThat(finding.state()).isEqualTo(State.PROBLEM);
    assertThat(finding.remedy().get(0)).contains("secret behind connection.password");
  }

  @Test
  void countsTheConnectionsThatAreLeft() {
    Servers.execute(database, TABLES);
    PostgresSourceSettings reader = UnknownErp.reader(database, "public");
    Servers.execute(database, "ALTER ROLE %s CONNECTION LIMIT 2".formatted(reader.server().user()));

    Finding finding = only(check(reader), "slots");

    assertThat(finding.found()).isEqualTo("2 connections of the role are free, an extract takes 4");
    assertThat(finding.remedy()).containsExactly("set extract.connections: 1");
  }

  @Test
  void tellsWhoHoldsOldTransactionsAndLocks() throws Exception {
    Servers.execute(database, TABLES);
    try (Connection holder = Servers.server().connect(database);
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE students IN ACCESS EXCLUSIVE MODE");
      int pid = Integer.parseInt(PostgresCatalog.text(holder, "SELECT pg_backend_pid()"));

      List<Finding> findings = check(UnknownErp.settings(database, "public"), Duration.ZERO);

      assertThat(only(findings, "transactions").found()).contains("process " + pid + " of ecluse");
      assertThat(only(findings, "transactions").remedy().get(0)).contains("IN (" + pid + ")");
      assertThat(only(findings, "locks").found()).contains("students by process " + pid);
      assertThat(bad(findings)).allMatch(f -> f.state() == State.NOTE);
    }
  }

  @Test
  void tellsWhetherTheConnectionIsEncryptedAndProven() throws Exception {
    try (GuardedServer guarded = GuardedServer.start(folder)) {
      guarded.execute("CREATE TABLE students (id int)");
      Server server =
          new Server(
              "localhost",
              guarded.server().port(),
              "postgres",
              guarded.server().user(),
              guarded.server().password(),
              "verify-full",
              Optional.of(guarded.certificate().toString()),
              Duration.ofSeconds(10));

      assertThat(check(UnknownErp.settings(server, "public")))
          .filteredOn(f -> f.check().equals("tls"))
          .singleElement()
          .satisfies(f -> assertThat(f.state()).isEqualTo(State.OK))
          .satisfies(
              f -> assertThat(f.found()).startsWith("TLSv1.").contains("certificate is verified"));

      Server stranger =
          new Server(
              server.host(),
              server.port(),
              server.database(),
              server.user(),
              server.password(),
              "verify-full",
              Optional.of(guarded.anotherCertificate().toString()),
              server.connectTimeout());
      Finding finding = only(check(UnknownErp.settings(stranger, "public")), "tls");
      assertThat(finding.state()).isEqualTo(State.PROBLEM);
      assertThat(finding.remedy().get(0)).contains("connection.sslrootcert");
    }
  }

  @Test
  void knowsWhatAVersionMeans() {
    assertThat(PostgresCheck.version(170_010))
        .isEqualTo(Finding.ok("version", "PostgreSQL 17.10 reads page ranges"));
    assertThat(PostgresCheck.version(130_021).state()).isEqualTo(State.NOTE);
    assertThat(PostgresCheck.version(130_021).found()).contains("PostgreSQL 13.21");
    assertThat(PostgresCheck.version(90_624).state()).isEqualTo(State.PROBLEM);
    assertThat(PostgresCheck.version(90_624).found()).contains("PostgreSQL 9.6");
  }
}
