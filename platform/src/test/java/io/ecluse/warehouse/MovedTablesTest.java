package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Merge;
import io.ecluse.engine.Rows;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tables that were taken elsewhere, as Iceberg's own library finds them: by whole locations. */
@Timeout(120)
class MovedTablesTest {
  private static final TableName ROWS = new TableName("lab", "rows");
  private static final List<Column> COLUMNS =
      List.of(new Column("id", DataType.BIGINT), new Column("note", DataType.VARCHAR));
  private static final int MANY = 20_000;

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final String s3 = "s3://" + S3Server.shared().newBucket() + "/lake";
  private Warehouse warehouse;
  private DuckDbEngine engine;
  private int batches;

  @BeforeEach
  void open() throws IOException {
    Metadata metadata = Servers.newMetadata();
    opened.add(metadata);
    Path batches = Files.createDirectories(folder.resolve("batches"));
    warehouse =
        new Warehouse(
            metadata.jdbi(),
            "test",
            places(folder.resolve("lake").toString()),
            new Disk(),
            to -> Optional.of(places(to)));
    engine =
        new DuckDbEngine(
            new EngineSettings(
                256L << 20,
                2,
                folder.resolve("spill"),
                1L << 28,
                List.of(batches, folder.resolve("lake"), folder.resolve("copies"))),
            warehouse);
    opened.add(warehouse);
    opened.add(engine);
    warehouse.settle(new Home(folder.toString(), Home.Kind.PRIVATE));
  }

  private Places places(String location) {
    return location.startsWith("/")
        ? Places.of(Path.of(location), new Disk())
        : new Places(
            Storages.open(location, S3Server.shared()::settings),
            folder.resolve("work"),
            new LocalCopies(folder.resolve("copies"), 1L << 30, Clock.systemUTC()));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private static String rows(int from, int to) {
    return "SELECT i AS id, md5(i::VARCHAR) || md5((i * 7)::VARCHAR) || md5((i * 11)::VARCHAR) || md5((i * 13)::VARCHAR) AS note FROM range(%d, %d) t(i)"
        .formatted(from, to);
  }

  private Merge.Step step(int from, int to) throws SQLException {
    Path file = folder.resolve("batches/in" + batches++ + ".parquet");
    try (Connection plain = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = plain.createStatement()) {
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(rows(from, to), file));
    }
    Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(batches);
    return new Merge.Step(
        BatchFile.here(List.of(file)), List.of(), COLUMNS, Optional.empty(), false, at);
  }

  /** Stages rows; the run is {@code r1} and so on. */
  private String merge(int from, int to) throws SQLException {
    Merge.Step step = step(from, to);
    String run = "r" + batches;
    try (StagedTable table = warehouse.stage(run, ROWS, COLUMNS)) {
      Merge merge =
          new Merge(
              warehouse.snapshot(ROWS, ReadView.PUBLISHED),
              List.of("id"),
              Merge.Versions.LATEST,
              List.of(step));
      engine.fill(table, merge, Optional.of(run), new Cancellation());
    }
    return run;
  }

  private long read(ReadView view) {
    Rows rows = new Rows();
    engine.run("SELECT count(*) FROM lab.rows", view, new Cancellation(), rows);
    return ((Number) rows.all().get(0)[0]).longValue();
  }

  private void move(String to) {
    warehouse.relocation().move(to, new Relocation.Asked(p -> {}, () -> false));
  }

  /** Files in one place, by their whole locations, and no others. */
  private record Foreign(String root, Storage storage, List<String> asked) implements FileIO {
    @Override
    public InputFile newInputFile(String location) {
      asked.add(location);
      assertThat(location).startsWith(root + "/");
      return new InMemoryInputFile(
          location, storage.read(location.substring(root.length() + 1)).orElseThrow());
    }

    @Override
    public OutputFile newOutputFile(String location) {
      throw new AssertionError(location);
    }

    @Override
    public void deleteFile(String location) {
      throw new AssertionError(location);
    }

    private BaseTable table(String metadata) {
      TableMetadata read = TableMetadataParser.read(newInputFile(root + "/" + metadata));
      return new BaseTable(new RunTableOperations(this, read), "foreign");
    }
  }

  private String pointer() {
    Metadata metadata = (Metadata) opened.get(0);
    return metadata
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT metadata_location FROM catalog_table")
                    .mapTo(String.class)
                    .one());
  }

  /** As engines of others see it: how many rows each state has. */
  private void assertForeign(String root) throws IOException {
    try (Storage storage = places(root).storage()) {
      Foreign foreign = new Foreign(root, storage, new ArrayList<>());
      BaseTable table = foreign.table(pointer());
      List<TableVersion> history = warehouse.history(ROWS);
      assertThat(table.snapshots()).hasSameSizeAs(history);
      for (TableVersion version : history) {
        try (CloseableIterable<Record> rows =
            IcebergGenerics.read(table).useSnapshot(version.snapshotId()).select("id").build()) {
          Set<Object> ids =
              StreamSupport.stream(rows.spliterator(), false)
                  .map(r -> r.getField("id"))
                  .collect(Collectors.toSet());
          assertThat(ids).hasSize((int) version.rows());
        }
        assertThat(read(new ReadView.AtSnapshot(version.snapshotId()))).isEqualTo(version.rows());
      }
      assertThat(foreign.asked()).anyMatch(name -> name.contains("deletes"));
    }
  }

  @Test
  void areFoundByEnginesOfOthersWithAllTheirStates() throws Exception {
    warehouse.publish(merge(0, MANY));
    warehouse.publish(merge(5, 10)); // marks rows of a large file
    warehouse.publish(merge(MANY, MANY + 100));
    String staged = merge(20, 30);

    move(s3);
    assertForeign(s3);
    warehouse.publish(staged); // which was begun where the tables were
    assertThat(read(ReadView.PUBLISHED)).isEqualTo(MANY + 100);
    warehouse.publish(merge(40, 45));
    Instant past = Instant.EPOCH;
    warehouse.reclaim(new Retention(past, past, Set.of(), Set.of(), Effect.REMOVE));
    assertForeign(s3);

    Instant later = Instant.now().plus(Duration.ofDays(3));
    warehouse.reclaim(new Retention(past, later, Set.of(), Set.of(), Effect.REMOVE));
    assertForeign(s3);
    move(folder.resolve("back").toString());
    assertForeign(folder.resolve("back").toString());
    warehouse.rollBack("r5");
    assertThat(read(ReadView.PUBLISHED)).isEqualTo(MANY + 100);
  }
}
