package io.ecluse.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/**
 * A table whose files are all named by where they are now: its manifests, what lists them, and the
 * files that say which rows of a data file have gone, written again where they name a place of
 * before. Data files stay as they are. Used once.
 */
final class RenamedTable {
  private static final int FILE_PATH = MetadataColumns.DELETE_FILE_PATH.fieldId();
  private static final List<String> BOUNDS = List.of("lower_bounds", "upper_bounds");
  private static final int POSITION_DELETES = 1;
  private static final int GONE = 2;

  private final StorageFileIO io;
  private final Drafts drafts;
  private final AvroCopies copies;

  /** Files that are known to name nothing of before. */
  private final Set<String> clean;

  private final Map<String, Optional<AvroCopies.Written>> manifests = new HashMap<>();
  private final Map<String, Optional<Deletes>> deletes = new HashMap<>();

  RenamedTable(StorageFileIO io, Drafts drafts, Set<String> clean) {
    this.io = io;
    this.drafts = drafts;
    this.copies = new AvroCopies(io, drafts);
    this.clean = clean;
  }

  /** It names files that only their writer can write again. */
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A file of deleted rows, and between which data files these are. */
  private record Deletes(String location, long bytes, String least, String most) {}

  /**
   * What the metadata are then; empty if they name nothing of before.
   *
   * @throws Unknown if that cannot be done
   */
  Optional<TableMetadata> of(TableMetadata table) {
    Map<Long, String> lists = new HashMap<>();
    for (Snapshot snapshot : table.snapshots()) {
      String list = snapshot.manifestListLocation();
      if (list == null) {
        throw new Unknown(); // the first format
      }
      if (!clean.contains(list)) {
        boolean old = io.isNamedBefore(list);
        for (ManifestFile manifest : snapshot.allManifests(io)) {
          old |= manifest(manifest.path()).isPresent();
        }
        if (old) {
          lists.put(snapshot.snapshotId(), copies.copy(list, this::point).location());
        } else {
          clean.add(list);
        }
      }
    }
    return lists.isEmpty() ? Optional.empty() : Optional.of(listed(table, lists));
  }

  private TableMetadata listed(TableMetadata table, Map<Long, String> lists) {
    return TimeOrder.edited(
        TimeOrder.listed(table, lists),
        json -> {
          json.path("metadata-log").forEach(each -> rename((ObjectNode) each, "metadata-file"));
          for (String kind : List.of("statistics", "partition-statistics")) {
            json.path(kind).forEach(each -> rename((ObjectNode) each, "statistics-path"));
          }
        });
  }

  private void rename(ObjectNode json, String key) {
    json.put(key, now(json.path(key).asText()));
  }

  private String now(String location) {
    return io.isNamedBefore(location) ? io.location(io.name(location)) : location;
  }

  private void point(GenericRecord manifest) {
    manifest(String.valueOf(manifest.get("manifest_path")))
        .ifPresent(
            written -> {
              manifest.put("manifest_path", written.location());
              manifest.put("manifest_length", written.bytes());
            });
  }

  /** What takes the place of a manifest; empty if it names nothing of before. */
  private Optional<AvroCopies.Written> manifest(String path) {
    if (clean.contains(path)) {
      return Optional.empty();
    }
    Optional<AvroCopies.Written> known = manifests.get(path);
    if (known == null) {
      AtomicBoolean old = new AtomicBoolean(io.isNamedBefore(path));
      AvroCopies.Written copy = copies.copy(path, entry -> old.compareAndSet(false, rename(entry)));
      if (old.get()) {
        known = Optional.of(copy);
      } else {
        drafts.deleteFile(copy.location());
        clean.add(path);
        known = Optional.empty();
      }
      manifests.put(path, known);
    }
    return known;
  }

  /** Returns whether it named something of before. */
  private boolean rename(GenericRecord entry) {
    GenericRecord file = (GenericRecord) entry.get("data_file");
    String path = String.valueOf(file.get("file_path"));
    boolean marks =
        !Integer.valueOf(GONE).equals(entry.get("status")) // such a file may be nowhere
            && file.hasField("content")
            && file.get("content") instanceof Integer content
            && content == POSITION_DELETES;
    Optional<Deletes> anew = marks ? deletes(path, file) : Optional.empty();
    file.put("file_path", anew.map(Deletes::location).orElseGet(() -> now(path)));
    anew.ifPresent(d -> describe(file, d));
    return anew.isPresent() || io.isNamedBefore(path);
  }

  private void describe(GenericRecord file, Deletes anew) {
    file.put("file_size_in_bytes", anew.bytes());
    for (String bounds : BOUNDS) {
      String path = bounds.equals(BOUNDS.get(0)) ? anew.least() : anew.most();
      if (file.get(bounds) instanceof List<?> all) {
        all.stream()
            .map(GenericRecord.class::cast)
            .filter(b -> ((Number) b.get("key")).intValue() == FILE_PATH)
            .forEach(b -> b.put("value", ByteBuffer.wrap(path.getBytes(UTF_8))));
      }
    }
    if (file.hasField("split_offsets")) {
      file.put("split_offsets", null); // of the file of before
    }
    if (file.hasField("referenced_data_file") && file.get("referenced_data_file") != null) {
      file.put("referenced_data_file", anew.least());
    }
  }

  private Optional<Deletes> deletes(String path, GenericRecord file) {
    if (!"parquet".equalsIgnoreCase(String.valueOf(file.get("file_format")))) {
      throw new Unknown();
    }
    Optional<Deletes> known = deletes.get(path);
    if (known == null) {
      known = clean.contains(path) ? Optional.empty() : written(path);
      known.ifPresentOrElse(d -> {}, () -> clean.add(path));
      deletes.put(path, known);
    }
    return known;
  }

  private Optional<Deletes> written(String path) {
    Schema schema = DeleteSchemaUtil.pathPosSchema();
    String here = io.location(io.within(path));
    OutputFile to =
        drafts.newOutputFile(
            here.substring(0, here.lastIndexOf('/') + 1) + UUID.randomUUID() + "-deletes.parquet");
    boolean old = false;
    String least = "";
    String most = "";
    try (CloseableIterable<Record> rows =
            Parquet.read(io.newInputFile(path))
                .project(schema)
                .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
                .build();
        PositionDeleteWriter<Record> writer =
            Parquet.writeDeletes(to)
                .overwrite()
                .withSpec(PartitionSpec.unpartitioned())
                .createWriterFunc(GenericParquetWriter::create)
                .buildPositionWriter()) {
      PositionDelete<Record> delete = PositionDelete.create();
      for (Record row : rows) {
        String before = String.valueOf(row.getField("file_path"));
        String name = now(before);
        old |= !name.equals(before);
        least = least.isEmpty() || name.compareTo(least) < 0 ? name : least;
        most = name.compareTo(most) > 0 ? name : most;
        writer.write(delete.set(name, (Long) row.getField("pos")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!old) {
      drafts.deleteFile(to.location());
      return Optional.empty();
    }
    return Optional.of(new Deletes(to.location(), to.toInputFile().getLength(), least, most));
  }
}
