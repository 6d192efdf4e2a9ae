package io.ecluse.project;

import io.ecluse.schema.TableName;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code tests/NAME.sql}: a query that must return no row.
 *
 * @param path relative to the project folder
 * @param sql the query without a closing semicolon, its lines numbered as in the file
 * @param upstream the tables it reads
 */
public record AuditFile(
    String name, String path, String description, String sql, Set<TableName> upstream) {
  public AuditFile {
    upstream = Collections.unmodifiableSet(new TreeSet<>(upstream));
  }

  /** The same audit with other SQL. */
  public AuditFile withSql(String other) {
    return new AuditFile(name, path, description, other, upstream);
  }
}
