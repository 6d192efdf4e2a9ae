package io.ecluse.duckdb;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the tables that a query names, all as of one moment. */
public final class TableNames {
  private final Warehouse warehouse;

  private final Predicate<TableName> shown;

  public TableNames(Warehouse warehouse) {
    this(warehouse, table -> true);
  }

  private TableNames(Warehouse warehouse, Predicate<TableName> shown) {
    this.warehouse = warehouse;
    this.shown = shown;
  }

  /** The same, for somebody who must not learn of other tables, as by what they may have meant. */
  public TableNames showing(Predicate<TableName> tables) {
    return new TableNames(warehouse, tables);
  }

  /** The names alone, or EcluseException SQL_INVALID for what can be none. */
  public Set<TableName> names(ParsedQuery query) {
    Set<TableName> names = new LinkedHashSet<>();
    query.references().forEach(r -> names.add(name(r)));
    return names;
  }

  /**
   * The tables and what views among them read, each view after that.
   *
   * @throws EcluseException NOT_FOUND, SQL_INVALID, both with the position
   */
  public Map<TableName, TableSnapshot> find(ParsedQuery query, ReadView view) {
    Map<TableName, ParsedQuery.Reference> wanted = new LinkedHashMap<>();
    query.references().forEach(r -> wanted.putIfAbsent(name(r), r));
    Map<TableName, TableSnapshot> found = warehouse.snapshots(wanted.keySet(), view);
    wanted.forEach(
        (table, reference) -> {
          if (!found.containsKey(table)) {
            throw missing(table, reference);
          }
        });
    return found;
  }

  private TableName name(ParsedQuery.Reference reference) {
    ParsedQuery.Written written = reference.written();
    if (!written.catalog().isEmpty()) {
      throw new EcluseException(
          ErrorCode.SQL_INVALID,
          "A table has two names, as in erp.students, but here are three: %s.%s.%s"
              .formatted(written.catalog(), written.schema(), written.name()),
          reference.position());
    }
    if (reference.schema().isEmpty()) {
      throw new EcluseException(
          ErrorCode.SQL_INVALID,
          "Table %s needs its schema%s".formatted(reference.name(), nearest("", reference.name())),
          reference.position());
    }
    try {
      return new TableName(reference.schema(), reference.name());
    } catch (EcluseException e) {
      throw new EcluseException(e.code(), e.getMessage(), reference.position());
    }
  }

  private EcluseException missing(TableName table, ParsedQuery.Reference reference) {
    return new EcluseException(
        ErrorCode.NOT_FOUND,
        "There is no table %s%s".formatted(table, nearest(table.schema(), table.name())),
        reference.position());
  }

  private String nearest(String schema, String name) {
    Map<String, List<TableName>> named = new LinkedHashMap<>();
    warehouse.tables().stream()
        .map(PublishedTable::name)
        .filter(shown)
        .forEach(
            t ->
                named
                    .computeIfAbsent(
                        schema.isEmpty() ? t.name() : t.toString(), n -> new ArrayList<>())
                    .add(t));
    return Nearest.of(schema.isEmpty() ? name : schema + "." + name, named.keySet())
        .map(n -> "; did you mean " + modelsFirst(named.getOrDefault(n, List.of())) + "?")
        .orElse("; ecluse ls tables lists those that are there");
  }

  /** Of tables of one name, people mean what a model made, not what it was made from. */
  private String modelsFirst(List<TableName> tables) {
    List<TableName> ordered = new ArrayList<>(tables);
    if (ordered.size() > 1) {
      ordered.sort(Comparator.comparing(this::isLoaded));
    }
    return ordered.stream().map(TableName::toString).collect(Collectors.joining(" or "));
  }

  private boolean isLoaded(TableName table) {
    return warehouse.snapshot(table, ReadView.PUBLISHED).flatMap(TableSnapshot::batch).isPresent();
  }
}
