package io.ecluse.warehouse;

import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.util.SnapshotUtil;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Forgets old states of tables. A table's metadata is written anew without them and the catalog
 * then points there, unless somebody has published meanwhile: then it is left for the next time. No
 * file is deleted here; {@link Sweep} does that with what nothing refers to any more.
 */
record Expiry(
    Jdbi jdbi,
    CatalogRows catalog,
    PublicationRows publications,
    Snapshots snapshots,
    MetadataFiles files) {
  /**
   * What became of the tables.
   *
   * @param expired how many states went
   * @param told what would remain of those tables that would lose some, if nothing is to happen
   */
  record Outcome(long expired, Map<TableName, TableMetadata> told) {}

  Outcome expire(Retention retention) {
    long expired = 0;
    Map<TableName, TableMetadata> told = new HashMap<>();
    List<CatalogRows.Row> rows = jdbi.withHandle(catalog::pointers);
    Map<TableName, PublicationRows.State> visible =
        jdbi.withHandle(
            h ->
                publications.publishedAt(
                    h,
                    rows.stream().map(CatalogRows.Row::table).toList(),
                    retention.statesBefore()));
    for (CatalogRows.Row row : rows) {
      TableMetadata before = snapshots.metadata(row.location());
      TableMetadata after =
          without(
              row.table(),
              before,
              retention,
              Optional.ofNullable(visible.get(row.table()))
                  .flatMap(PublicationRows.State::snapshot));
      int gone = before.snapshots().size() - after.snapshots().size();
      if (gone > 0 && retention.effect() == Effect.TELL) {
        told.put(row.table(), after);
        expired += gone;
      } else if (gone > 0 && point(row, after)) {
        expired += gone;
      }
    }
    return new Outcome(expired, told);
  }

  /**
   * Readers saw a state until the next came, so the one that they saw at the time stays, and with
   * it everything since.
   */
  private static Instant horizon(TableMetadata metadata, Instant before, Optional<Long> visible) {
    return visible
        .map(metadata::snapshot)
        .map(s -> Instant.ofEpochMilli(s.timestampMillis()))
        .filter(t -> t.isBefore(before))
        .orElse(before);
  }

  private TableMetadata without(
      TableName table, TableMetadata metadata, Retention retention, Optional<Long> visible) {
    RunTableOperations operations = RunTableOperations.changing(files.reading(), metadata);
    ExpireSnapshots expire =
        new BaseTable(operations, table.toString())
            .expireSnapshots()
            .expireOlderThan(horizon(metadata, retention.statesBefore(), visible).toEpochMilli())
            .retainLast(Retention.LEAST_STATES)
            .cleanExpiredFiles(false);
    Set<Long> standing = standing(metadata);
    for (Snapshot snapshot : metadata.snapshots()) {
      boolean rolledBack = !standing.contains(snapshot.snapshotId());
      boolean old = snapshot.timestampMillis() < retention.statesBefore().toEpochMilli();
      if (rolledBack && old && !visible.equals(Optional.of(snapshot.snapshotId()))) {
        expire.expireSnapshotId(snapshot.snapshotId());
      }
    }
    expire.commit();
    return operations.result();
  }

  /** The states that the current one was made from, and those that other engines have named. */
  private static Set<Long> standing(TableMetadata metadata) {
    Set<Long> ids = new HashSet<>();
    for (SnapshotRef ref : metadata.refs().values()) {
      SnapshotUtil.ancestorsOf(ref.snapshotId(), metadata::snapshot)
          .forEach(s -> ids.add(s.snapshotId()));
    }
    return ids;
  }

  /** False if somebody published meanwhile. */
  private boolean point(CatalogRows.Row row, TableMetadata after) {
    String location = files.write(List.of(after)).get(0);
    return jdbi.inTransaction(
        h -> {
          catalog.requireHere(h);
          return catalog.replace(h, row.table(), Optional.of(row.location()), location);
        });
  }

  /**
   * A run's metadata over what is published now, if nothing happened since the run began but that
   * old states were forgotten; empty if something else did.
   *
   * @param base what was published when the run began
   * @param now what is published now
   * @param staged what the run made from {@code base}
   */
  static Optional<TableMetadata> rebase(
      TableMetadata base, TableMetadata now, TableMetadata staged) {
    Set<Long> before = ids(base);
    Set<Long> still = ids(now);
    boolean same =
        base.uuid().equals(now.uuid())
            && base.lastSequenceNumber() == now.lastSequenceNumber()
            && base.lastColumnId() == now.lastColumnId()
            && base.currentSchemaId() == now.currentSchemaId()
            && id(base.currentSnapshot()) == id(now.currentSnapshot())
            && base.refs().equals(now.refs())
            && base.properties().equals(now.properties())
            && before.containsAll(still);
    if (!same) {
      return Optional.empty();
    }
    Set<Long> forgotten = new HashSet<>(before);
    forgotten.removeAll(still);
    TableMetadata left =
        TimeOrder.change(
            staged, s -> TableMetadata.buildFrom(s).removeSnapshots(forgotten).build());
    Map<Long, String> renamed = lists(now);
    renamed.entrySet().removeAll(lists(staged).entrySet());
    return Optional.of(renamed.isEmpty() ? left : TimeOrder.listed(left, renamed));
  }

  private static Map<Long, String> lists(TableMetadata metadata) {
    Map<Long, String> lists = new HashMap<>();
    metadata.snapshots().stream()
        .filter(s -> s.manifestListLocation() != null)
        .forEach(s -> lists.put(s.snapshotId(), s.manifestListLocation()));
    return lists;
  }

  private static long id(@Nullable Snapshot snapshot) {
    return snapshot == null ? -1 : snapshot.snapshotId();
  }

  private static Set<Long> ids(TableMetadata metadata) {
    return metadata.snapshots().stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
  }
}
