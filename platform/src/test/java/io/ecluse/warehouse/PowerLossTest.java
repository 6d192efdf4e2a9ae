package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.storage.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What rows of the catalog point to is on the disk before they do. */
@Timeout(60)
class PowerLossTest {
  private static final List<TableName> TABLES =
      List.of(new TableName("lab", "a"), new TableName("lab", "b"));

  @TempDir Path folder;
  private Metadata metadata;
  private Warehouse warehouse;
  private DuckDbEngine engine;
  private volatile boolean broken;

  /** What was synced, its size then, and where rows of the catalog pointed at that moment. */
  private final Map<Path, Synced> synced = new ConcurrentHashMap<>();

  private record Synced(long size, Set<String> pointed) {}

  @BeforeEach
  void open() {
    metadata = Servers.newMetadata();
    warehouse =
        new Warehouse(
            metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk(this::noteSync));
    engine =
        new DuckDbEngine(
            new EngineSettings(
                128L << 20,
                2,
                folder.resolve("spill"),
                8L << 20,
                List.of(folder.resolve("warehouse"))),
            warehouse);
  }

  private void noteSync(Path path) throws IOException {
    if (broken && Files.isRegularFile(path)) {
      throw new IOException("Input/output error");
    }
    synced.put(path, new Synced(Files.size(path), pointers()));
  }

  @AfterEach
  void close() {
    engine.close();
    metadata.close();
  }

  private Set<String> pointers() {
    return Set.copyOf(
        metadata
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(
                            "SELECT metadata_location FROM catalog_table UNION SELECT metadata_location FROM staged_table WHERE metadata_location IS NOT NULL")
                        .mapTo(String.class)
                        .list()));
  }

  private void write(String run, int rows) {
    for (TableName table : TABLES) {
      engine.write(
          warehouse.stage(run, table, List.of(new Column("n", DataType.BIGINT))),
          "select range as n from range(" + rows + ")",
          ReadView.PUBLISHED,
          new Cancellation());
    }
  }

  /** All files that these metadata lead to. */
  private Set<Path> filesOf(String name) throws IOException {
    StorageFileIO io =
        new StorageFileIO(Places.of(folder.resolve("warehouse"), new Disk()), new Disk());
    String location = io.location(name);
    Set<Path> files = new TreeSet<>(Set.of(Path.of(location)));
    TableMetadata read = TableMetadataParser.read(io.newInputFile(location));
    for (Snapshot snapshot : read.snapshots()) {
      files.add(Path.of(snapshot.manifestListLocation()));
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        files.add(Path.of(manifest.path()));
      }
      var table = new org.apache.iceberg.BaseTable(new RunTableOperations(io, read), "t");
      try (var tasks = table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
        for (FileScanTask task : tasks) {
          files.add(Path.of(task.file().location()));
        }
      }
    }
    return files;
  }

  private void requireThatAllPointersAreSafe() throws IOException {
    Set<String> pointers = pointers();
    assertThat(pointers).isNotEmpty();
    for (String pointer : pointers) {
      for (Path file : filesOf(pointer)) {
        assertThat(synced).as("synced files").containsKey(file);
        assertThat(synced.get(file).size()).as(file.toString()).isEqualTo(Files.size(file));
        assertThat(synced.get(file).pointed()).as(file.toString()).doesNotContain(pointer);
        for (Path above = file.getParent(); above != null; above = above.getParent()) {
          assertThat(synced).as("synced folders").containsKey(above);
        }
      }
    }
  }

  @Test
  void isOnTheDiskBeforeWhatARunPreparesIsSeenByTheRun() throws IOException {
    write("r1", 10);

    requireThatAllPointersAreSafe();
  }

  @Test
  void isOnTheDiskBeforeItIsPublishedRolledBackAndExpired() throws IOException {
    List<String> seen = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      write("r" + i, i);
      warehouse.publish("r" + i);
      requireThatAllPointersAreSafe();
      seen.addAll(pointers());
    }
    write("late", 100);
    Instant later = Instant.now().plus(Duration.ofDays(2));
    Instant longAgo = Instant.now().minus(Duration.ofDays(2));
    Reclaimed reclaimed =
        warehouse.reclaim(new Retention(later, longAgo, Set.of(), Set.of(), Effect.REMOVE));
    assertThat(reclaimed.snapshots()).isEqualTo(4);
    requireThatAllPointersAreSafe();

    warehouse.publish("late"); // over metadata that is not what the run began from
    requireThatAllPointersAreSafe();
    warehouse.rollBack("late");
    requireThatAllPointersAreSafe();
    assertThat(pointers()).doesNotContainAnyElementsOf(seen);
  }

  @Test
  void nothingIsPublishedWhenTheDiskFails() {
    write("r1", 10);
    broken = true;

    assertThatThrownBy(() -> warehouse.publish("r1"))
        .hasMessageContaining("Input/output error")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DISK_FAILED);
    assertThatThrownBy(() -> write("r2", 10)).hasMessageContaining("Input/output error");
    assertThat(warehouse.tables()).isEmpty();
    assertThat(warehouse.staged("r2")).isEmpty();

    broken = false;
    assertThat(warehouse.publish("r1").tables()).isEqualTo(TABLES);
  }
}
