package io.ecluse.deploy;

import static io.ecluse.deploy.SchoolAnywhere.run;
import static io.ecluse.deploy.SchoolAnywhere.students;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.disk.Folders;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The drill of docs/deploy/disaster.md: the machine is gone, and its disk, and the database's
 * server; what is left is the bucket, a snapshot of the database that is older than the bucket, the
 * project's repository, and the secrets.
 */
@Timeout(300)
class DisasterDrillTest {
  private static final TableName STUDENTS = new TableName("erp", "students");

  @TempDir Path folder;
  private final List<String> steps = new ArrayList<>();
  private Instant last = Instant.now();

  private void step(String what) {
    Instant now = Instant.now();
    steps.add("%6.1f s  %s".formatted(Duration.between(last, now).toMillis() / 1000.0, what));
    last = now;
  }

  private static PostgresServer server(Path at) {
    return PostgresServer.open(new PostgresSettings(at, 0, Map.of()));
  }

  private static String url(PostgresServer server) {
    server.ensureDatabase("ecluse");
    return "postgresql://%s:%s@127.0.0.1:%d/ecluse"
        .formatted(server.user(), server.password(), server.port());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
            java.nio.file.LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  @Test
  void bucketAndSnapshotOfTheDatabaseGiveThePlatformBack() throws IOException {
    SchoolAnywhere school = SchoolAnywhere.create();
    Path database = folder.resolve("database");
    Path snapshot = folder.resolve("snapshot");
    String token;
    String first;
    try (PostgresServer server = server(database);
        Platform platform =
            school.open(
                school.checkOut(folder.resolve("machine")), school.variables(url(server)))) {
      first = run(platform);
      token = platform.tokens().newBearer("notebook");
      assertThat(students(platform)).isEqualTo("3000 3000");
    }
    copy(database, snapshot);
    school.enroll(3001, "r1");
    try (PostgresServer server = server(database);
        Platform platform = school.open(folder.resolve("machine"), school.variables(url(server)))) {
      run(platform); // the snapshot knows nothing of it
      assertThat(students(platform)).isEqualTo("3001 3001");
    }

    Folders.delete(folder.resolve("machine"));
    Folders.delete(database);
    last = Instant.now();
    try (PostgresServer server = server(snapshot)) {
      step("the database from its snapshot");
      Path machine = school.checkOut(folder.resolve("another-machine"));
      step("the project from its repository, the secrets");
      try (Platform platform = school.open(machine, school.variables(url(server)))) {
        assertThat(students(platform)).isEqualTo("3000 3000");
        step("the platform answers, as of the snapshot");
        hasAllThatItHad(platform, first, token);

        school.enroll(3002, "r2");
        String next = run(platform);
        step("the next run has brought what was lost since, and what is new");
        assertThat(students(platform)).isEqualTo("3002 3002");
        tidy(platform);
        assertThat(students(platform)).as("what is in use stays").isEqualTo("3002 3002");
        platform.warehouse().rollBack(next);
        assertThat(students(platform)).isEqualTo("3000 3000");
      }
    }
    System.out.println("Disaster drill:\n" + String.join("\n", steps));
  }

  /** What follows a run by itself may be at it just now. */
  private static void tidy(Platform platform) {
    while (true) {
      try {
        platform.maintenance().run(Effect.REMOVE);
        return;
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.CONFLICT) {
          throw e;
        }
      }
    }
  }

  private static void hasAllThatItHad(Platform platform, String first, String token) {
    assertThat(
            platform.scheduler().list(Optional.of("all"), Optional.empty(), 10, Optional.empty()))
        .extracting(r -> r.id())
        .containsExactly(first);
    assertThat(platform.tokens().bearer(token)).isPresent();
    assertThat(platform.warehouse().history(STUDENTS)).hasSize(1);
    assertThat(platform.warehouse().location()).startsWith("s3://");
  }
}
