package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Finds the states of tables that a reader sees, and of all that views among them read, as of one
 * moment.
 */
final class Resolver {
  private final Jdbi jdbi;
  private final CatalogRows catalog;
  private final PublicationRows publications;
  private final ViewRows views;
  private final Snapshots snapshots;

  Resolver(
      Jdbi jdbi,
      CatalogRows catalog,
      PublicationRows publications,
      ViewRows views,
      Snapshots snapshots) {
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.publications = publications;
    this.views = views;
    this.snapshots = snapshots;
  }

  /** What is wanted and what that needs, each view after what it reads. */
  Map<TableName, TableSnapshot> resolve(Collection<TableName> wanted, ReadView view) {
    Map<TableName, TableSnapshot> known =
        jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, h -> known(h, wanted, view));
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

  private Map<TableName, TableSnapshot> known(
      Handle handle, Collection<TableName> wanted, ReadView view) {
    Map<TableName, TableSnapshot> known = new HashMap<>();
    Set<TableName> asked = new LinkedHashSet<>(wanted);
    Collection<TableName> open = asked;
    while (!open.isEmpty()) {
      Map<TableName, TableSnapshot> found = states(handle, open, view);
      known.putAll(found);
      Set<TableName> next = new LinkedHashSet<>();
      for (TableSnapshot state : found.values()) {
        state.view().ifPresent(v -> next.addAll(v.upstream()));
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
      throw new EcluseException(
          ErrorCode.SQL_INVALID,
          "The views %s read each other in a circle, since they were not built together; build them in one run"
              .formatted(path));
    }
    TableSnapshot state = Objects.requireNonNull(known.get(name));
    for (TableName upstream : state.view().map(ViewQuery::upstream).orElse(List.of())) {
      if (!known.containsKey(upstream)) {
        throw new EcluseException(
            ErrorCode.NOT_FOUND,
            "The view %s reads %s, which is not there".formatted(name, upstream));
      }
      add(upstream, known, ordered, path);
    }
    path.remove(name);
    ordered.put(name, state);
  }

  private Map<TableName, TableSnapshot> states(
      Handle handle, Collection<TableName> names, ReadView view) {
    if (view instanceof ReadView.AsOf asOf) {
      return asOf(handle, names, asOf);
    }
    Map<TableName, TableSnapshot> found = new HashMap<>();
    catalog
        .published(handle, names)
        .forEach(
            (t, l) ->
                Optional.ofNullable(snapshots.metadata(l).currentSnapshot())
                    .ifPresent(s -> found.put(t, snapshots.plan(t, l, s.snapshotId()))));
    views.published(handle, names).forEach(v -> found.put(v.table(), v));
    if (view instanceof ReadView.AtSnapshot at) {
      catalog
          .pointers(handle, names)
          .forEach(
              (t, l) -> {
                if (snapshots.metadata(l).snapshot(at.snapshotId()) != null) {
                  found.put(t, snapshots.plan(t, l, at.snapshotId()));
                }
              });
    } else if (view instanceof ReadView.OfRun run) {
      for (CatalogRows.StagedRow row : catalog.staged(handle, run.runId())) {
        if (names.contains(row.table())) {
          found.put(row.table(), staged(handle, run.runId(), row));
        }
      }
    }
    return found;
  }

  private TableSnapshot staged(Handle handle, String runId, CatalogRows.StagedRow row) {
    if (row.view().isPresent()) {
      return views.find(handle, List.of(row.view().get())).get(0);
    }
    String location = row.location().orElseThrow();
    TableMetadata metadata = snapshots.metadata(location);
    SnapshotRef ref = metadata.ref(Warehouse.branch(runId));
    return snapshots.plan(row.table(), location, ref.snapshotId());
  }

  private Map<TableName, TableSnapshot> asOf(
      Handle handle, Collection<TableName> names, ReadView.AsOf asOf) {
    Map<TableName, PublicationRows.State> states =
        publications.publishedAt(handle, names, asOf.at());
    Map<TableName, TableSnapshot> found = new HashMap<>();
    views
        .find(handle, states.values().stream().flatMap(s -> s.view().stream()).toList())
        .forEach(v -> found.put(v.table(), v));
    catalog
        .pointers(handle, states.keySet())
        .forEach(
            (t, l) ->
                Optional.ofNullable(states.get(t))
                    .flatMap(PublicationRows.State::snapshot)
                    .ifPresent(s -> found.put(t, snapshots.plan(t, l, s))));
    return found;
  }

  private static void requireOneAt(long snapshotId, Collection<TableSnapshot> found) {
    if (!found.isEmpty() && found.stream().noneMatch(s -> s.id() == snapshotId)) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "No table of this query has a snapshot %d: it never had, or it has expired (warehouse.keep_snapshots); ecluse show table %s lists those there are"
              .formatted(snapshotId, found.iterator().next().table()));
    }
  }
}
