package io.ecluse.flow;

import static io.ecluse.flow.LabFixture.assertRefused;
import static io.ecluse.flow.LabFixture.publish;
import static io.ecluse.flow.LabFixture.restore;
import static io.ecluse.flow.LabFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.backup.Backups;
import io.ecluse.error.ErrorCode;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.schema.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of projects whose metadata are in a PostgreSQL of somebody else's, and into one. */
@Timeout(180)
class RestoreDatabaseTest {
  private static final String CONFIGURED =
      """
      database: { url: "${env:LAB_DATABASE}" }
      """;

  @TempDir Path folder;

  private static String url(PostgresServer server, String database) {
    server.ensureDatabase(database);
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(server.user(), server.password(), server.port(), database);
  }

  private static String newDatabase() {
    return url(Servers.server(), Servers.newDatabase());
  }

  private static Map<String, String> told(String url) {
    return Map.of("LAB_DATABASE", url);
  }

  /** A backup of a project that has published 1, 2 and 3 rows. */
  private Path backUp(String settings, Map<String, String> variables) throws IOException {
    Path project = LabFixture.project(folder.resolve("p"), settings);
    try (Platform platform = LabFixture.open(project, variables)) {
      for (int n = 1; n <= 3; n++) {
        publish(platform, "r" + n, n);
      }
      platform.backup().into(new Backups(folder.resolve("backups")));
    }
    return folder.resolve("backups");
  }

  @Test
  void goesIntoTheDatabaseOfTheProjectOnAnotherServer() throws IOException {
    String first = newDatabase();
    Path backups = backUp(CONFIGURED, told(first));
    try (PostgresServer second =
        PostgresServer.open(new PostgresSettings(folder.resolve("second"), 0, Map.of()))) {
      Map<String, String> elsewhere = told(url(second, "other"));
      Path q = folder.resolve("q");
      restore(backups, Optional.empty(), q, elsewhere);
      assertThat(q.resolve(".ecluse/postgres")).doesNotExist();

      // the original is on the same machine, and both go their own ways
      try (Platform original = LabFixture.open(folder.resolve("p"), told(first));
          Platform restored = LabFixture.open(q, elsewhere)) {
        assertThat(restored.warehouse().tables()).isEqualTo(original.warehouse().tables());
        restored.warehouse().rollBack("r3");
        restored.maintenance().run(Effect.REMOVE);
        assertThat(rows(restored)).isEqualTo("2");
        assertThat(rows(original)).isEqualTo("3");
        publish(restored, "r5", 5);
        original.maintenance().run(Effect.REMOVE);
        assertThat(rows(restored)).isEqualTo("5");
        assertThat(rows(original)).isEqualTo("3");
        assertThat(DemoFixture.rows(restored, "select max(n) from lab.numbers").get(0))
            .containsExactly("4");
      }
    }
  }

  @Test
  void goesFromAPrivateOneIntoTheOneOfTheEnvironmentAndBack() throws IOException {
    Map<String, String> variables = Map.of(Platform.DATABASE_URL, newDatabase());
    Path backups = backUp("", Map.of());
    Path q = folder.resolve("q");
    restore(backups, Optional.empty(), q, variables);
    assertThat(q.resolve(".ecluse/postgres")).doesNotExist();
    Path again = folder.resolve("again.tar");
    try (Platform platform = LabFixture.open(q, variables)) {
      assertThat(rows(platform)).isEqualTo("3");
      platform.backup().into(new Backups(again));
    }
    restore(again, folder.resolve("r"));
    assertThat(rows(folder.resolve("r"))).isEqualTo("3");
    assertThat(folder.resolve("r/.ecluse/postgres")).exists();
  }

  @Test
  void refusesADatabaseThatIsNotEmptyAndLeavesItAlone() throws IOException {
    String first = newDatabase();
    Path backups = backUp(CONFIGURED, told(first));
    assertRefused(
        ErrorCode.CONFLICT,
        "is not empty: it has the state of a project already",
        () -> restore(backups, Optional.empty(), folder.resolve("q"), told(first)));
    assertThat(folder.resolve("q")).doesNotExist();
    try (Platform original = LabFixture.open(folder.resolve("p"), told(first))) {
      assertThat(rows(original)).isEqualTo("3");
    }
  }

  @Test
  void saysWhatIsMissingAndLeavesNothing() throws IOException {
    Path backups = backUp(CONFIGURED, told(newDatabase()));
    Path q = folder.resolve("q");
    assertRefused(
        ErrorCode.SECRET_MISSING,
        "LAB_DATABASE",
        () -> restore(backups, Optional.empty(), q, Map.of()));
    assertThat(q).doesNotExist();
    assertRefused(
        ErrorCode.DATABASE_UNREACHABLE,
        "127.0.0.1:1",
        () -> restore(backups, Optional.empty(), q, told("postgresql://u:p4ss@127.0.0.1:1/none")));
    assertThat(q).doesNotExist();
  }

  @Test
  void beginsAnewWhereARestoreWasKilled() throws IOException {
    String database = Servers.newDatabase();
    Servers.execute(
        database,
        """
        CREATE SCHEMA ecluse; CREATE TABLE ecluse.run (x int);
        CREATE TABLE ecluse.flyway_schema_history (version text, success boolean);
        INSERT INTO ecluse.flyway_schema_history VALUES ('1', true);
        COMMENT ON SCHEMA ecluse IS 'its restore is not finished'
        """);
    Map<String, String> variables = told(url(Servers.server(), database));
    Path backups = backUp(CONFIGURED, told(newDatabase()));
    restore(backups, Optional.empty(), folder.resolve("q"), variables);
    try (Platform restored = LabFixture.open(folder.resolve("q"), variables)) {
      assertThat(rows(restored)).isEqualTo("3");
    }
    assertRefused(
        ErrorCode.CONFLICT,
        "is not empty",
        () -> restore(backups, Optional.empty(), folder.resolve("r"), variables));
  }

  @Test
  void nobodyWorksOnAProjectThatIsHalfRestored() throws IOException {
    Path backups = backUp("", Map.of());
    Path q = folder.resolve("q");
    restore(backups, q);
    Files.createDirectories(q.resolve(".ecluse/restoring")); // as a killed one leaves it
    assertRefused(ErrorCode.CONFLICT, "remove the folder", () -> LabFixture.open(q).close());
    assertRefused(ErrorCode.ALREADY_EXISTS, "not empty", () -> restore(backups, q));
  }

  @Test
  void neverSharesTheTablesOfTheOriginal() throws IOException {
    Path tables = folder.resolve("tables");
    String settings = CONFIGURED + "warehouse: { location: \"%s\" }\n".formatted(tables);
    String first = newDatabase();
    Path backups = backUp(settings, told(first));
    Map<String, String> second = told(newDatabase());
    restore(backups, Optional.empty(), folder.resolve("q"), second);
    assertRefused(
        ErrorCode.WAREHOUSE_MISMATCH,
        "is the warehouse of another project",
        () -> LabFixture.open(folder.resolve("q"), second).close());
    try (Platform original = LabFixture.open(folder.resolve("p"), told(first))) {
      assertThat(rows(original)).isEqualTo("3");
    }
    // as the message says
    Files.writeString(folder.resolve("q/ecluse.yaml"), "name: lab\n" + CONFIGURED);
    try (Platform restored = LabFixture.open(folder.resolve("q"), second)) {
      assertThat(rows(restored)).isEqualTo("3");
    }
  }

  @Test
  void leavesOutEnvironmentsOfOtherDatabases() throws IOException {
    String settings =
        """
        environments:
          dev: {}
          test: {}
          prod: { database: { url: "${env:PROD_DATABASE}" } }
        """;
    Path project = LabFixture.project(folder.resolve("p"), settings);
    try (Platform platform = LabFixture.open(project)) {
      assertThat(platform.environments().ofDatabase()).containsExactly("dev", "test");
      assertThat(platform.backup().warehouses()).containsOnlyKeys("dev", "test");
    }
  }
}
