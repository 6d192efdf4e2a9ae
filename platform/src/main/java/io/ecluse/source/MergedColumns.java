package io.ecluse.source;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.staging.StagedColumn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The columns of several files: all that any of them has, each with a type that holds what all of
 * them hold.
 */
public final class MergedColumns {
  private static final Map<Set<DataType.Kind>, DataType> WIDER =
      Map.of(
          Set.of(DataType.Kind.BIGINT, DataType.Kind.DOUBLE), DataType.DOUBLE,
          Set.of(DataType.Kind.INTEGER, DataType.Kind.DOUBLE), DataType.DOUBLE,
          Set.of(DataType.Kind.INTEGER, DataType.Kind.BIGINT), DataType.BIGINT,
          Set.of(DataType.Kind.DATE, DataType.Kind.TIMESTAMP), DataType.TIMESTAMP);

  private final Map<String, StagedColumn> columns = new LinkedHashMap<>();

  /** Adds those of one more file. */
  public void add(List<StagedColumn> more) {
    for (StagedColumn column : more) {
      columns.merge(column.column().name().toLowerCase(Locale.ROOT), column, MergedColumns::wider);
    }
  }

  /** A column that none of them has, perhaps. */
  public void addMissing(StagedColumn column) {
    columns.putIfAbsent(column.column().name().toLowerCase(Locale.ROOT), column);
  }

  public List<StagedColumn> columns() {
    return List.copyOf(columns.values());
  }

  private static StagedColumn wider(StagedColumn a, StagedColumn b) {
    if (isNothing(b)) {
      return a;
    }
    String sourceType = hasLongNumbers(b) || isNothing(a) ? b.sourceType() : a.sourceType();
    DataType type = isNothing(a) ? b.column().type() : wider(a, b, sourceType);
    return new StagedColumn(new Column(a.column().name(), type), sourceType);
  }

  private static DataType wider(StagedColumn a, StagedColumn b, String sourceType) {
    DataType one = a.column().type();
    DataType other = b.column().type();
    if (one.equals(other)) {
      return one;
    }
    DataType type = WIDER.getOrDefault(Set.of(one.kind(), other.kind()), DataType.VARCHAR);
    boolean rounds = type.equals(DataType.DOUBLE) && sourceType.equals(FileDecoder.LONG_NUMBERS);
    return rounds ? DataType.VARCHAR : type;
  }

  private static boolean hasLongNumbers(StagedColumn column) {
    return column.sourceType().equals(FileDecoder.LONG_NUMBERS);
  }

  private static boolean isNothing(StagedColumn column) {
    return column.sourceType().equals(FileDecoder.NOTHING);
  }
}
