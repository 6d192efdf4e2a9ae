package io.ecluse;

import io.ecluse.disk.Disk;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.LiveProject;
import io.ecluse.project.Settings;
import io.ecluse.staging.BatchMoves;
import io.ecluse.staging.PartFormat;
import io.ecluse.staging.StagingArea;
import io.ecluse.storage.Places;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * The batches or tables of an environment, wherever the database says that they are: what the
 * project's files say is where they were when they were read, and how stores are reached.
 */
record Whereabouts(LiveProject project, Stored said, Path state, Clock clock, Disk disk) {
  Warehouse tables(Metadata metadata) {
    return new Warehouse(
        metadata.jdbi(),
        environment(),
        said.places(state, clock, disk),
        disk,
        to -> Optional.of(places(to)));
  }

  StagingArea staging(Metadata metadata) {
    return new StagingArea(
        said.places(state, clock, disk),
        PartFormat.called(said.settings().staging().format()),
        new BatchMoves(metadata.jdbi(), environment()),
        this::places);
  }

  private String environment() {
    return said.settings().environment();
  }

  private Places places(String location) {
    project.refresh();
    Settings now = project.get().settings(environment());
    return new Stored(said.kind(), now, said.secrets(), said.project())
        .placesAt(location, state, clock, disk);
  }
}
