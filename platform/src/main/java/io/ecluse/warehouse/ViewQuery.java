package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.util.List;

/**
 * What a view is read by.
 *
 * @param sql one SELECT, without a semicolon at its end
 * @param upstream the tables and views that it names
 */
public record ViewQuery(String sql, List<TableName> upstream) {
  public ViewQuery {
    upstream = List.copyOf(upstream);
  }
}
