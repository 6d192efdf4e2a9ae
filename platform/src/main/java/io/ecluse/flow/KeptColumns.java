package io.ecluse.flow;

import io.ecluse.engine.Merge;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of a table that keeps every version of its rows: those that the source has now, and
 * those that it had; of one whose type has changed, in a type that holds what was and what is.
 */
final class KeptColumns {
  private KeptColumns() {}

  /**
   * @param now in the source's order; they come first
   * @param past the table so far; empty if nothing of it is kept
   */
  static List<Column> of(List<Column> now, Optional<TableSnapshot> past) {
    Map<String, Column> kept = new LinkedHashMap<>();
    now.forEach(c -> kept.put(key(c), c));
    past.map(TableSnapshot::columns).orElse(List.of()).stream()
        .map(TableColumn::column)
        .filter(c -> !c.name().equals(Merge.VALID_FROM) && !c.name().equals(Merge.VALID_TO))
        .forEach(
            c ->
                kept.merge(
                    key(c), c, (is, was) -> new Column(is.name(), is.type().holding(was.type()))));
    return List.copyOf(kept.values());
  }

  private static String key(Column column) {
    return column.name().toLowerCase(Locale.ROOT);
  }
}
