package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.flow.RunStarts;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.Effect;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import io.ecluse.warehouse.Reclaimed;
import io.ecluse.warehouse.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed with SIGKILL while it publishes three tables that are in a store: what
 * is seen is all of before or all of the run.
 */
@Timeout(240)
class PublicationCrashTest {
  private static final String WAITERS =
      "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('relation', 'transactionid', 'tuple')";
  private static final List<String> TABLES = List.of("a", "b", "c");

  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void project(String warehouse) throws IOException {
    write("ecluse.yaml", "name: big\nwarehouse:\n" + warehouse);
    write("dags/all.yaml", "retries: 2\ntasks: { models: { build: \"*\" } }\n");
    for (Map.Entry<String, String> each :
        Map.of("s3_key", S3Server.KEY, "s3_word", S3Server.SECRET).entrySet()) {
      write(".ecluse/secrets/" + each.getKey(), each.getValue());
      Files.setPosixFilePermissions(
          folder.resolve(".ecluse/secrets").resolve(each.getKey()),
          PosixFilePermissions.fromString("rw-------"));
    }
  }

  /** What all three tables hold from the next run on. */
  private void generation(int number) throws IOException {
    for (String table : TABLES) {
      write(
          "models/marts/" + table + ".sql",
          "/* ecluse\ndescription: One of three.\n*/\nSELECT range AS n, %d AS generation FROM range(1000)\n"
              .formatted(number));
    }
  }

  private Platform open(Platform.Workers who) {
    return new Platform(
        new Platform.Opening(folder, Project.DEFAULT_ENVIRONMENT, who, 2, Map.of()));
  }

  /** Which run's rows are seen, of all three tables. */
  private static int seen(Platform platform) {
    List<List<String>> rows =
        DemoFixture.rows(
            platform,
            "select min(a.generation), min(b.generation), min(c.generation), count(*) from marts.a a join marts.b b using (n) join marts.c c using (n)");
    List<String> row = rows.get(0);
    assertThat(row.subList(0, 3)).containsOnly(row.get(0));
    assertThat(row.get(3)).isEqualTo("1000");
    return Integer.parseInt(row.get(0));
  }

  private static long number(Platform platform, String sql) {
    return platform.metadata().jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  private void runs() {
    try (Platform platform = open(Platform.Workers.HERE)) {
      platform
          .scheduler()
          .list(Optional.empty(), Optional.of(RunState.RUNNING), 100, Optional.empty())
          .forEach(killed -> platform.scheduler().awaitEnd(killed.id()));
      String id =
          platform
              .starts()
              .start(
                  new RunStarts.Wish(
                      p -> new DagExpander(p).expand(p.dag("all")), Map.of(), Trigger.MANUAL));
      Run run = platform.scheduler().awaitEnd(id);
      assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    }
  }

  /** Kills a run when it is that far, and returns what is seen then. */
  private int killed(Platform observer, BooleanSupplier isThere) throws InterruptedException {
    try (Program program = Program.ofClasses(folder, "run", "all")) {
      while (program.isAlive() && !isThere.getAsBoolean()) {
        Thread.sleep(1);
      }
      program.kill();
    }
    return seen(observer);
  }

  /** The same, at a lock, which is let go of when the process is dead. */
  private int killedAt(Platform observer, String lock) throws InterruptedException {
    try (Handle handle = observer.metadata().jdbi().open()) {
      handle.begin();
      handle.execute(lock);
      AtomicBoolean reached = new AtomicBoolean();
      int seen =
          killed(
              observer,
              () -> {
                reached.set(number(observer, WAITERS) > 0);
                return reached.get();
              });
      handle.rollback();
      assertThat(reached).isTrue();
      return seen;
    }
  }

  private static long staged(Platform observer) {
    return number(
        observer, "SELECT count(*) FROM staged_table WHERE metadata_location IS NOT NULL");
  }

  private void assertNothingLeft(Storage store) {
    try (Platform platform = open(Platform.Workers.NONE)) {
      Instant later = Instant.now().plus(Duration.ofDays(3));
      Retention all = new Retention(later, later, Set.of(), Set.of(), Effect.REMOVE);
      assertThat(platform.warehouse().reclaim(all).files()).isPositive();
      assertThat(platform.warehouse().reclaim(all)).isEqualTo(new Reclaimed(0, 0, 0));
      assertThat(seen(platform)).isEqualTo(3);
      List<String> current =
          platform
              .metadata()
              .jdbi()
              .withHandle(
                  h ->
                      h.createQuery("SELECT metadata_location FROM catalog_table")
                          .mapTo(String.class)
                          .list());
      assertThat(store.files("dev/marts"))
          .extracting(file -> file.name().replaceFirst("dev/", ""))
          .isSubsetOf(platform.warehouse().filesOf(current));
    }
  }

  @Test
  void onS3AllOfBeforeOrAllOfTheRunIsSeen() throws Exception {
    S3Server server = S3Server.shared();
    String bucket = server.newBucket();
    project(
        """
          location: s3://%s/tables
          s3: { endpoint: %s, access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" }
        """
            .formatted(bucket, server.endpoint()));
    generation(1);
    runs();
    generation(2);
    try (Platform observer = open(Platform.Workers.NONE);
        Storage store = Storages.open("s3://" + bucket + "/tables", server::settings)) {
      assertThat(killed(observer, () -> staged(observer) >= 2)).as("files are there").isLessThan(3);
      assertThat(killedAt(observer, "LOCK TABLE catalog_table IN SHARE MODE"))
          .as("metadata files are there")
          .isEqualTo(1);
      assertThat(
              killedAt(
                  observer, "SELECT 1 FROM catalog_table WHERE table_name = 'c' FOR NO KEY UPDATE"))
          .as("half of the tables")
          .isEqualTo(1);
      assertThat(killed(observer, () -> seen(observer) == 2)).as("published").isEqualTo(2);
      generation(3);
      runs();
      assertThat(seen(observer)).isEqualTo(3);
      assertNothingLeft(store);
    }
    assertThat(server.unfinished(bucket)).isZero();
  }

  @Test
  void onHdfsAllOfBeforeOrAllOfTheRunIsSeen() throws Exception {
    String location = HdfsServer.shared().newLocation();
    project("  location: " + location + "\n");
    generation(1);
    runs();
    generation(2);
    try (Platform observer = open(Platform.Workers.NONE);
        Storage store = Storages.open(location, () -> StorageSettings.NONE)) {
      assertThat(
              killedAt(
                  observer, "SELECT 1 FROM catalog_table WHERE table_name = 'c' FOR NO KEY UPDATE"))
          .as("half of the tables")
          .isEqualTo(1);
      generation(3);
      runs();
      assertThat(seen(observer)).isEqualTo(3);
      assertNothingLeft(store);
    }
  }
}
