package io.ecluse.warehouse;

import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;

/** What the metadata of a table are when a run begins to write it. */
final class FirstMetadata {
  private static final Map<String, String> TABLE_PROPERTIES =
      Map.of(
          "format-version", "2",
          "write.parquet.compression-codec", "zstd",
          "write.metadata.previous-versions-max", "10",
          "commit.retry.num-retries", "0");

  private FirstMetadata() {}

  /** A table that is not there yet. */
  static TableMetadata created(String warehouse, TableName name, List<Column> columns) {
    String table =
        "%s/%s/%s-%s"
            .formatted(
                warehouse,
                name.schema(),
                name.name(),
                UUID.randomUUID().toString().substring(0, 8));
    Schema schema = IcebergTypes.schema(columns);
    return TableMetadata.newTableMetadata(
        schema, PartitionSpec.unpartitioned(), table, TABLE_PROPERTIES);
  }

  /**
   * The run's branch begins where the table is: the totals of its snapshots count on from there.
   */
  static TableMetadata branched(TableMetadata base, String runId) {
    Snapshot current = base.currentSnapshot();
    return current == null
        ? base
        : TimeOrder.change(
            base,
            b ->
                TableMetadata.buildFrom(b)
                    .setBranchSnapshot(current.snapshotId(), Warehouse.branch(runId))
                    .build());
  }
}
