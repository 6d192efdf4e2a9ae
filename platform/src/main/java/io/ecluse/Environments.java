package io.ecluse;

import io.ecluse.backup.Backup;
import io.ecluse.backup.Elsewhere;
import io.ecluse.backup.ProjectFiles;
import io.ecluse.disk.Disk;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.Project;
import io.ecluse.project.Secrets;
import io.ecluse.project.Settings;
import io.ecluse.staging.BatchMoves;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The environments of a project, seen from the one that is open.
 *
 * @param everyDatabase whether one database holds the metadata of all, whatever the files say
 */
public record Environments(Project project, String open, boolean everyDatabase, Secrets secrets) {
  /** Those whose metadata are in the database that is open. */
  public Set<String> ofDatabase() {
    return project.environments().stream()
        .filter(
            each ->
                everyDatabase
                    || project.settings(each).database().equals(project.settings(open).database()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * What copies them together.
   *
   * @param opened the tables of the one that is open
   */
  Backup backup(Metadata metadata, Warehouse opened, Path spill) {
    Map<String, Warehouse> warehouses = new HashMap<>();
    Map<String, Path> staged = new HashMap<>();
    List<Elsewhere> elsewhere = new ArrayList<>();
    for (String each : ofDatabase()) {
      Settings settings = project.settings(each);
      warehouses.put(
          each, each.equals(open) ? opened : warehouse(metadata, settings, project.folder()));
      Stored batches = new Stored(Owner.Kind.STAGING, settings, secrets, project.folder());
      String now = new BatchMoves(metadata.jdbi(), each).now(batches.here());
      if (Stored.isElsewhere(now)) {
        elsewhere.add(new Elsewhere(each, now, () -> batches.whole(now)));
      } else {
        staged.put(each, Path.of(now));
      }
    }
    ProjectFiles files = new ProjectFiles(project.folder(), local());
    return new Backup(metadata, files, warehouses, staged, elsewhere, spill);
  }

  /** Folders of this machine with tables or batches, also of environments of other databases. */
  private Set<Path> local() {
    return project.environments().stream()
        .map(project::settings)
        .flatMap(
            each ->
                Stream.of(Owner.Kind.values())
                    .map(kind -> new Stored(kind, each, secrets, project.folder())))
        .filter(each -> !each.isElsewhere())
        .map(each -> Path.of(each.location()))
        .collect(Collectors.toSet());
  }

  private Warehouse warehouse(Metadata metadata, Settings settings, Path folder) {
    Disk disk = new Disk();
    Places places =
        new Stored(Owner.Kind.WAREHOUSE, settings, secrets, folder)
            .places(project.stateFolder(), Clock.systemUTC(), disk);
    return new Warehouse(metadata.jdbi(), settings.environment(), places, disk);
  }
}
