package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Dialect;
import io.ecluse.Platform;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.Project;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.Owner;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that takes tables from a folder to S3, HDFS and back, and processes that go on. */
@Timeout(240)
class MoveWarehouseTest {
  private static final TableName NUMBERS = new TableName("lab", "numbers");
  private static final int STATES = 12;

  @TempDir Path folder;

  private void project(String settings) throws IOException {
    Files.writeString(folder.resolve("ecluse.yaml"), settings);
    Path secrets = Files.createDirectories(folder.resolve(".ecluse/secrets"));
    for (Map.Entry<String, String> each :
        Map.of("s3_key", S3Server.KEY, "s3_word", S3Server.SECRET).entrySet()) {
      Path file = Files.writeString(secrets.resolve(each.getKey()), each.getValue());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Platform open() {
    return new Platform(
        new Platform.Opening(
            folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.NONE, 0, Map.of()));
  }

  private static void publish(Platform platform, String run, int rows) {
    try (StagedTable table =
        platform.warehouse().stage(run, NUMBERS, List.of(new Column("n", DataType.BIGINT)))) {
      platform
          .engine()
          .write(
              table,
              "select range as n from range(" + rows + ")",
              ReadView.PUBLISHED,
              new Cancellation());
    }
    platform.warehouse().publish(run);
  }

  private static int rows(Platform platform) {
    return Integer.parseInt(
        DemoFixture.rows(platform, "select count(*) from lab.numbers").get(0).get(0));
  }

  private String yaml() throws IOException {
    return Files.readString(folder.resolve("ecluse.yaml"));
  }

  private String moves(String... words) {
    List<String> all = Stream.concat(Stream.of("move", "warehouse"), Stream.of(words)).toList();
    try (Program program = Program.ofClasses(folder, all.toArray(String[]::new))) {
      assertThat(program.exitCode()).as(program.output()).isZero();
      return program.output();
    }
  }

  private int refused(String words, String... arguments) {
    List<String> all = Stream.concat(Stream.of("move", "warehouse"), Stream.of(arguments)).toList();
    try (Program program = Program.ofClasses(folder, all.toArray(String[]::new))) {
      int code = program.exitCode();
      assertThat(program.output()).contains(words);
      return code;
    }
  }

  /** Kills a move once so many files are there. */
  private void killed(String location, Storage target, int files) throws InterruptedException {
    try (Program program = Program.ofClasses(folder, "move", "warehouse", location)) {
      while (program.isAlive() && target.files("").size() < files) {
        Thread.sleep(2);
      }
      program.kill();
    }
  }

  @Test
  void fromAFolderToS3ToHdfsAndBackWhileItIsReadAndWritten() throws Exception {
    S3Server server = S3Server.shared();
    String location = "s3://" + server.newBucket() + "/tables";
    String settings =
        """
        name: big # ours since 2019
        warehouse:
          keep_snapshots: 30d # a month
          s3: { endpoint: %s, access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" }

        # the end
        """
            .formatted(server.endpoint());
    project(settings);
    try (Platform platform = open();
        Storage s3 = Storages.open(location, server::settings)) {
      for (int i = 1; i <= STATES; i++) {
        publish(platform, "r" + i, i);
      }
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger reads = new AtomicInteger();
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  assertThat(rows(platform)).isGreaterThanOrEqualTo(STATES);
                  reads.incrementAndGet();
                }
              });

      killed(location, s3, 10);
      assertThat(yaml()).isEqualTo(settings);
      publish(platform, "m1", 100);
      killed(location, s3, 40);
      assertThat(moves(location)).contains("The tables are in " + location + "/dev");

      assertThat(yaml())
          .isEqualTo(settings.replace("word}\" }\n", "word}\" }\n  location: " + location + "\n"));
      publish(platform, "m2", 200);
      assertThat(platform.warehouse().location()).isEqualTo(location + "/dev");
      assertThat(rows(platform)).isEqualTo(200);
      over.set(true);
      reader.join();
      assertThat(reads).hasPositiveValue();
      toHdfsAndBack(platform);
    }
  }

  private void toHdfsAndBack(Platform platform) throws IOException {
    String hdfs = HdfsServer.shared().newLocation();
    assertThat(moves(hdfs, "--format", "json")).contains("\"to\" : \"" + hdfs + "/dev\"");
    assertThat(rows(platform)).isEqualTo(200);
    publish(platform, "m3", 300);
    Path local = folder.resolve("lake");
    moves(local.toString());
    assertThat(yaml()).contains("  location: lake\n");
    assertThat(rows(platform)).isEqualTo(300);
    assertThat(platform.warehouse().history(NUMBERS))
        .extracting(TableVersion::rows)
        .startsWith(300L, 200L, 100L, 12L)
        .hasSize(STATES + 3);
    assertThat(refused("may read there until", "--delete-old")).isEqualTo(Main.FAILED);
    platform
        .metadata()
        .jdbi()
        .useHandle(h -> h.execute("UPDATE warehouse_move SET moved_at = now() - interval '1 day'"));
    assertThat(moves("--delete-old")).contains("Deleted").contains(hdfs + "/dev");
    try (Storage store = Storages.open(hdfs, () -> StorageSettings.NONE)) {
      assertThat(store.files("")).isEmpty();
    }
    assertThat(rows(platform)).isEqualTo(300);
  }

  @Test
  void goesOnWhereTheFileIsBehindAndRefusesWhatCannotBe() throws IOException {
    String before = "name: lab\nenvironments:\n  dev: {} # ours\n  prod:\n";
    project(before);
    try (Platform platform = open()) {
      publish(platform, "r1", 5);
    }
    moves("there");
    String after = before.replace("dev: {}", "dev: { warehouse: { location: there } }");
    assertThat(yaml()).isEqualTo(after);
    Files.writeString(
        folder.resolve("ecluse.yaml"), before); // as after a kill before it is written

    try (Platform platform = open()) {
      assertThat(platform.warehouse().location()).isEqualTo(folder.resolve("there/dev").toString());
      publish(platform, "r2", 6);
      assertThat(rows(platform)).isEqualTo(6);
    }
    assertThat(moves("there")).contains("already", "ecluse.yaml says so");
    assertThat(yaml()).isEqualTo(after);
    Files.writeString(
        Files.createDirectories(folder.resolve("letters/dev")).resolve("1.txt"), "Dear");
    assertThat(refused("is not empty", "letters")).isEqualTo(Main.FAILED);
    assertThat(refused("set warehouse.s3.region", "s3://nowhere/tables"))
        .isEqualTo(Main.UNREACHABLE);
    assertThat(refused("is no location", "ftp://x/y")).isEqualTo(Main.WRONG_USAGE);
    assertThat(refused("Say where")).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void saysWhichLineToChangeWhereItCannot() throws IOException {
    project("name: lab\nwarehouse:\n  cache: 1GB\n");
    Project project = Dialect.read(folder);
    LocationSetting setting = new LocationSetting(folder, project, "dev", Owner.Kind.WAREHOUSE);
    Files.createDirectories(folder.resolve("models/marts"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: lab\nwarehouse:\n  - list\n");

    assertThat(setting.write(setting.value("s3://lake/tables")).orElseThrow())
        .startsWith("ecluse.yaml was not changed: ")
        .contains("Set warehouse.location (line 3) to s3://lake/tables");
    assertThat(yaml()).isEqualTo("name: lab\nwarehouse:\n  - list\n");
  }
}
