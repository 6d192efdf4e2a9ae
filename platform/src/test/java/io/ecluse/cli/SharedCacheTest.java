package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.Project;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.storage.BusyDoor;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.StallingDoor;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes of one project that begin at once with nothing here: keys of the environment, a
 * store that asks to slow down, one set of copies.
 */
@Timeout(240)
class SharedCacheTest {
  private static final int TABLES = 3;

  @TempDir Path folder;

  private Program asks(String... words) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "AWS_ACCESS_KEY_ID=" + S3Server.KEY,
                "AWS_SECRET_ACCESS_KEY=" + S3Server.SECRET,
                java,
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Program.classPath(),
                Main.class.getName()));
    command.addAll(List.of(words));
    return Program.startCommand(folder, command);
  }

  private void project(int port, String bucket, String keys) throws IOException {
    Files.writeString(
        folder.resolve("ecluse.yaml"),
        """
        name: lab
        warehouse:
          location: s3://%s/tables
          s3: { endpoint: "http://127.0.0.1:%d"%s }
        """
            .formatted(bucket, port, keys));
  }

  private void tables() {
    System.setProperty("aws.accessKeyId", S3Server.KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET);
    try (Platform platform =
        new Platform(
            new Platform.Opening(
                folder,
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.NONE,
                0,
                java.util.Map.of()))) {
      for (int i = 0; i < TABLES; i++) {
        try (StagedTable table =
            platform
                .warehouse()
                .stage(
                    "r",
                    new TableName("lab", "t" + i),
                    List.of(new Column("n", DataType.BIGINT), new Column("h", DataType.VARCHAR)))) {
          platform
              .engine()
              .write(
                  table,
                  "select range as n, md5(range::varchar) as h from range(20000)",
                  ReadView.PUBLISHED,
                  new Cancellation());
        }
      }
      platform.warehouse().publish("r");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void fetchEachFileOnceAndAnswerAlike() throws IOException {
    S3Server server = S3Server.shared();
    String bucket = server.newBucket();
    project(server.port(), bucket, "");
    tables();
    try (Stream<Path> kept = Files.walk(folder.resolve(".ecluse/stored/dev/tables/copies/kept"))) {
      for (Path each : kept.filter(Files::isRegularFile).toList()) {
        Files.delete(each);
      }
    }
    StringBuilder sql = new StringBuilder("select sum(n) as s, count(distinct h) as d from (");
    for (int i = 0; i < TABLES; i++) {
      sql.append(i == 0 ? "" : " union all ").append("from lab.t").append(i);
    }
    String[] query = {"query", "--format", "csv", sql.append(")").toString()};
    try (StallingDoor door = new StallingDoor(server.port(), Long.MAX_VALUE);
        BusyDoor busy = new BusyDoor(door.port(), 5)) {
      project(busy.port(), bucket, "");
      try (Program one = asks(query);
          Program other = asks(query)) {
        assertThat(one.exitCode()).as(one.output()).isZero();
        assertThat(other.exitCode()).as(other.output()).isZero();
        assertThat(one.output()).contains("599970000,20000");
        assertThat(other.output()).contains("599970000,20000");
      }
      assertThat(busy.refusals()).isZero();
      assertThat(door.fetched(".parquet"))
          .hasSize(TABLES)
          .allSatisfy((name, times) -> assertThat(times).isEqualTo(1));
    }
  }
}
