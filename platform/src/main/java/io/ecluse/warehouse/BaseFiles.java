package io.ecluse.warehouse;

import io.ecluse.schema.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/** The files that a run changes a table from, with what Iceberg knows of them. */
public final class BaseFiles {
  private final BaseTable table;
  private final TableSnapshot read;
  private final Map<String, FileScanTask> tasks = new HashMap<>();
  private final StorageFileIO io;

  BaseFiles(BaseTable table, TableSnapshot read, StorageFileIO io) {
    this.table = table;
    this.read = read;
    this.io = io;
    try (CloseableIterable<FileScanTask> planned =
        table.newScan().useSnapshot(read.id()).includeColumnStats().planFiles()) {
      planned.forEach(t -> tasks.put(io.readable(t.file().location()), t));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FileScanTask task(String location) {
    return Objects.requireNonNull(tasks.get(io.readable(location)));
  }

  /** What each file may hold of some columns, in the order of the snapshot. */
  public List<FileReach> reaches(List<String> columns) {
    List<FileReach> reaches = new ArrayList<>();
    for (TableSnapshot.DataFile file : read.files()) {
      FileScanTask task = task(file.path());
      Map<String, FileReach.Bounds> bounds = new HashMap<>();
      for (String column : columns) {
        bounds(task.file(), column).ifPresent(b -> bounds.put(column, b));
      }
      reaches.add(
          new FileReach(
              reaches.size(),
              file,
              task.file().location(),
              task.file().specId() + "/" + task.file().partition(),
              bounds,
              parts(task)));
    }
    return reaches;
  }

  private Optional<FileReach.Bounds> bounds(DataFile file, String column) {
    NestedField field = schema().findField(column);
    if (field == null) {
      return Optional.empty();
    }
    int id = field.fieldId();
    boolean mayHoldNan =
        (field.type().typeId() == Type.TypeID.FLOAT || field.type().typeId() == Type.TypeID.DOUBLE)
            && !Long.valueOf(0).equals(of(file.nanValueCounts(), id).orElse(-1L));
    return mayHoldNan
        ? Optional.empty()
        : Optional.of(
            new FileReach.Bounds(
                of(file.lowerBounds(), id).flatMap(b -> text(field, b)),
                of(file.upperBounds(), id).flatMap(b -> text(field, b)),
                of(file.nullValueCounts(), id).filter(n -> n == 0).isPresent()
                    ? FileReach.Bounds.Nulls.NONE
                    : FileReach.Bounds.Nulls.MAYBE));
  }

  private Schema schema() {
    return Objects.requireNonNull(table.schemas().get(table.snapshot(read.id()).schemaId()));
  }

  private static Optional<String> text(NestedField field, ByteBuffer bound) {
    return IcebergValues.text(field.type(), bound);
  }

  private static <V> Optional<V> of(Map<Integer, V> map, int id) {
    return Optional.ofNullable(map).map(m -> m.get(id));
  }

  private static Map<Layout.Part, Optional<String>> parts(FileScanTask task) {
    List<PartitionField> fields = task.spec().fields();
    Map<Layout.Part, Optional<String>> parts = new HashMap<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      Type type = task.spec().partitionType().fields().get(i).type();
      Object value = task.partition().get(i, Object.class);
      Optional<String> text =
          Optional.ofNullable(value).flatMap(v -> IcebergValues.text(type, normal(v)));
      if (value == null || text.isPresent()) {
        IcebergLayout.part(task.spec(), fields.get(i)).ifPresent(p -> parts.put(p, text));
      }
    }
    return parts;
  }

  private static Object normal(Object value) {
    return value instanceof CharSequence text ? text.toString() : value;
  }
}
