package io.ecluse.warehouse;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;

/**
 * What the writer counted, as Iceberg keeps it. A bound that is not surely right is left out: an
 * engine skips files by these, and a wrong bound is a wrong answer.
 */
final class FileMetrics {
  /** Iceberg's own default: a bound of a text keeps this many characters. */
  private static final int TEXT_BOUND = 16;

  private FileMetrics() {}

  static Metrics of(WrittenFile file, Schema schema) {
    Map<Integer, Long> sizes = new HashMap<>();
    Map<Integer, Long> values = new HashMap<>();
    Map<Integer, Long> nulls = new HashMap<>();
    Map<Integer, Long> nans = new HashMap<>();
    Map<Integer, ByteBuffer> lower = new HashMap<>();
    Map<Integer, ByteBuffer> upper = new HashMap<>();
    for (NestedField field : schema.columns()) {
      ColumnStatistics column = file.columns().get(field.name());
      if (column == null) {
        continue;
      }
      int id = field.fieldId();
      sizes.put(id, column.bytes());
      values.put(id, column.values());
      nulls.put(id, column.nulls());
      if (column.nan().isPresent() && !column.nan().get()) {
        nans.put(id, 0L);
      }
      column.min().flatMap(m -> lowerBound(field.type(), m)).ifPresent(b -> lower.put(id, b));
      column.max().flatMap(m -> upperBound(field.type(), m)).ifPresent(b -> upper.put(id, b));
    }
    return new Metrics(file.rows(), sizes, values, nulls, nans, lower, upper);
  }

  /** Of a file that names rows of one data file; both bounds are its whole path, never cut. */
  static Metrics ofDeletes(long rows, String dataFile) {
    int id = MetadataColumns.DELETE_FILE_PATH.fieldId();
    ByteBuffer path = Conversions.toByteBuffer(Types.StringType.get(), dataFile);
    return new Metrics(
        rows, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(id, path), Map.of(id, path));
  }

  private static Optional<ByteBuffer> lowerBound(Type type, String text) {
    if (type.typeId() == Type.TypeID.STRING) {
      CharSequence cut = UnicodeUtil.truncateString(text, TEXT_BOUND);
      return Optional.of(Conversions.toByteBuffer(type, cut));
    }
    return exact(type, text);
  }

  private static Optional<ByteBuffer> upperBound(Type type, String text) {
    if (type.typeId() == Type.TypeID.STRING) {
      CharSequence cut = UnicodeUtil.truncateStringMax(text, TEXT_BOUND);
      return Optional.ofNullable(cut).map(c -> Conversions.toByteBuffer(type, c));
    }
    return exact(type, text);
  }

  private static Optional<ByteBuffer> exact(Type type, String text) {
    return IcebergValues.value(type, text)
        .map(v -> BinaryUtil.truncateBinary(Conversions.toByteBuffer(type, v), Integer.MAX_VALUE));
  }
}
