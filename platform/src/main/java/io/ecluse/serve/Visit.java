package io.ecluse.serve;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.OpenCatalog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.RESTUtil;

/**
 * A request with all that it takes to answer it.
 *
 * @param run whose catalog it is; empty for what is published
 * @param path the parts of the address that have a name, as they were sent
 */
record Visit(
    Ask ask,
    Caller caller,
    Policy policy,
    Optional<String> run,
    OpenCatalog catalog,
    Map<String, String> path) {
  private static final String SEPARATOR = "%1F";

  /** The same in another catalog. */
  Visit in(OpenCatalog other) {
    return new Visit(ask, caller, policy, run, other, path);
  }

  /** The schema that the address names, as the warehouse holds it. */
  String schema() {
    return schema(namespace());
  }

  Namespace namespace() {
    return RESTUtil.decodeNamespace(
        Objects.requireNonNull(path.get("namespace")).replace("%1f", SEPARATOR), SEPARATOR);
  }

  static String schema(Namespace namespace) {
    if (namespace.length() != 1 || namespace.level(0).isEmpty()) {
      throw new NoSuchNamespaceException(
          "Namespace does not exist: %s; a schema here has no schemas in it", namespace);
    }
    return namespace.level(0).toLowerCase(java.util.Locale.ROOT);
  }

  /** The table or view that the address names. */
  TableName name(String part) {
    String name = RESTUtil.decodeString(Objects.requireNonNull(path.get(part)));
    if (name.isEmpty() || namespace().length() != 1) { // as for metadata tables: ns.table.files
      throw new NoSuchTableException("Table does not exist: %s.%s", namespace(), name);
    }
    return new TableName(schema(), name).lower();
  }

  static TableName name(TableIdentifier identifier) {
    return new TableName(schema(identifier.namespace()), identifier.name()).lower();
  }

  boolean mayRead(TableName table) {
    return policy.permits(caller, Action.READ_ROWS, Subject.table(table));
  }

  private boolean maySee(TableName table) {
    return policy.permits(caller, Action.SEE, Subject.table(table));
  }

  /** Those that the caller may see. */
  List<TableName> seen(Collection<TableName> all) {
    return all.stream().filter(this::maySee).toList();
  }

  /**
   * Goes on only for who may see a table: to all others it is not there.
   *
   * @return whether it may be looked for at all
   */
  boolean isHidden(TableName table) {
    return !maySee(table);
  }

  void requireRead(TableName table) {
    policy.require(caller, Action.READ_ROWS, Subject.table(table));
  }

  void requireWrite(TableName table) {
    policy.require(caller, Action.WRITE_ROWS, Subject.table(table));
  }

  void requireWrite() {
    policy.require(caller, Action.WRITE_ROWS, Subject.every(Subject.Kind.TABLE));
  }

  /** Part of a list that is asked for page by page. */
  <T> Page<T> page(List<T> all) {
    Optional<String> size = ask.parameter("pageSize");
    if (size.isEmpty()) {
      return new Page<>(all, Optional.empty());
    }
    int from = ask.parameter("pageToken").map(t -> number("pageToken", t)).orElse(0);
    int most = Math.max(1, number("pageSize", size.get()));
    int to = (int) Math.min(all.size(), (long) from + most);
    return new Page<>(
        all.subList(Math.min(from, to), to),
        to < all.size() ? Optional.of(String.valueOf(to)) : Optional.empty());
  }

  record Page<T>(List<T> lines, Optional<String> next) {}

  private static int number(String name, String text) {
    try {
      return Math.max(0, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw ErrorCode.INVALID_USAGE.error(
          "%s must be a number, but is '%s'".formatted(name, text), e);
    }
  }
}
