package io.ecluse;

import io.ecluse.engine.Engine;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.LiveProject;
import io.ecluse.project.Settings;
import io.ecluse.scheduler.Attempts;
import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import io.ecluse.serve.IcebergWriters;
import io.ecluse.spark.ApplicationJar;
import io.ecluse.spark.SparkDistribution;
import io.ecluse.spark.SparkEngines;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Puts Spark together for a platform. */
final class SparkWiring {
  private SparkWiring() {}

  static SparkEngines open(
      Platform.Opening opening,
      LiveProject project,
      Metadata metadata,
      Engine usual,
      Warehouse warehouse) {
    String environment = opening.environment();
    Path folder = project.get().stateFolder().resolve("spark");
    Settings settings = project.get().settings(environment);
    long memory = EngineLimits.of(settings, folder, List.of()).memoryBytes();
    IcebergWriters writers = new IcebergWriters();
    Function<Ask, Answer> catalogs = ask -> new Answer(404, java.util.Map.of(), new byte[0]);
    return new SparkEngines(
        new SparkEngines.Setup(
            environment,
            folder,
            () -> project.get().settings(environment),
            opening.registered().clustersByName(),
            memory),
        new SparkEngines.Programs(
            new SparkDistribution(opening.variables()), new ApplicationJar(opening.variables())),
        new SparkEngines.Writing(
            writers,
            catalogs,
            (run, task, attempt) ->
                connection -> Attempts.holdPlace(connection, run, task, attempt)),
        metadata.jdbi(),
        usual,
        warehouse);
  }
}
