package io.ecluse.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.backup.Backups;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.Effect;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Part;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import io.ecluse.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a PostgreSQL, and from files in the same store, over staging that is elsewhere into tables;
 * the format of batches changes on the way.
 */
@Timeout(120)
class StoredElsewhereTest {
  @TempDir Path folder;
  @TempDir Path other;
  private final String shop = Servers.newDatabase();
  private final String metadata = Servers.newMigratedDatabase();

  private void project(String location, String format, String access) throws IOException {
    Files.createDirectories(folder.resolve("sources"));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(
        folder.resolve("ecluse.yaml"),
        """
        name: shop
        staging:
          location: %s/staging
          format: %s
        %s
        """
            .formatted(location, format, access.indent(2)));
    Files.writeString(
        folder.resolve("sources/shop.yaml"),
        """
        type: postgres
        connection: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: "${secret:shop}" }
        streams: { orders: { mode: incremental, cursor: updated_at, deletes: detect } }
        """
            .formatted(Servers.server().port(), shop, Servers.server().user()));
    Files.writeString(
        folder.resolve("sources/exports.yaml"),
        """
        type: files
        location: %s/exports
        %s
        streams: { rooms: { files: "*.csv", mode: new_files } }
        """
            .formatted(location, access));
    Files.writeString(
        folder.resolve("dags/all.yaml"),
        """
        retries: 0
        tasks:
          read: { extract: shop }
          load: { load: shop, after: [read] }
          read_rooms: { extract: exports }
          load_rooms: { load: exports, after: [read_rooms] }
        """);
  }

  private Platform open() {
    return open(folder, variables(metadata, S3Server.SECRET));
  }

  private static Map<String, String> variables(String database, String secret) {
    return Map.of(
        "ECLUSE_DATABASE_URL",
        Servers.url(database),
        "ECLUSE_SECRET_SHOP",
        Servers.server().password(),
        "ECLUSE_SECRET_S3_KEY",
        S3Server.KEY,
        "ECLUSE_SECRET_S3_WORD",
        secret);
  }

  private static Platform open(Path project, Map<String, String> variables) {
    return new Platform(
        new Platform.Opening(
            project, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
  }

  private static void runs(Platform platform) {
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag("all"));
    String id =
        platform
            .scheduler()
            .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
    Run run = platform.scheduler().awaitEnd(id);
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
  }

  private void flows(String location, String access, Storage store) throws IOException {
    Servers.execute(
        shop,
        """
        CREATE TABLE orders (id int PRIMARY KEY, state text, raw bytea, updated_at timestamptz NOT NULL);
        INSERT INTO orders SELECT i, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'a "b", c' END,
            '\\x00ff'::bytea, timestamptz '2026-01-01 00:00:00Z' + i * interval '1 minute'
          FROM generate_series(1, 3000) t(i);
        """);
    store.write("exports/one.csv", "room,seats\n01,30\n02,40\n".getBytes(UTF_8));
    project(location, "parquet", access);
    try (Platform platform = open()) {
      runs(platform);
      assertThat(DemoFixture.rows(platform, "select count(*), count(state) from shop.orders"))
          .containsExactly(List.of("3000", "2000"));
    }
    Servers.execute(
        shop,
        """
        UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id <= 10;
        DELETE FROM orders WHERE id > 2990;
        """);
    store.write("exports/two.csv", "room,seats\n03,50\n".getBytes(UTF_8));
    project(location, "csv", access);
    try (Platform platform = open()) {
      runs(platform);
      assertThat(
              DemoFixture.rows(
                  platform,
                  "select count(*), count(state), count(*) filter (state = ''), count(*) filter (state = 'paid'), count(*) filter (raw = '\\x00\\xFF'::blob) from shop.orders"))
          .containsExactly(List.of("2990", "1997", "993", "10", "2990"));
      assertThat(DemoFixture.rows(platform, "select room, seats from exports.rooms order by room"))
          .containsExactly(List.of("01", "30"), List.of("02", "40"), List.of("03", "50"));
      BatchManifest rooms = platform.staging().newest("exports", "rooms").orElseThrow();
      assertThat(rooms.parts())
          .extracting(Part::file)
          .containsExactly("part-00000.parquet", "part-00001.csv.gz");
      assertThat(platform.staging().list("shop", "orders"))
          .flatExtracting(BatchManifest::parts)
          .extracting(Part::file)
          .containsExactly("part-00000.csv.gz", "part-00000.parquet");
      assertThat(platform.staging().location()).isEqualTo(location + "/staging/dev");
      assertThat(platform.maintenance().run(Effect.TELL).batches().batches()).isZero();
    }
    assertThat(store.files("staging/dev/shop/orders")).hasSize(6);
    assertThat(folder.resolve(".ecluse/staging")).doesNotExist();
    backups(location, store);
  }

  /** A backup refers to batches that are elsewhere, and what is made of it reads them there. */
  private void backups(String location, Storage store) {
    Path backup = other.resolve("b.zip");
    try (Platform platform = open()) {
      platform.backup().into(new Backups(backup));
    }
    Map<String, String> variables = variables(Servers.newDatabase(), S3Server.SECRET);
    Path restored = other.resolve("restored");
    assertThat(LabFixture.restore(backup, Optional.empty(), restored, variables).notes())
        .containsExactly(
            "4 of 4 batches are still in %s/staging/dev, which stays with the project that was backed up: set another staging.location, or, if that project is gone, remove ecluse-staging.txt there"
                .formatted(location));
    try (Platform platform = open(restored, variables)) {
      assertThat(DemoFixture.rows(platform, "select count(*) from shop.orders"))
          .containsExactly(List.of("2990"));
      LabFixture.assertRefused(
          ErrorCode.CONFLICT, "another project's", () -> platform.staging().list("shop", "orders"));
    }
    store.delete(List.of("staging/dev/ecluse-staging.txt")); // the original is gone
    try (Platform platform = open(restored, variables)) {
      assertThat(platform.staging().list("shop", "orders")).hasSize(2);
      runs(platform);
    }
    String gone =
        store.files("staging/dev/exports").stream()
            .map(StoredFile::name)
            .filter(name -> name.endsWith("manifest.json"))
            .findFirst()
            .orElseThrow();
    store.delete(List.of(gone));
    Map<String, String> later = variables(Servers.newDatabase(), S3Server.SECRET);
    assertThat(LabFixture.restore(backup, Optional.empty(), other.resolve("later"), later).notes())
        .hasSize(1)
        .allMatch(note -> note.startsWith("3 of 4 batches"));
  }

  private void refusesWithoutTheStore() {
    Path file = other.resolve("none.tar");
    try (Platform platform = open(folder, variables(metadata, "wrong"))) {
      LabFixture.assertRefused(
          ErrorCode.STORAGE_REFUSED, "", () -> platform.backup().into(new Backups(file)));
    }
    assertThat(file).doesNotExist();
    Map<String, String> wrong = variables(Servers.newDatabase(), "wrong");
    Path blind = other.resolve("blind");
    assertThat(LabFixture.restore(other.resolve("b.zip"), Optional.empty(), blind, wrong).notes())
        .hasSize(1)
        .allMatch(note -> note.startsWith("4 batches were in") && !note.contains("wrong"));
  }

  @Test
  void onS3() throws IOException {
    String location = "s3://" + S3Server.shared().newBucket() + "/school";
    String access =
        "s3: { endpoint: %s, access_key: \"${secret:s3_key}\", secret_key: \"${secret:s3_word}\" }"
            .formatted(S3Server.shared().endpoint());
    try (Storage store = Storages.open(location, S3Server.shared()::settings)) {
      flows(location, access, store);
      refusesWithoutTheStore();
    }
  }

  @Test
  void onHdfs() throws IOException {
    String location = HdfsServer.shared().newLocation();
    try (Storage store = Storages.open(location, () -> StorageSettings.NONE)) {
      flows(location, "hdfs: { user: " + System.getProperty("user.name") + " }", store);
    }
  }
}
