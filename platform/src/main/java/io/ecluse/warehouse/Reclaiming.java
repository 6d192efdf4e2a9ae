package io.ecluse.warehouse;

import io.ecluse.schema.Effect;
import java.util.Collection;
import java.util.Set;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Jdbi;

/** Which files the catalog leads to, and how those go that nothing leads to any more. */
record Reclaiming(
    Jdbi jdbi,
    CatalogRows catalog,
    Expiry expiry,
    Renaming renaming,
    Snapshots snapshots,
    WarehouseFolder folder) {
  Reclaimed reclaim(Retention retention) {
    folder.requireFit();
    if (retention.effect() == Effect.REMOVE) {
      retention.overRuns().forEach(run -> jdbi.useTransaction(h -> catalog.discard(h, run)));
    }
    Expiry.Outcome outcome = expiry.expire(retention);
    if (retention.effect() == Effect.REMOVE) {
      renaming.all();
    }
    Sweep sweep = new Sweep(snapshots.io());
    // first what is staged: what is published meanwhile is then found twice rather than never
    for (String run : jdbi.withHandle(catalog::stagingRuns)) {
      if (!retention.overRuns().contains(run)) {
        jdbi.withHandle(h -> catalog.staged(h, run)).forEach(row -> keep(sweep, run, row));
      }
    }
    for (CatalogRows.Row row : jdbi.withHandle(catalog::pointers)) {
      sweep.keep(row.location());
      TableMetadata told = outcome.told().get(row.table());
      sweep.keep(told == null ? snapshots.metadata(row.location()) : told);
    }
    Reclaimed rest = sweep.removeTheRest(retention);
    return new Reclaimed(outcome.expired(), rest.files(), rest.bytes());
  }

  Set<String> filesOf(Collection<String> metadataLocations) {
    Sweep all = new Sweep(snapshots.io());
    for (String location : metadataLocations) {
      all.keep(location);
      all.keep(snapshots.metadata(location));
    }
    return all.kept();
  }

  private void keep(Sweep sweep, String runId, CatalogRows.StagedRow row) {
    row.base().location().ifPresent(sweep::keep);
    row.location()
        .ifPresent(
            location -> {
              TableMetadata metadata = snapshots.metadata(location);
              sweep.keep(location);
              sweep.keep(
                  metadata, metadata.snapshot(metadata.ref(Warehouse.branch(runId)).snapshotId()));
            });
  }
}
