package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.project.Project;
import io.ecluse.schema.Effect;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.S3Server;
import io.ecluse.warehouse.Reclaimed;
import io.ecluse.warehouse.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed with SIGKILL while it sends files of tables to a store. */
@Timeout(240)
class UploadCrashTest {
  private static final int TRIES = 8;

  @TempDir Path folder;

  private void project(String warehouse) throws IOException {
    Files.createDirectories(folder.resolve("models/marts"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: big\nwarehouse:\n" + warehouse);
    Files.writeString(
        folder.resolve("models/marts/big.sql"),
        "/* ecluse\ndescription: Takes a while to send.\n*/\nSELECT range AS n, md5(range::VARCHAR) AS h FROM range(1500000)\n");
    Path secrets = Files.createDirectories(folder.resolve(".ecluse/secrets"));
    Files.writeString(secrets.resolve("s3_key"), S3Server.KEY);
    Files.writeString(secrets.resolve("s3_word"), S3Server.SECRET);
    try (Stream<Path> all = Files.list(secrets)) {
      for (Path each : all.toList()) {
        Files.setPosixFilePermissions(
            each, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  private Platform open() {
    return new Platform(
        new Platform.Opening(
            folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 2, Map.of()));
  }

  private void goesOn(BooleanSupplier isSending) throws Exception {
    int tries = 0;
    while (!killHits(isSending)) {
      tries++;
      assertThat(tries).as("kills that came when nothing was sent").isLessThan(TRIES);
    }
    try (Platform platform = open()) {
      assertThat(platform.warehouse().tables()).isEmpty();
    }
    try (Program again = Program.ofClasses(folder, "build", "--full")) {
      assertThat(again.exitCode()).as(again.output()).isZero();
    }
    try (Platform platform = open()) {
      assertThat(DemoFixture.rows(platform, "select count(*), count(DISTINCT h) from marts.big"))
          .containsExactly(List.of("1500000", "1500000"));
      Instant later = Instant.now().plus(Duration.ofDays(3));
      Retention all = new Retention(later, later, Set.of(), Set.of(), Effect.REMOVE);
      platform.warehouse().reclaim(all);
      assertThat(platform.warehouse().reclaim(all)).isEqualTo(new Reclaimed(0, 0, 0));
      assertThat(DemoFixture.rows(platform, "select max(n) from marts.big"))
          .containsExactly(List.of("1499999"));
    }
    assertThat(leased()).isEmpty();
  }

  private boolean killHits(BooleanSupplier isSending) throws InterruptedException {
    try (Program program = Program.ofClasses(folder, "build", "--full")) {
      while (program.isAlive() && !isSending.getAsBoolean()) {
        Thread.sleep(2);
      }
      boolean hit = program.isAlive();
      program.kill();
      if (!hit) {
        return false;
      }
    }
    try (Platform platform = open()) {
      return platform.warehouse().tables().isEmpty();
    }
  }

  private List<Path> leased() throws IOException {
    try (Stream<Path> files =
        Files.walk(folder.resolve(".ecluse/stored/dev/tables/copies/leased"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void onS3NothingTornIsSeenNorKept() throws Exception {
    S3Server server = S3Server.shared();
    String bucket = server.newBucket();
    project(
        """
          location: s3://%s/tables
          s3: { endpoint: %s, access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" }
        """
            .formatted(bucket, server.endpoint()));
    goesOn(() -> server.unfinished(bucket) > 0);
    assertThat(server.unfinished(bucket)).isZero();
  }

  @Test
  void onHdfsNothingTornIsSeenNorKept() throws Exception {
    HdfsServer server = HdfsServer.shared();
    String location = server.newLocation();
    project("  location: " + location + "\n");
    goesOn(() -> server.isWriting(location));
    assertThat(server.isWriting(location)).isFalse();
  }
}
