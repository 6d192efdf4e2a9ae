package io.ecluse.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.FileIO;

/**
 * A table as a run has it, for engines that know nothing of runs: what is on the run's branch is on
 * their {@code main}, and what they commit to that goes on the branch. What is stored has both, so
 * that it is published as if the run had written it here.
 *
 * <p>A run's branch always ends in a state with the columns that the table has now, since readers
 * take those of the state. An engine may commit other columns, or a new table, without one; then
 * the branch is given a cap, an empty commit, which the engine does not see.
 *
 * @param marks snapshot properties of all that is committed
 */
record RunPerspective(String runId, Map<String, String> marks) {
  /** The snapshot property of a cap, and what is below it. */
  private static final String CAP = "ecluse.cap";

  private static final String OVER_NOTHING = "nothing";
  private static final String OVER_STATE = "state";
  private static final String OURS = "ecluse.";
  private static final String MAIN = SnapshotRef.MAIN_BRANCH;
  private static final String CURRENT = "current-snapshot-id";
  private static final String LOG = "snapshot-log";
  private static final String SNAPSHOT = "snapshot-id";
  private static final String TIME = "timestamp-ms";
  private static final String UPDATED = "last-updated-ms";

  private String branch() {
    return Warehouse.branch(runId);
  }

  /**
   * The table as others see it, without changes to it.
   *
   * @param file where the metadata is
   */
  TableMetadata seen(TableMetadata stored, String file) {
    ObjectNode json = TimeOrder.json(stored);
    SnapshotRef mine = stored.ref(branch());
    if (mine != null) {
      ObjectNode refs = json.withObject("/refs");
      JsonNode ref = refs.remove(branch());
      Optional<Snapshot> head = head(stored, stored.snapshot(mine.snapshotId()), json);
      if (head.isPresent()) {
        refs.set(MAIN, ((ObjectNode) ref).put(SNAPSHOT, head.get().snapshotId()));
        json.put(CURRENT, head.get().snapshotId());
        log(json, head.get());
      } else {
        refs.remove(MAIN);
        json.put(CURRENT, -1);
        json.putArray(LOG);
      }
    }
    return TableMetadataParser.fromJson(file, json);
  }

  private Optional<Snapshot> head(TableMetadata stored, Snapshot tip, ObjectNode json) {
    String cap = tip.summary().get(CAP);
    if (cap == null || !runId.equals(tip.summary().get(Warehouse.RUN_ID))) {
      return Optional.of(tip);
    }
    for (Iterator<JsonNode> each = json.withArray("/snapshots").iterator(); each.hasNext(); ) {
      if (each.next().path(SNAPSHOT).asLong() == tip.snapshotId()) {
        each.remove();
      }
    }
    return cap.equals(OVER_NOTHING)
        ? Optional.empty()
        : Optional.of(stored.snapshot(tip.parentId()));
  }

  private static void log(ObjectNode json, Snapshot head) {
    ArrayNode log = json.withArray("/" + LOG);
    JsonNode last = log.isEmpty() ? log.objectNode() : log.get(log.size() - 1);
    if (last.path(SNAPSHOT).asLong() != head.snapshotId()) {
      long time = Math.max(last.path(TIME).asLong(), head.timestampMillis());
      log.addObject().put(SNAPSHOT, head.snapshotId()).put(TIME, time);
      json.put(UPDATED, Math.max(time, json.path(UPDATED).asLong()));
    }
  }

  /**
   * What is to be stored.
   *
   * @param changed as others see it
   * @param before what is stored; empty for a table that is new
   * @param lists where the lists of manifests are of those states that have another than they say
   */
  TableMetadata stored(
      TableMetadata changed, Optional<TableMetadata> before, Map<Long, String> lists) {
    ObjectNode json = TimeOrder.json(changed);
    ObjectNode base =
        before.map(TimeOrder::json).orElseGet(() -> json.objectNode().put(CURRENT, -1));
    ObjectNode refs = json.withObject("/refs");
    JsonNode head = refs.remove(MAIN);
    if (head != null) {
      refs.set(branch(), head);
    }
    JsonNode main = base.path("refs").path(MAIN);
    if (!main.isMissingNode()) {
      refs.set(MAIN, main);
    }
    json.put(CURRENT, main.path(SNAPSHOT).asLong(-1));
    json.set(LOG, base.withArray("/" + LOG));
    json.put(UPDATED, Math.max(json.path(UPDATED).asLong(), base.path(UPDATED).asLong()));
    Set<Long> known = new HashSet<>();
    before.ifPresent(b -> b.snapshots().forEach(s -> known.add(s.snapshotId())));
    for (JsonNode snapshot : json.withArray("/snapshots")) {
      long id = snapshot.path(SNAPSHOT).asLong();
      if (!known.contains(id)) {
        sign(((ObjectNode) snapshot).withObject("/summary"));
      }
      if (lists.containsKey(id)) {
        ((ObjectNode) snapshot).put("manifest-list", lists.get(id));
      }
    }
    return TableMetadataParser.fromJson(json);
  }

  /** Whoever wrote it, it is the run's; our own words are nobody else's. */
  private void sign(ObjectNode summary) {
    for (Iterator<String> names = summary.fieldNames(); names.hasNext(); ) {
      if (names.next().startsWith(OURS)) {
        names.remove();
      }
    }
    summary.put(Warehouse.RUN_ID, runId);
    marks.forEach(summary::put);
  }

  /** The same, with a cap if it needs one. */
  TableMetadata capped(TableMetadata stored, FileIO io) {
    SnapshotRef mine = stored.ref(branch());
    if (mine != null
        && Integer.valueOf(stored.currentSchemaId())
            .equals(stored.snapshot(mine.snapshotId()).schemaId())) {
      return stored;
    }
    RunTableOperations operations = RunTableOperations.changing(io, stored);
    BaseTable table = new BaseTable(operations, runId);
    if (mine == null) {
      cap(table.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue()), OVER_NOTHING);
    } else {
      cap(table.newFastAppend(), OVER_STATE);
    }
    return operations.result();
  }

  private <U extends SnapshotUpdate<U>> void cap(U update, String over) {
    update.toBranch(branch());
    update.set(Warehouse.RUN_ID, runId);
    update.set(CAP, over);
    update.commit();
  }
}
