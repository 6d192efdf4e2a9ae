package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.access.Policy;
import io.ecluse.backup.Backups;
import io.ecluse.backup.Restore;
import io.ecluse.flow.RunStarts;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.Effect;
import io.ecluse.staging.BatchManifest;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that takes batches from a folder to S3, HDFS and back, and processes that go on. */
@Timeout(400)
class MoveStagingTest {
  private static final List<String> STREAMS = List.of("rooms", "doors");

  @TempDir Path folder;
  @TempDir Path other;
  private final List<String> succeeded = new ArrayList<>();
  private int exports;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void project(String settings) throws IOException {
    write("ecluse.yaml", settings);
    StringBuilder streams = new StringBuilder();
    for (String stream : STREAMS) {
      streams.append("  %s: { files: \"%s*.csv\", mode: new_files }\n".formatted(stream, stream));
    }
    write("sources/exports.yaml", "type: files\nlocation: exports\nstreams:\n" + streams);
    write(
        "dags/all.yaml",
        "retries: 2\ntasks:\n  read: { extract: exports }\n  load: { load: exports, after: [read] }\n");
    for (Map.Entry<String, String> each :
        Map.of("s3_key", S3Server.KEY, "s3_word", S3Server.SECRET).entrySet()) {
      write(".ecluse/secrets/" + each.getKey(), each.getValue());
      Files.setPosixFilePermissions(
          folder.resolve(".ecluse/secrets").resolve(each.getKey()),
          PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Platform open(Path project) {
    return new Platform(
        new Platform.Opening(
            project, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, Map.of()));
  }

  /** A new file for each stream, read and loaded. */
  private void runs(Platform platform) throws IOException {
    exports++;
    for (String stream : STREAMS) {
      write("exports/" + stream + exports + ".csv", "id,n\n" + exports + "," + exports + "\n");
    }
    String id =
        platform
            .starts()
            .start(
                new RunStarts.Wish(
                    p -> new DagExpander(p).expand(p.dag("all")), Map.of(), Trigger.MANUAL));
    Run run = platform.scheduler().awaitEnd(id);
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    succeeded.add(id);
    assertThat(DemoFixture.rows(platform, "select count(*), max(n) from exports.doors"))
        .containsExactly(List.of(exports + "", exports + ""));
  }

  private void assertWhole(Platform platform, String location) {
    assertThat(platform.staging().location()).isEqualTo(location);
    for (String stream : STREAMS) {
      assertThat(platform.staging().list("exports", stream))
          .extracting(BatchManifest::runId)
          .containsExactlyInAnyOrderElementsOf(succeeded);
    }
  }

  private String yaml() throws IOException {
    return Files.readString(folder.resolve("ecluse.yaml"));
  }

  private String moves(String... words) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    String[] all =
        Stream.of(List.of("move", "staging", "--dir", folder.toString()), List.of(words))
            .flatMap(List::stream)
            .toArray(String[]::new);
    int code = Commands.run(new OwnShell(Policy.OPEN), out, out, all);
    assertThat(code).as(said.toString()).isEqualTo(Main.DONE);
    return said.toString();
  }

  /** Kills a move once so many files are there. */
  private void killed(String location, Storage target, int files) throws InterruptedException {
    try (Program program = Program.ofClasses(folder, "move", "staging", location)) {
      while (program.isAlive() && target.files("").size() < files) {
        Thread.sleep(2);
      }
      program.kill();
    }
  }

  @Test
  void fromAFolderToS3ToHdfsAndBackWhileBatchesAreMadeAndLoaded() throws Exception {
    S3Server server = S3Server.shared();
    String location = "s3://" + server.newBucket() + "/batches";
    String settings =
        """
        name: big # ours since 2019
        staging:
          keep_batches: 30d # a month
          s3: { endpoint: %s, access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" }

        # the end
        """
            .formatted(server.endpoint());
    project(settings);
    try (Platform platform = open(folder);
        Storage s3 = Storages.open(location, server::settings)) {
      for (int i = 0; i < 6; i++) {
        runs(platform);
      }
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (!over.get()) {
                    runs(platform);
                    Thread.sleep(300); // a processor for those who move
                  }
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });

      killed(location, s3, 8);
      assertThat(yaml()).isEqualTo(settings);
      killed(location, s3, 20);
      assertThat(moves(location)).contains("The batches are in " + location + "/dev");
      over.set(true);
      writer.join();

      assertThat(yaml())
          .isEqualTo(settings.replace("word}\" }\n", "word}\" }\n  location: " + location + "\n"));
      runs(platform);
      assertWhole(platform, location + "/dev");
      toHdfsAndBack(platform);
    }
    backup();
  }

  private void toHdfsAndBack(Platform platform) throws IOException {
    String hdfs = HdfsServer.shared().newLocation();
    assertThat(moves(hdfs, "--format", "json")).contains("\"to\" : \"" + hdfs + "/dev\"");
    runs(platform);
    assertWhole(platform, hdfs + "/dev");
    Path local = folder.resolve("batches");
    moves(local.toString());
    assertThat(yaml()).contains("  location: batches\n");
    runs(platform);
    assertWhole(platform, local.resolve("dev").toString());
    BatchManifest newest = platform.catalog().batches().newest("exports", "rooms").orElseThrow();
    assertThat(platform.catalog().batches().location(newest))
        .startsWith(local.resolve("dev") + "/");
    platform
        .metadata()
        .jdbi()
        .useHandle(h -> h.execute("UPDATE staging_move SET moved_at = now() - interval '1 day'"));
    assertThat(moves("--delete-old")).contains("Deleted").contains(hdfs + "/dev");
    try (Storage store = Storages.open(hdfs, () -> StorageSettings.NONE)) {
      assertThat(store.files("")).isEmpty();
    }
    assertThat(folder.resolve(".ecluse/staging/dev/ecluse-staging.txt")).doesNotExist();
    assertThat(platform.maintenance().run(Effect.REMOVE).batches().batches()).isZero();
    assertWhole(platform, local.resolve("dev").toString());
  }

  /** Of a project whose file is behind, as after a kill before it was written. */
  private void backup() throws IOException {
    write("ecluse.yaml", yaml().replaceFirst("(?m)^  location: .*\n", ""));
    Path file = other.resolve("b.zip");
    try (Platform platform = open(folder)) {
      assertWhole(platform, folder.resolve("batches/dev").toString());
      platform.backup().into(new Backups(file));
    }
    Path restored = other.resolve("restored");
    Platform.restore(
        new Restore(file, Optional.empty(), restored), Project.DEFAULT_ENVIRONMENT, Map.of());
    assertThat(restored.resolve("batches")).doesNotExist();
    try (Platform platform = open(restored)) {
      assertWhole(platform, restored.resolve(".ecluse/staging/dev").toString());
    }
  }
}
