package io.ecluse.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.TableMetadataParser;

/**
 * Keeps the times in the metadata of a table in order, whatever the clock does. Iceberg takes them
 * from the machine and refuses to build metadata whose time is before that of its logs, so after a
 * clock was set back nothing could be written until it has caught up.
 *
 * <p>Then a change is made to metadata whose logs end now, and what comes out is given the true
 * logs again, and times just after the latest one that there was.
 */
final class TimeOrder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UPDATED = "last-updated-ms";
  private static final String TIME = "timestamp-ms";
  private static final String SNAPSHOT = "snapshot-id";
  private static final String STATES = "snapshot-log";
  private static final String FILES = "metadata-log";
  private static final String MOST_FILES = "write.metadata.previous-versions-max";
  private static final int DEFAULT_MOST_FILES = 100;

  private TimeOrder() {}

  /** What a change makes of metadata, later than these. */
  static TableMetadata change(TableMetadata base, UnaryOperator<TableMetadata> change) {
    TableMetadata changeable = changeable(base);
    return after(base, changeable, change.apply(changeable));
  }

  /** The same, such that it can be changed now. Give the outcome to {@link #after}. */
  static TableMetadata changeable(TableMetadata base) {
    long now = System.currentTimeMillis();
    if (latest(base) < now) {
      return base;
    }
    ObjectNode json = json(base);
    json.remove(FILES);
    for (JsonNode entry : json.path(STATES)) {
      ((ObjectNode) entry).put(TIME, Math.min(now, entry.path(TIME).asLong()));
    }
    json.put(UPDATED, Math.min(now, base.lastUpdatedMillis()));
    return read(base, json);
  }

  /**
   * What was made of {@link #changeable} metadata, in the order of time.
   *
   * @param base what that was
   */
  static TableMetadata after(TableMetadata base, TableMetadata changeable, TableMetadata changed) {
    if (changed == changeable) {
      return base;
    }
    if (changeable == base) {
      return changed;
    }
    ObjectNode json = json(changed);
    long time = Math.max(latest(base) + 1, changed.lastUpdatedMillis());
    Set<Long> old = new HashSet<>();
    base.snapshots().forEach(s -> old.add(s.snapshotId()));
    for (JsonNode snapshot : json.path("snapshots")) {
      if (!old.contains(snapshot.path(SNAPSHOT).asLong())) {
        ((ObjectNode) snapshot).put(TIME, time);
      }
    }
    json.set(STATES, states(base, changed, time));
    json.set(FILES, files(base, changed));
    json.put(UPDATED, time);
    return read(changed, json);
  }

  /** As Iceberg does: what was before a state that has gone is not told either. */
  private static ArrayNode states(TableMetadata base, TableMetadata changed, long time) {
    ArrayNode states = JSON.createArrayNode();
    for (HistoryEntry entry : base.snapshotLog()) {
      if (changed.snapshot(entry.snapshotId()) == null) {
        states.removeAll();
      } else {
        states.addObject().put(SNAPSHOT, entry.snapshotId()).put(TIME, entry.timestampMillis());
      }
    }
    List<HistoryEntry> all = changed.snapshotLog();
    for (HistoryEntry entry : all.subList(Math.min(states.size(), all.size()), all.size())) {
      states.addObject().put(SNAPSHOT, entry.snapshotId()).put(TIME, time);
    }
    return states;
  }

  private static ArrayNode files(TableMetadata base, TableMetadata changed) {
    List<ObjectNode> all = new ArrayList<>();
    for (MetadataLogEntry entry : base.previousFiles()) {
      all.add(file(entry, entry.timestampMillis()));
    }
    for (MetadataLogEntry entry : changed.previousFiles()) {
      all.add(file(entry, base.lastUpdatedMillis()));
    }
    int most = changed.propertyAsInt(MOST_FILES, DEFAULT_MOST_FILES);
    return JSON.createArrayNode().addAll(all.subList(Math.max(0, all.size() - most), all.size()));
  }

  private static ObjectNode file(MetadataLogEntry entry, long time) {
    return JSON.createObjectNode().put(TIME, time).put("metadata-file", entry.file());
  }

  /** The same table in another folder. */
  static TableMetadata located(TableMetadata metadata, String location) {
    return edited(metadata, json -> json.put("location", location));
  }

  /**
   * The same states, some of which have another list of their manifests.
   *
   * @param lists by the number of a state
   */
  static TableMetadata listed(TableMetadata metadata, Map<Long, String> lists) {
    return edited(
        metadata,
        json -> {
          for (JsonNode snapshot : json.path("snapshots")) {
            Optional.ofNullable(lists.get(snapshot.path(SNAPSHOT).asLong()))
                .ifPresent(list -> ((ObjectNode) snapshot).put("manifest-list", list));
          }
        });
  }

  /** The same at the same time, but for what is edited. */
  static TableMetadata edited(TableMetadata metadata, Consumer<ObjectNode> edit) {
    ObjectNode json = json(metadata);
    edit.accept(json);
    return read(metadata, json);
  }

  private static long latest(TableMetadata metadata) {
    long latest = metadata.lastUpdatedMillis();
    for (HistoryEntry entry : metadata.snapshotLog()) {
      latest = Math.max(latest, entry.timestampMillis());
    }
    for (MetadataLogEntry entry : metadata.previousFiles()) {
      latest = Math.max(latest, entry.timestampMillis());
    }
    for (Snapshot snapshot : metadata.snapshots()) {
      latest = Math.max(latest, snapshot.timestampMillis());
    }
    return latest;
  }

  static ObjectNode json(TableMetadata metadata) {
    try {
      return (ObjectNode) JSON.readTree(TableMetadataParser.toJson(metadata));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TableMetadata read(TableMetadata as, ObjectNode json) {
    return TableMetadataParser.fromJson(as.metadataFileLocation(), json);
  }
}
