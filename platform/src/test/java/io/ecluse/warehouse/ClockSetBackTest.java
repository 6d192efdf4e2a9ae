package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
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
import java.util.List;
import java.util.Set;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that were published while the clock was ahead: their metadata and the rows of their
 * publications are moved into the future, as such a clock would have written them.
 */
@Timeout(60)
class ClockSetBackTest {
  private static final TableName NUMBERS = new TableName("lab", "numbers");
  private static final Duration AHEAD = Duration.ofHours(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Metadata metadata;
  private Warehouse warehouse;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws IOException {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                128L << 20,
                2,
                folder.resolve("spill"),
                8L << 20,
                List.of(folder.resolve("warehouse"))),
            warehouse);
    for (int i = 1; i <= 3; i++) {
      write("ahead" + i, i);
      warehouse.publish("ahead" + i);
    }
    moveIntoFuture();
  }

  @AfterEach
  void close() {
    engine.close();
    metadata.close();
  }

  private void moveIntoFuture() throws IOException {
    String location = pointer();
    ObjectNode json =
        (ObjectNode) JSON.readTree(Files.readString(folder.resolve("warehouse").resolve(location)));
    move(json, "last-updated-ms");
    for (String list : List.of("snapshots", "snapshot-log", "metadata-log")) {
      for (JsonNode entry : json.path(list)) {
        move((ObjectNode) entry, "timestamp-ms");
      }
    }
    String ahead = location.replace(".metadata.json", "0.metadata.json");
    Files.writeString(folder.resolve("warehouse").resolve(ahead), json.toString());
    metadata
        .jdbi()
        .useHandle(
            h -> {
              h.execute("UPDATE catalog_table SET metadata_location = ?", ahead);
              h.execute("UPDATE publication SET published_at = published_at + interval '2 hours'");
            });
  }

  private static void move(ObjectNode json, String field) {
    json.put(field, json.path(field).asLong() + AHEAD.toMillis());
  }

  private String pointer() {
    return metadata
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT metadata_location FROM catalog_table")
                    .mapTo(String.class)
                    .one());
  }

  private void write(String run, int n, Column... more) {
    List<Column> columns = new java.util.ArrayList<>(List.of(new Column("n", DataType.BIGINT)));
    columns.addAll(List.of(more));
    StagedTable table = warehouse.stage(run, NUMBERS, columns);
    String values = more.length == 0 ? "" : ", 'x' AS " + more[0].name();
    engine.write(
        table,
        "select range as n" + values + " from range(" + n + ")",
        ReadView.PUBLISHED,
        new Cancellation());
  }

  private long rows(ReadView view) {
    Rows rows = new Rows();
    engine.run("select count(*) from lab.numbers", view, new Cancellation(), rows);
    return ((Number) rows.all().get(0)[0]).longValue();
  }

  private void requireOrder() {
    TableMetadata read =
        new Snapshots(
                new StorageFileIO(Places.of(folder.resolve("warehouse"), new Disk()), new Disk()))
            .metadata(pointer());
    assertThat(read.snapshotLog()).extracting(HistoryEntry::timestampMillis).isSorted();
    assertThat(read.previousFiles())
        .extracting(TableMetadata.MetadataLogEntry::timestampMillis)
        .isSorted()
        .allMatch(t -> t <= read.lastUpdatedMillis());
    List<Instant> newestFirst = warehouse.history(NUMBERS).stream().map(TableVersion::at).toList();
    assertThat(newestFirst).doesNotHaveDuplicates();
  }

  @Test
  void publishesAfterWhatWasPublishedAhead() {
    write("now1", 10);
    assertThat(rows(new ReadView.OfRun("now1"))).isEqualTo(10);
    Publication first = warehouse.publish("now1");
    write("now2", 20, new Column("extra", DataType.VARCHAR));
    Publication second = warehouse.publish("now2");

    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(20);
    assertThat(warehouse.history(NUMBERS))
        .extracting(TableVersion::rows)
        .containsExactly(20L, 10L, 3L, 2L, 1L);
    requireOrder();
    TableMetadata read =
        new Snapshots(
                new StorageFileIO(Places.of(folder.resolve("warehouse"), new Disk()), new Disk()))
            .metadata(pointer());
    assertThat(read.snapshotLog()).hasSize(5);
    assertThat(read.previousFiles()).hasSizeBetween(4, 10);
    assertThat(second.at()).isAfter(first.at()).isAfter(Instant.now().plus(AHEAD.minusMinutes(5)));
    assertThat(rows(new ReadView.AsOf(first.at()))).isEqualTo(10);
    assertThat(rows(new ReadView.AsOf(first.at().minusNanos(1000)))).isEqualTo(3);
    assertThat(rows(new ReadView.AsOf(second.at()))).isEqualTo(20);
  }

  @Test
  void rollsBackWhatWasPublishedAhead() {
    Publication undone = warehouse.rollBack("ahead3");
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(2);
    assertThat(rows(new ReadView.AsOf(undone.at()))).isEqualTo(2);
    assertThat(rows(new ReadView.AsOf(undone.at().minusNanos(1000)))).isEqualTo(3);

    write("now", 10);
    warehouse.publish("now");
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(10);
    warehouse.rollBack("now");
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(2);
    requireOrder();
  }

  @Test
  void forgetsOldStatesAndLetsARunGoOnAcrossThat() {
    for (int i = 4; i <= 7; i++) {
      write("now" + i, i);
      warehouse.publish("now" + i);
    }
    write("live", 100);
    Instant later = Instant.now().plus(Duration.ofDays(2));

    Reclaimed reclaimed =
        warehouse.reclaim(new Retention(later, later, Set.of(), Set.of(), Effect.REMOVE));

    assertThat(reclaimed.snapshots()).isEqualTo(2);
    requireOrder();
    warehouse.publish("live");
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(100);
    requireOrder();
  }

  @Test
  void maintenanceThatWasClaimedAheadIsClaimedAgain() {
    Instant now = Instant.now();
    Instant ahead = now.plus(AHEAD);
    assertThat(warehouse.claimMaintenance(ahead, ahead.minusSeconds(3600))).isTrue();
    assertThat(warehouse.claimMaintenance(now, now.minusSeconds(3600))).isTrue();
    assertThat(warehouse.claimMaintenance(now.plusSeconds(9), now.minusSeconds(3591))).isFalse();
  }
}
