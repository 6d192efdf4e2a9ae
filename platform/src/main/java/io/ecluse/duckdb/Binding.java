package io.ecluse.duckdb;

import io.ecluse.schema.TableName;
import io.ecluse.warehouse.TableSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a name stands for in a query.
 *
 * @param sql a SELECT over the files of a snapshot, or of a view
 */
public record Binding(TableName table, Kind kind, String sql) {
  /** What is behind a name. */
  public enum Kind {
    FILES,
    VIEW
  }

  /** In the same order: each view after what it reads. */
  public static List<Binding> of(Map<TableName, TableSnapshot> tables) {
    List<Binding> bindings = new ArrayList<>();
    tables.forEach(
        (name, snapshot) ->
            bindings.add(
                new Binding(
                    name,
                    snapshot.view().isPresent() ? Kind.VIEW : Kind.FILES,
                    Scan.rows(snapshot))));
    return bindings;
  }
}
