package io.ecluse;

import io.ecluse.engine.Engine;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.LiveProject;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.Settings;
import io.ecluse.scheduler.Attempts;
import io.ecluse.source.Stores;
import io.ecluse.spark.ApplicationJar;
import io.ecluse.spark.RemoteApplications;
import io.ecluse.spark.SparkDistribution;
import io.ecluse.spark.SparkEngines;
import io.ecluse.storage.Storages;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.util.List;

/** Puts Spark together for a platform. */
final class SparkWiring {
  private SparkWiring() {}

  static SparkEngines open(
      Platform.Opening opening,
      LiveProject project,
      Metadata metadata,
      OtherEngines others,
      Engine usual,
      Warehouse warehouse) {
    String environment = opening.environment();
    Path folder = project.get().stateFolder().resolve("spark");
    Settings settings = project.get().settings(environment);
    long memory = EngineLimits.of(settings, folder, List.of()).memoryBytes();
    SparkEngines engines =
        new SparkEngines(
            new SparkEngines.Setup(
                environment,
                folder,
                () -> project.get().settings(environment),
                opening.registered().clustersByName(),
                around(opening, project, warehouse),
                memory),
            new SparkEngines.Programs(
                new SparkDistribution(opening.variables()),
                new ApplicationJar(opening.variables())),
            new SparkEngines.Writing(
                others.writers(),
                others.iceberg()::answer,
                (run, task, attempt) ->
                    connection -> Attempts.holdPlace(connection, run, task, attempt)),
            metadata.jdbi(),
            usual,
            warehouse);
    if (opening.who() != Platform.Workers.NONE) {
      engines.followOrphans();
    }
    return engines;
  }

  /** Stores of others are opened as that of the warehouse is. */
  private static RemoteApplications.Surroundings around(
      Platform.Opening opening, LiveProject project, Warehouse warehouse) {
    Path folder = project.get().folder();
    LocalSecrets secrets = new LocalSecrets(opening.variables(), folder);
    return new RemoteApplications.Surroundings(
        warehouse.catalog() + "/" + opening.environment(),
        folder,
        location ->
            Storages.open(
                location,
                () ->
                    Stores.settings(
                        project.get().settings(opening.environment()).warehouse().store(),
                        secrets,
                        folder)));
  }
}
