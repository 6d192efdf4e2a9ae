package io.ecluse.warehouse;

import io.ecluse.disk.Disk;
import io.ecluse.serve.Catalogs;
import io.ecluse.storage.Places;
import io.ecluse.storage.Transfers;
import java.nio.file.Path;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * Catalogs as those of a warehouse, but for one thing: nobody looks for the data files that commits
 * name. Iceberg's own tests commit files that never were.
 */
public record KitCatalogs(Jdbi jdbi, String environment, Path folder) implements Catalogs {
  @Override
  public OpenCatalog published() {
    return ofRun("", Fence.NONE, OpenJob.NONE);
  }

  @Override
  public Map<String, String> access() {
    return Map.of();
  }

  @Override
  public OpenCatalog ofRun(String runId, Fence fence, OpenJob job) {
    Disk disk = new Disk(path -> {});
    StorageFileIO io = new StorageFileIO(Places.of(folder, disk), disk);
    Staging staging =
        new Staging(
            jdbi,
            new CatalogRows(environment),
            new ViewRows(environment),
            new Snapshots(io),
            new Staging.Root(
                new WarehouseFolder(jdbi, new FolderRows(environment), io),
                new MetadataFiles(io, new Transfers())),
            fence);
    RunNames names = new RunNames(staging, runId, job);
    OpenTables tables = new OpenTables(names, (table, drafts, changed, before) -> Map.of());
    return new OpenCatalog(
        tables,
        new OpenViews(names),
        new RunNamespaces(staging, environment, runId),
        new OpenFiles(names, tables, new DraftFolders(staging, environment, runId)),
        new MadeRequests(jdbi, runId));
  }
}
