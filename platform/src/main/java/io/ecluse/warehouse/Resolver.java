package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.storage.Transfers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Finds the states of tables that a reader sees, and of all that views among them read, as of one
 * moment. Only rows are read within a transaction; files, which may be far away, after it.
 */
record Resolver(
    Jdbi jdbi,
    CatalogRows catalog,
    PublicationRows publications,
    ViewRows views,
    Snapshots snapshots,
    Transfers transfers) {
  /**
   * What a name may be.
   *
   * @param file a table's metadata
   * @param state of the table, if there is one that is meant
   * @param view if it is no table, or has no such state
   */
  private record Found(
      Optional<String> file,
      Function<TableMetadata, Optional<Long>> state,
      Optional<TableSnapshot> view) {
    static Found table(String file, Function<TableMetadata, Optional<Long>> state) {
      return new Found(Optional.of(file), state, Optional.empty());
    }

    static Found view(TableSnapshot view) {
      return new Found(Optional.empty(), m -> Optional.empty(), Optional.of(view));
    }
  }

  /** What is wanted and what that needs, each view after what it reads. */
  Map<TableName, TableSnapshot> resolve(Collection<TableName> wanted, ReadView view) {
    Map<TableName, TableSnapshot> known =
        planned(
            jdbi.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ, h -> known(h, wanted, view)));
    if (view instanceof ReadView.AtSnapshot at) {
      requireOneAt(at.snapshotId(), known.values());
    }
    Map<TableName, TableSnapshot> ordered = new LinkedHashMap<>();
    for (TableName name : wanted) {
      if (known.containsKey(name)) {
        add(name, known, ordered, new LinkedHashSet<>());
      }
    }
    return ordered;
  }

  private Map<TableName, TableSnapshot> planned(Map<TableName, Found> found) {
    Map<TableName, TableSnapshot> planned = new ConcurrentHashMap<>();
    List<Callable<TableName>> plans = new ArrayList<>();
    found.forEach(
        (name, each) ->
            plans.add(
                () -> {
                  planned(name, each).ifPresent(s -> planned.put(name, s));
                  return name;
                }));
    if (snapshots.io().isLocal()) {
      found.forEach((name, each) -> planned(name, each).ifPresent(s -> planned.put(name, s)));
    } else {
      transfers.all(plans);
    }
    return planned;
  }

  private Optional<TableSnapshot> planned(TableName name, Found found) {
    return found
        .file()
        .flatMap(
            file ->
                found
                    .state()
                    .apply(snapshots.metadata(file))
                    .map(state -> snapshots.plan(name, file, state)))
        .or(found::view);
  }

  private Map<TableName, Found> known(Handle handle, Collection<TableName> wanted, ReadView view) {
    Map<TableName, Found> known = new HashMap<>();
    Set<TableName> asked = new LinkedHashSet<>(wanted);
    Collection<TableName> open = asked;
    while (!open.isEmpty()) {
      Map<TableName, Found> found = states(handle, open, view);
      known.putAll(found);
      Set<TableName> next = new LinkedHashSet<>();
      for (Found state : found.values()) {
        state.view().flatMap(TableSnapshot::view).ifPresent(v -> next.addAll(v.upstream()));
      }
      next.removeAll(asked);
      asked.addAll(next);
      open = next;
    }
    return known;
  }

  private static void add(
      TableName name,
      Map<TableName, TableSnapshot> known,
      Map<TableName, TableSnapshot> ordered,
      Set<TableName> path) {
    if (ordered.containsKey(name)) {
      return;
    }
    if (!path.add(name)) {
      throw ErrorCode.SQL_INVALID.error(
          "The views %s read each other in a circle, since they were not built together; build them in one run"
              .formatted(path));
    }
    TableSnapshot state = Objects.requireNonNull(known.get(name));
    for (TableName upstream : state.view().map(ViewQuery::upstream).orElse(List.of())) {
      if (!known.containsKey(upstream)) {
        throw ErrorCode.NOT_FOUND.error(
            "The view %s reads %s, which is not there".formatted(name, upstream));
      }
      add(upstream, known, ordered, path);
    }
    path.remove(name);
    ordered.put(name, state);
  }

  private Map<TableName, Found> states(Handle handle, Collection<TableName> names, ReadView view) {
    if (view instanceof ReadView.AsOf asOf) {
      return asOf(handle, names, asOf);
    }
    Map<TableName, Found> found = new HashMap<>();
    catalog
        .published(handle, names)
        .forEach((t, file) -> found.put(t, Found.table(file, Resolver::current)));
    views.published(handle, names).forEach(v -> found.put(v.table(), Found.view(v)));
    if (view instanceof ReadView.AtSnapshot at) {
      catalog
          .pointers(handle, names)
          .forEach((t, file) -> found.merge(t, at(file, at.snapshotId()), Resolver::either));
    } else if (view instanceof ReadView.OfRun run) {
      for (CatalogRows.StagedRow row : catalog.staged(handle, run.runId())) {
        if (names.contains(row.table())) {
          found.put(row.table(), staged(handle, run.runId(), row));
        }
      }
    }
    return found;
  }

  private static Optional<Long> current(TableMetadata metadata) {
    return Optional.ofNullable(metadata.currentSnapshot()).map(Snapshot::snapshotId);
  }

  private static Found at(String file, long snapshot) {
    return Found.table(
        file, m -> m.snapshot(snapshot) == null ? Optional.empty() : Optional.of(snapshot));
  }

  /** The state that is meant, else what readers see. */
  private static Found either(Found seen, Found meant) {
    return new Found(
        meant.file(), m -> meant.state().apply(m).or(() -> seen.state().apply(m)), seen.view());
  }

  private Found staged(Handle handle, String runId, CatalogRows.StagedRow row) {
    return row.view().isPresent()
        ? Found.view(views.find(handle, List.of(row.view().get())).get(0))
        : Found.table(
            row.location().orElseThrow(),
            m -> Optional.of(m.ref(Warehouse.branch(runId)).snapshotId()));
  }

  private Map<TableName, Found> asOf(
      Handle handle, Collection<TableName> names, ReadView.AsOf asOf) {
    Map<TableName, PublicationRows.State> states =
        publications.publishedAt(handle, names, asOf.at());
    Map<TableName, Found> found = new HashMap<>();
    views
        .find(handle, states.values().stream().flatMap(s -> s.view().stream()).toList())
        .forEach(v -> found.put(v.table(), Found.view(v)));
    catalog
        .pointers(handle, states.keySet())
        .forEach(
            (t, file) ->
                Optional.ofNullable(states.get(t))
                    .flatMap(PublicationRows.State::snapshot)
                    .ifPresent(s -> found.put(t, Found.table(file, m -> Optional.of(s)))));
    return found;
  }

  private static void requireOneAt(long snapshotId, Collection<TableSnapshot> found) {
    if (!found.isEmpty() && found.stream().noneMatch(s -> s.id() == snapshotId)) {
      throw ErrorCode.NOT_FOUND.error(
          "No table of this query has a snapshot %d: it never had, or it has expired (warehouse.keep_snapshots); ecluse show table %s lists those there are"
              .formatted(snapshotId, found.iterator().next().table()));
    }
  }
}
