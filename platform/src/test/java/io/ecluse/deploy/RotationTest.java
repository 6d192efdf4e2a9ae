package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways of docs/deploy/rotation.md that no other test goes. */
@Timeout(180)
class RotationTest {
  @TempDir Path folder;

  private static Platform open(Path project, Map<String, String> variables) {
    return new Platform(
        new Platform.Opening(
            project, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 2, variables));
  }

  private void secret(String name, String value) throws IOException {
    Path file = Files.createDirectories(folder.resolve(".ecluse/secrets")).resolve(name);
    Files.writeString(file, value + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String role(String password) {
    String role = "r" + System.nanoTime();
    Servers.execute("postgres", "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(role, password));
    return role;
  }

  private static void change(String role, String password) {
    Servers.execute("postgres", "ALTER ROLE %s PASSWORD '%s'".formatted(role, password));
  }

  @Test
  void aNewPasswordOfASourceCountsFromTheNextTaskOnWithoutARestart() throws IOException {
    String erp = Servers.newDatabase();
    String role = role("first-word");
    Servers.execute(
        erp,
        "CREATE TABLE students (id int PRIMARY KEY); INSERT INTO students VALUES (1); GRANT SELECT ON students TO "
            + role);
    Files.createDirectories(folder.resolve("sources"));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: rotated\n");
    Files.writeString(
        folder.resolve("sources/erp.yaml"),
        """
        type: postgres
        connection: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: "${secret:erp_password}" }
        streams: { students: {} }
        """
            .formatted(Servers.server().port(), erp, role));
    Files.writeString(
        folder.resolve("dags/all.yaml"), "retries: 0\ntasks: { read: { extract: erp } }\n");
    secret("erp_password", "first-word");
    Map<String, String> variables =
        Map.of(Platform.DATABASE_URL, Servers.url(Servers.newMigratedDatabase()));
    try (Platform platform = open(folder, variables)) {
      SchoolAnywhere.run(platform);
      change(role, "second-word");
      Run refused = SchoolAnywhere.ended(platform);
      assertThat(refused.state()).isEqualTo(RunState.FAILED);
      assertThat(String.valueOf(platform.scheduler().task(refused.id(), "read")))
          .doesNotContain("first-word");
      secret("erp_password", "second-word");
      SchoolAnywhere.run(platform);
    }
  }

  @Test
  void aNewPasswordOfTheMetadataDatabaseCountsFromTheNextStartOn() throws IOException {
    String database = Servers.newMigratedDatabase();
    String role = role("first-word");
    Servers.execute(database, "GRANT %s TO %s".formatted(Servers.server().user(), role));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: rotated\n");
    String url =
        "postgresql://%s:%%s@127.0.0.1:%d/%s".formatted(role, Servers.server().port(), database);
    try (Platform platform =
        open(folder, Map.of(Platform.DATABASE_URL, url.formatted("first-word")))) {
      change(role, "second-word");
      assertThat(platform.scheduler().programs()).as("who is in stays in").isEmpty();
    }
    assertThatThrownBy(
            () -> open(folder, Map.of(Platform.DATABASE_URL, url.formatted("first-word"))).close())
        .hasMessageNotContaining("first-word")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATABASE_REFUSED);
    try (Platform platform =
        open(folder, Map.of(Platform.DATABASE_URL, url.formatted("second-word")))) {
      assertThat(platform.metadata().answers()).isTrue();
    }
  }

  @Test
  void thePasswordOfThePrivateDatabaseIsMadeAnewWhenItsFileIsGone() throws IOException {
    Files.writeString(folder.resolve("ecluse.yaml"), "name: rotated\n");
    Path file = folder.resolve(".ecluse/postgres/password.ecluse_platform");
    String token;
    try (Platform platform = open(folder, Map.of())) {
      token = platform.tokens().newBearer("notebook");
    }
    String before = Files.readString(file);
    Files.delete(file);
    try (Platform platform = open(folder, Map.of())) {
      assertThat(platform.tokens().bearer(token)).isPresent();
    }
    assertThat(Files.readString(file)).isNotEqualTo(before);
  }
}
