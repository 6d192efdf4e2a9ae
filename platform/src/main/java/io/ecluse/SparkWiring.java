package io.ecluse;

import io.ecluse.engine.Engine;
import io.ecluse.project.LiveProject;
import io.ecluse.project.LocalSecrets;
import io.ecluse.scheduler.Attempts;
import io.ecluse.source.Stores;
import io.ecluse.spark.ApplicationJar;
import io.ecluse.spark.Launcher;
import io.ecluse.spark.RemoteApplications;
import io.ecluse.spark.SparkDistribution;
import io.ecluse.spark.SparkEngines;
import io.ecluse.spark.SparkTools;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import io.ecluse.warehouse.Home;
import io.ecluse.warehouse.Warehouse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Puts Spark together for a platform. */
public final class SparkWiring {
  private SparkWiring() {}

  static SparkEngines open(
      Platform.Opening opening,
      LiveProject project,
      EarlyMetadata.Opened ready,
      OtherEngines others,
      Engine usual,
      Warehouse warehouse) {
    SparkEngines engines =
        new SparkEngines(
            setup(
                opening,
                project,
                owner(ready.database().home(), warehouse.catalog(), opening.environment()),
                warehouse),
            new SparkEngines.Programs(
                new SparkDistribution(opening.variables()),
                new ApplicationJar(opening.variables())),
            new SparkEngines.Writing(
                others.writers(),
                others.iceberg()::answer,
                (run, task, attempt) ->
                    connection -> Attempts.holdPlace(connection, run, task, attempt),
                warehouse::moment),
            ready.metadata().jdbi(),
            usual,
            warehouse);
    if (opening.who() != Platform.Workers.NONE) {
      engines.followOrphans();
    }
    return engines;
  }

  private static SparkEngines.Setup setup(
      Platform.Opening opening, LiveProject project, String owner, Warehouse warehouse) {
    String environment = opening.environment();
    Path folder = project.get().stateFolder().resolve("spark");
    return new SparkEngines.Setup(
        environment,
        folder,
        () -> project.get().settings(environment),
        opening.registered().clustersByName(),
        around(opening, project, owner),
        () ->
            new Launcher.Store(
                warehouse.location(),
                warehouse.location().contains("://")
                    ? Stores.variables(storage(opening, project))
                    : Map.of()),
        EngineLimits.of(project.get().settings(environment), folder, List.of()).memoryBytes());
  }

  /** Spark's tools for people, joined to the catalog of a platform that is open. */
  public static SparkTools tools(Platform platform, Platform.Opening opening) {
    return new SparkTools(
        setup(opening, platform.project(), platform.warehouse().catalog(), platform.warehouse()),
        opening.variables(),
        platform.others().iceberg()::answer);
  }

  /**
   * Who makes things elsewhere. A copy of a project is another: it does not know the applications
   * of the first, and must not take them for forgotten.
   */
  static String owner(Home home, String catalog, String environment) {
    String place = home.kind() == Home.Kind.PRIVATE ? home.place() + " " + machine() : home.place();
    UUID database = UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8));
    return "%s/%s/%s".formatted(catalog, database, environment);
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this machine";
    }
  }

  /** How the warehouse's store is reached. */
  private static StorageSettings storage(Platform.Opening opening, LiveProject project) {
    Path folder = project.get().folder();
    return Stores.settings(
        project.get().settings(opening.environment()).warehouse().store(),
        new LocalSecrets(opening.variables(), folder),
        folder);
  }

  /** Stores of others are opened as that of the warehouse is. */
  private static RemoteApplications.Surroundings around(
      Platform.Opening opening, LiveProject project, String owner) {
    return new RemoteApplications.Surroundings(
        owner,
        project.get().folder(),
        location -> Storages.open(location, () -> storage(opening, project)));
  }
}
