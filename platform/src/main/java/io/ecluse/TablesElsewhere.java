package io.ecluse;

import io.ecluse.disk.Disk;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.LiveProject;
import io.ecluse.project.Settings;
import io.ecluse.storage.Places;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * The tables of an environment, wherever the database says that they are: what the project's files
 * say is where they were when they were read, and how stores are reached.
 */
record TablesElsewhere(LiveProject project, Stored said, Path state, Clock clock, Disk disk) {
  Warehouse open(Metadata metadata, String environment) {
    return new Warehouse(
        metadata.jdbi(), environment, said.places(state, clock, disk), disk, this::places);
  }

  private Optional<Places> places(String location) {
    project.refresh();
    Settings now = project.get().settings(said.settings().environment());
    Stored tables = new Stored(said.kind(), now, said.secrets(), said.project());
    return Optional.of(tables.placesAt(location, state, clock, disk));
  }
}
