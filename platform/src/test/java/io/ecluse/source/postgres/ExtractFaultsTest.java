package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What breaks in the middle of an extract leaves no batch, says why, and can be done again. */
@Timeout(60)
class ExtractFaultsTest {
  private static final int ROWS = 400_000;

  @TempDir Path folder;
  private PostgresServer erp;
  private Metadata metadata;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws SQLException {
    erp = PostgresServer.open(new PostgresSettings(folder.resolve("erp"), 0, Map.of()));
    fill();
    metadata = Servers.newMetadata();
    Path warehouse = folder.resolve("warehouse");
    engine =
        new DuckDbEngine(
            new EngineSettings(
                512L << 20, 2, folder.resolve("spill"), 1L << 30, List.of(warehouse, folder)),
            new Warehouse(metadata.jdbi(), "test", warehouse, new Disk()));
  }

  @AfterEach
  void close() {
    engine.close();
    metadata.close();
    erp.close();
  }

  private void fill() throws SQLException {
    try (Connection connection = erp.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE lessons AS SELECT i AS id, md5(i::text) || md5(i::text) || md5(i::text) AS topic FROM generate_series(1, %d) t(i)"
              .formatted(ROWS));
    }
  }

  private PostgresSource source(StagingArea staging) {
    return new PostgresSource(
        LocalErp.plain(
            "erp",
            LocalErp.server(erp.port(), "postgres", erp.user(), erp.password()),
            "public",
            2,
            Duration.ofMinutes(5),
            Duration.ofSeconds(5)),
        new Landing.Stage(staging, engine.parts(), Clock.systemUTC()));
  }

  private static List<BatchManifest> extract(
      PostgresSource source, String id, Runnable inTheMiddle) {
    return source.extract(
        new ExtractRequest(id, "run1", List.of(), RowsWanted.AS_PLANNED),
        new SilentListener() {
          private final AtomicBoolean done = new AtomicBoolean();

          @Override
          public void progress(long rows, long total) {
            if (rows > 0 && rows < ROWS && done.compareAndSet(false, true)) {
              inTheMiddle.run();
            }
          }
        });
  }

  @Test
  void losesNothingWhenTheErpIsStoppedInTheMiddle() {
    StagingArea staging = new StagingArea(folder.resolve("staging"));
    AtomicBoolean stopped = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                extract(
                    source(staging),
                    "x1",
                    () -> {
                      erp.close();
                      stopped.set(true);
                    }))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("Source erp: the connection was lost while")
        .hasMessageContaining("nothing of this extract is kept")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_LOST);
    assertThat(stopped).isTrue();
    assertThat(staging.newest("erp", "lessons")).isEmpty();

    erp = PostgresServer.open(new PostgresSettings(folder.resolve("erp"), 0, Map.of()));
    assertThat(extract(source(staging), "x2", () -> {}))
        .singleElement()
        .extracting(BatchManifest::rows)
        .isEqualTo((long) ROWS);
    assertThat(folder.resolve("staging/erp/lessons/x1")).as("what was cut off").doesNotExist();
  }

  @Test
  void saysThatTheStagingDiskIsFullAndGoesOnWhenItIsNot() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()),
        "SKIPPED: this user may not mount a small disk");
    try {
      StagingArea staging = new StagingArea(disk.resolve("staging"));
      assertThatThrownBy(() -> extract(source(staging), "x1", () -> {}))
          .isInstanceOf(EcluseException.class)
          .hasMessageContaining("disk is full")
          .hasMessageContaining(disk.toString())
          .extracting(e -> ((EcluseException) e).code())
          .isEqualTo(ErrorCode.DISK_FULL);
      assertThat(staging.newest("erp", "lessons")).isEmpty();

      assertThat(run("mount", "-o", "remount,size=400m", disk.toString())).isTrue();
      assertThat(extract(source(staging), "x2", () -> {}))
          .singleElement()
          .extracting(BatchManifest::rows)
          .isEqualTo((long) ROWS);
    } finally {
      run("umount", disk.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }
}
