package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * Reads metadata and plans snapshots. Both are immutable once written, so what was read is kept,
 * the least recently used leaving first, and never asked for again.
 */
final class Snapshots {
  private static final int KEPT = 512;

  private final StorageFileIO io;
  private final Map<String, TableMetadata> metadata = lru();
  private final Map<String, TableSnapshot> planned = lru();
  private final Map<String, String> sources = lru();
  private final Map<String, Map<Integer, Long>> columnBytes = lru();
  private final Map<String, Set<String>> matching = lru();

  Snapshots(StorageFileIO io) {
    this.io = io;
  }

  StorageFileIO io() {
    return io;
  }

  /**
   * What a metadata file says.
   *
   * @param name of the file in the warehouse, as the catalog has it
   */
  TableMetadata metadata(String name) {
    return cached(
        metadata,
        name,
        () -> {
          String location = io.location(name);
          try {
            TableMetadata read = TableMetadataParser.read(io.newInputFile(location));
            return io.hasMoved() ? here(read) : read;
          } catch (EcluseException e) {
            throw e;
          } catch (RuntimeException e) {
            throw ErrorCode.DATA_CORRUPT.error(
                "Could not read the table metadata %s: %s; was the warehouse folder moved or changed?"
                    .formatted(location, e.getMessage()),
                e);
          }
        });
  }

  /** What is written next to it is written where the table is now. */
  private TableMetadata here(TableMetadata read) {
    String location = io.location(io.name(read.location()));
    return location.equals(read.location()) ? read : TimeOrder.located(read, location);
  }

  TableSnapshot plan(TableName table, String metadataLocation, long snapshotId) {
    TableMetadata read = metadata(metadataLocation);
    Snapshot snapshot = read.snapshot(snapshotId);
    if (snapshot == null) {
      throw ErrorCode.NOT_FOUND.error(
          "The state of %s that readers saw then, snapshot %d, has expired: warehouse.keep_snapshots says how long states are kept; ecluse show table %s lists those there are"
              .formatted(table, snapshotId, table));
    }
    cached(sources, String.valueOf(snapshotId), () -> metadataLocation);
    return cached(
        planned,
        read.uuid() + "/" + snapshotId + "/" + snapshot.manifestListLocation(),
        () -> {
          Schema schema = read.schemasById().get(snapshot.schemaId());
          return new TableSnapshot(
              table,
              snapshotId,
              Instant.ofEpochMilli(snapshot.timestampMillis()),
              Optional.ofNullable(snapshot.summary().get(Warehouse.RUN_ID)),
              Optional.ofNullable(snapshot.summary().get(Warehouse.BATCH)),
              IcebergTypes.columns(schema == null ? read.schema() : schema),
              files(table, read, snapshot),
              Optional.empty());
        });
  }

  /**
   * A state that was planned, with the files alone in which a row may be that meets all of one of
   * these lists.
   */
  TableSnapshot matching(TableSnapshot state, List<List<RowCondition>> any) {
    String source = cached(sources, String.valueOf(state.id()), () -> "");
    if (source.isEmpty()) {
      return state; // so many were planned since
    }
    TableMetadata read = metadata(source);
    Snapshot snapshot = read.snapshot(state.id());
    Schema schema = read.schemasById().getOrDefault(snapshot.schemaId(), read.schema());
    Expression wanted = Expressions.alwaysFalse();
    for (List<RowCondition> all : any) {
      Expression each = Expressions.alwaysTrue();
      for (RowCondition one : all) {
        Types.NestedField field = schema.findField(one.column());
        if (field != null && one.fits(field)) {
          each = Expressions.and(each, one.expression());
        }
      }
      wanted = Expressions.or(wanted, each);
    }
    if (wanted.op() == Expression.Operation.TRUE) {
      return state;
    }
    Expression rows = wanted;
    Set<String> paths =
        cached(
            matching, state.id() + "/" + rows, () -> paths(state.table(), read, state.id(), rows));
    return state.of(state.files().stream().filter(f -> paths.contains(f.path())).toList());
  }

  private Set<String> paths(TableName table, TableMetadata read, long snapshot, Expression rows) {
    BaseTable iceberg = new BaseTable(new RunTableOperations(io, read), table.toString());
    Set<String> paths = new HashSet<>();
    try (CloseableIterable<FileScanTask> tasks =
        iceberg.newScan().useSnapshot(snapshot).filter(rows).planFiles()) {
      tasks.forEach(task -> paths.add(io.readable(task.file().location())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return paths;
  }

  /**
   * What the columns of a state that was planned take in its files, by field ids; those of which
   * some writer did not say so are left out.
   */
  Map<Integer, Long> columnBytes(TableSnapshot state) {
    String source = cached(sources, String.valueOf(state.id()), () -> "");
    if (source.isEmpty()) {
      return Map.of(); // so many were planned since
    }
    TableMetadata read = metadata(source);
    return cached(
        columnBytes,
        read.uuid() + "/" + state.id(),
        () -> {
          Map<Integer, Long> bytes = new HashMap<>();
          BaseTable iceberg =
              new BaseTable(new RunTableOperations(io, read), state.table().toString());
          try (CloseableIterable<FileScanTask> tasks =
              iceberg.newScan().useSnapshot(state.id()).includeColumnStats().planFiles()) {
            for (FileScanTask task : tasks) {
              Optional.ofNullable(task.file().columnSizes())
                  .orElse(Map.of())
                  .forEach((column, size) -> bytes.merge(column, size, Long::sum));
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return Map.copyOf(bytes);
        });
  }

  private List<TableSnapshot.DataFile> files(
      TableName table, TableMetadata read, Snapshot snapshot) {
    Set<Long> fitting = fitting(read, snapshot);
    BaseTable iceberg = new BaseTable(new RunTableOperations(io, read), table.toString());
    List<TableSnapshot.DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        iceberg.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      for (FileScanTask task : tasks) {
        files.add(
            new TableSnapshot.DataFile(
                io.readable(task.file().location()),
                task.file().recordCount(),
                task.file().fileSizeInBytes(),
                deleted(table, task),
                fitting.contains(task.file().fileSequenceNumber())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(Comparator.comparing(TableSnapshot.DataFile::path));
    return files;
  }

  /** The commits, by their sequence numbers, whose files have just the columns of this snapshot. */
  private static Set<Long> fitting(TableMetadata read, Snapshot snapshot) {
    return read.snapshots().stream()
        .filter(s -> Warehouse.OURS.equals(s.summary().get(Warehouse.WRITER)))
        .filter(s -> Objects.equals(s.schemaId(), snapshot.schemaId()))
        .map(Snapshot::sequenceNumber)
        .collect(Collectors.toSet());
  }

  private TableSnapshot.Deleted deleted(TableName table, FileScanTask task) {
    if (task.deletes().isEmpty()) {
      return TableSnapshot.Deleted.NONE;
    }
    if (task.deletes().size() == 1 && isOfOneFile(task.deletes().get(0))) {
      DeleteFile only = task.deletes().get(0);
      return TableSnapshot.Deleted.in(io.readable(only.location()), only.recordCount());
    }
    if (task.deletes().stream().anyMatch(d -> d.content() == FileContent.EQUALITY_DELETES)) {
      throw ErrorCode.DATA_INVALID.error(
          "%s has equality deletes, written by another engine, which cannot be read yet; compact the table there"
              .formatted(table));
    }
    List<Long> positions = new ArrayList<>();
    new BaseDeleteLoader(d -> io.newInputFile(d.location()))
        .loadPositionDeletes(task.deletes(), task.file().location())
        .forEach(positions::add);
    return TableSnapshot.Deleted.at(positions);
  }

  /** Whether the engine can read it as it is, and every row of it is a row of one data file. */
  static boolean isOfOneFile(DeleteFile deletes) {
    return deletes.content() == FileContent.POSITION_DELETES
        && deletes.format() == FileFormat.PARQUET
        && ContentFileUtil.isFileScoped(deletes);
  }

  List<TableVersion> history(String metadataLocation) {
    TableMetadata read = metadata(metadataLocation);
    long current = read.currentSnapshot() == null ? -1 : read.currentSnapshot().snapshotId();
    List<TableVersion> versions = new ArrayList<>();
    for (Snapshot snapshot : read.snapshots()) {
      versions.add(
          new TableVersion(
              snapshot.snapshotId(),
              Instant.ofEpochMilli(snapshot.timestampMillis()),
              snapshot.operation(),
              rows(snapshot),
              count(snapshot, "added-records"),
              Optional.ofNullable(snapshot.summary().get(Warehouse.RUN_ID)),
              snapshot.snapshotId() == current
                  ? TableVersion.State.CURRENT
                  : TableVersion.State.PAST));
    }
    versions.sort(Comparator.comparing(TableVersion::at).reversed());
    return versions;
  }

  /** Rows that are there. */
  static long rows(Snapshot snapshot) {
    return count(snapshot, "total-records") - count(snapshot, "total-position-deletes");
  }

  static long count(Snapshot snapshot, String key) {
    return Long.parseLong(snapshot.summary().getOrDefault(key, "0"));
  }

  private static <V> V cached(Map<String, V> cache, String key, Supplier<V> read) {
    synchronized (cache) {
      V known = cache.get(key);
      if (known != null) {
        return known;
      }
    }
    V value = read.get();
    synchronized (cache) {
      cache.put(key, value);
    }
    return value;
  }

  private static <V> Map<String, V> lru() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > KEPT;
      }
    };
  }
}
