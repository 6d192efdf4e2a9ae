package io.ecluse.decode;

import io.ecluse.schema.DataType;
import java.util.EnumSet;
import java.util.Set;

/** A column of a sheet: its name, and the type that holds all that was seen of it. */
final class SheetColumn {
  private static final Set<SheetValue.Sort> NUMBERS =
      EnumSet.of(SheetValue.Sort.WHOLE, SheetValue.Sort.DECIMAL);
  private static final Set<SheetValue.Sort> TIMES =
      EnumSet.of(SheetValue.Sort.DATE, SheetValue.Sort.TIMESTAMP);

  private final String name;
  private final Set<SheetValue.Sort> seen = EnumSet.noneOf(SheetValue.Sort.class);

  SheetColumn(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void see(SheetValue value) {
    seen.add(value.sort());
  }

  DataType type() {
    if (seen.isEmpty()) {
      return DataType.VARCHAR;
    } else if (seen.equals(EnumSet.of(SheetValue.Sort.WHOLE))) {
      return DataType.BIGINT;
    } else if (NUMBERS.containsAll(seen)) {
      return DataType.DOUBLE;
    } else if (seen.equals(EnumSet.of(SheetValue.Sort.DATE))) {
      return DataType.DATE;
    } else if (TIMES.containsAll(seen)) {
      return DataType.TIMESTAMP;
    }
    return seen.equals(EnumSet.of(SheetValue.Sort.BOOLEAN)) ? DataType.BOOLEAN : DataType.VARCHAR;
  }
}
