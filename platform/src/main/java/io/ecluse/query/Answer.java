package io.ecluse.query;

import io.ecluse.engine.Rows;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.TableSnapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of a query, all or as many as were wanted.
 *
 * @param types as the engine names them
 * @param rows values as {@link io.ecluse.engine.RowReader} tells
 * @param snapshots which state of each table was read
 * @param oldest when the oldest of these was made; empty if there was none
 */
public record Answer(
    List<String> names,
    List<String> types,
    List<Object[]> rows,
    Map<TableName, Long> snapshots,
    Optional<Instant> oldest) {
  public Answer {
    names = List.copyOf(names);
    types = List.copyOf(types);
    rows = Collections.unmodifiableList(rows);
    snapshots = Collections.unmodifiableMap(new TreeMap<>(snapshots));
  }

  static Answer of(Rows rows, Map<TableName, TableSnapshot> read) {
    return new Answer(
        rows.names(),
        rows.types(),
        rows.all(),
        ids(read),
        read.values().stream().map(TableSnapshot::at).min(Instant::compareTo));
  }

  /** Which state of each table that is. */
  static Map<TableName, Long> ids(Map<TableName, TableSnapshot> tables) {
    Map<TableName, Long> ids = new TreeMap<>();
    tables.forEach((table, snapshot) -> ids.put(table, snapshot.id()));
    return ids;
  }
}
