package io.ecluse.spark;

import io.ecluse.engine.Engine;
import io.ecluse.engine.Engines;
import io.ecluse.project.Settings;
import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import io.ecluse.serve.IcebergWriters;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.Moment;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/**
 * Spark beside the engine of this process: its jobs, the door of their applications, and the choice
 * between the two. Nothing starts before it is needed. Applications on clusters outlive this, warm
 * for the next process. Safe for use by several threads.
 */
public final class SparkEngines implements AutoCloseable {
  private final JobDoor door;
  private final EngineChoice choice;
  private final Orphans orphans;

  /**
   * What the project says.
   *
   * @param folder for logs, configuration and the port of the door
   * @param settings of the environment, as they are now
   * @param types kinds of clusters by name
   * @param around what kinds have around them whose applications are started elsewhere
   * @param store where the tables are, now, and how a process of this machine gets in there
   * @param memory what the engine of this process may use, in bytes
   */
  public record Setup(
      String environment,
      Path folder,
      Supplier<Settings> settings,
      Map<String, ClusterType> types,
      RemoteApplications.Surroundings around,
      Supplier<Launcher.Store> store,
      long memory) {
    public Setup {
      types = Map.copyOf(types);
    }
  }

  /**
   * What applications are given.
   *
   * @param distribution Spark itself
   * @param application ours
   */
  public record Programs(SparkDistribution distribution, ApplicationJar application) {}

  /** Behind what an attempt of a task changes things. */
  @FunctionalInterface
  public interface Fences {
    Fence of(String runId, String taskId, int attempt);
  }

  /**
   * How applications write.
   *
   * @param writers who may, by tickets
   * @param catalogs what answers for the catalogs of runs
   * @param now what is published now
   */
  public record Writing(
      IcebergWriters writers,
      Function<Ask, Answer> catalogs,
      Fences fences,
      Supplier<Moment> now) {}

  public SparkEngines(
      Setup setup,
      Programs programs,
      Writing writing,
      Jdbi jdbi,
      Engine usual,
      Warehouse warehouse) {
    Signal signal = new Signal();
    JobStore jobs = new JobStore(jdbi, setup.environment());
    SessionStore sessions = new SessionStore(jdbi, setup.environment());
    Launcher launcher =
        new Launcher(programs.distribution(), programs.application(), setup.store());
    this.door =
        new JobDoor(
            setup.folder().resolve(setup.environment() + ".port"),
            new JobHandlers(sessions, jobs, signal),
            new JobCatalogs(jobs, writing)::answer,
            new DoorJars(launcher::jars));
    Map<String, RemoteApplications> remotes = new LinkedHashMap<>();
    setup
        .types()
        .forEach(
            (name, type) ->
                type.remote(setup.around()).ifPresent(remote -> remotes.put(name, remote)));
    Sessions running =
        new Sessions(
            new Sessions.Kept(sessions, jobs, setup.folder(), signal),
            launcher,
            new Sessions.Kinds(setup.types(), remotes));
    this.orphans =
        new Orphans(remotes, setup.settings(), running::look, sessions::live, Orphans.Times.USUAL);
    this.choice =
        new EngineChoice(
            usual,
            warehouse,
            new SparkJobs(jobs, running, door, signal),
            setup.settings(),
            setup.memory());
  }

  public Engines engines() {
    return choice;
  }

  /**
   * From now on, ends what was made on services elsewhere for applications that nobody knows of any
   * more, again and again; for the process that runs tasks.
   */
  public void followOrphans() {
    orphans.follow();
  }

  /** Closes the door; whoever is at work behind it looks for it until another process opens it. */
  @Override
  public void close() {
    door.close();
    orphans.close();
  }
}
