package io.ecluse;

import io.ecluse.access.AccessTokens;
import io.ecluse.access.Policy;
import io.ecluse.backup.Backup;
import io.ecluse.backup.Restore;
import io.ecluse.catalog.Batches;
import io.ecluse.catalog.Catalog;
import io.ecluse.catalog.Definitions;
import io.ecluse.catalog.Runs;
import io.ecluse.catalog.Tables;
import io.ecluse.decode.FileParts;
import io.ecluse.demo.DemoErp;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Engine;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Engines;
import io.ecluse.flow.FlowRunner;
import io.ecluse.flow.Maintenance;
import io.ecluse.flow.ProjectSources;
import io.ecluse.flow.ProjectWatcher;
import io.ecluse.flow.RunProjects;
import io.ecluse.flow.RunStarts;
import io.ecluse.flow.Stages;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.LiveProject;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.Secrets;
import io.ecluse.project.Settings;
import io.ecluse.query.Queries;
import io.ecluse.query.QueryJobs;
import io.ecluse.query.QueryLog;
import io.ecluse.query.SpillFolder;
import io.ecluse.query.WorkerSettings;
import io.ecluse.scheduler.Bundles;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.scheduler.SchedulerSettings;
import io.ecluse.scheduler.Time;
import io.ecluse.source.Landing;
import io.ecluse.source.SourceTools;
import io.ecluse.staging.StagingArea;
import io.ecluse.storage.Owner;
import io.ecluse.transform.ModelStates;
import io.ecluse.transform.Models;
import io.ecluse.transform.TestResults;
import io.ecluse.transform.Unchanged;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The platform on one project and environment: the one place that says {@code new}, top to bottom
 * in the order of the data.
 *
 * <p>{@link #close()} ends everything that was opened, the last first; a second call does nothing.
 */
public final class Platform implements AutoCloseable {
  /** A database of one's own, instead of the private one. */
  public static final String DATABASE_URL = "ECLUSE_DATABASE_URL";

  private static final long RESULT_BYTES = 8L << 30;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final String environment;
  private final LiveProject project;
  private final Secrets secrets;
  private final Metadata metadata;
  private final Policy policy;
  private final AccessTokens tokens;
  private final StagingArea staging;
  private final Warehouse warehouse;
  private final Engine engine;
  private final Queries queries;
  private final QueryJobs jobs;
  private final Stages stages;
  private final Scheduler scheduler;
  private final RunStarts starts;
  private final ProjectWatcher watcher;
  private final Maintenance maintenance;
  private final Catalog catalog;
  private final OtherEngines others;
  private final SpillFolder spill;
  private final boolean everyDatabase;

  /** Who runs the tasks of the runs that this process starts. */
  public enum Workers {
    /** This process, whenever no other that is alive takes tasks. */
    UNLESS_ANOTHER_RUNS,
    /** This process, and others there may be. */
    HERE,
    /** Not this process. */
    NONE
  }

  /**
   * @param folder of the project
   * @param environment one of the project's
   * @param workers most tasks at a time, if this process runs any
   * @param variables environment variables
   * @param registered what there is of each kind of thing
   */
  public record Opening(
      Path folder,
      String environment,
      Workers who,
      int workers,
      Map<String, String> variables,
      Registrations registered) {
    public Opening {
      variables = Map.copyOf(variables);
    }

    /** With all as it is by default. */
    public Opening(
        Path folder, String environment, Workers who, int workers, Map<String, String> variables) {
      this(folder, environment, who, workers, variables, Registrations.builtIn());
    }

    /** With other kinds of things than the platform brings. */
    public Opening with(Registrations next) {
      return new Opening(folder, environment, who, workers, variables, next);
    }
  }

  /**
   * Opens the platform: the project is valid, the metadata database answers, the scheduler runs; so
   * does the demo's ERP where there is one, if tasks are run here.
   *
   * @throws io.ecluse.error.EcluseException INVALID_PROJECT, DATABASE_UNREACHABLE, and what a
   *     private PostgreSQL may say
   */
  public Platform(Opening opening) {
    Registrations registered = opening.registered();
    Clock clock = Clock.systemUTC();
    this.environment = opening.environment();
    this.everyDatabase = ProjectDatabase.url(opening.variables()).isPresent();
    try {
      // the project
      if (opening.who() != Workers.NONE) {
        DemoErp.startIfPresent(opening.folder()).ifPresent(this::keep);
      }
      ProjectReader reader = new ProjectReader(keep(Dialect.parser()), registered.vocabulary());
      Path folder = opening.folder().toAbsolutePath().normalize();
      EarlyMetadata early =
          keep(
              new EarlyMetadata(
                  opening.variables(), folder, () -> reader.settings(folder, environment)));
      this.project = new LiveProject(reader, opening.folder(), Dialect::columns);
      this.secrets = new LocalSecrets(opening.variables(), folder);
      Settings settings = project.get().settings(environment);

      // metadata
      EarlyMetadata.Opened ready = early.get(settings);
      ProjectDatabase database = ready.database();
      this.metadata = ready.metadata();
      this.policy = registered.policy();
      this.tokens = new AccessTokens(metadata.jdbi(), policy);

      // staging, warehouse, queries
      Disk disk = new Disk();
      Path state = project.get().stateFolder();
      this.staging = keep(whereabouts(Owner.Kind.STAGING, settings, clock).staging(metadata));
      this.warehouse = keep(whereabouts(Owner.Kind.WAREHOUSE, settings, clock).tables(metadata));
      warehouse.settle(database.home());
      staging.ownedBy(new Owner(Owner.Kind.STAGING, warehouse.catalog(), database.home().place()));
      this.spill = keep(SpillFolder.open(state.resolve("spill")));
      List<Path> data =
          Stream.concat(staging.folders().stream(), warehouse.folders().stream()).toList();
      EngineSettings runs = EngineLimits.of(settings, spill.folder("engine"), data);
      DuckDbEngine duckDb = keep(new DuckDbEngine(runs, warehouse, staging::folders));
      this.engine =
          registered.engine().<Engine>map(type -> keep(type.open(runs, warehouse))).orElse(duckDb);
      this.queries =
          keep(
              new Queries(
                  new WorkerSettings(
                      EngineLimits.of(settings, spill.folder("people"), List.of()),
                      state.resolve("engine")),
                  warehouse,
                  policy));
      this.jobs = keep(jobs(settings.query(), clock));

      // sources, transforms
      ProjectSources sources =
          new ProjectSources(
              project,
              registered.sourceTypes(),
              secrets,
              new SourceTools(
                  new Landing.Stage(staging, duckDb.parts(), clock), new FileParts(runs)));
      ModelStates modelStates = new ModelStates(metadata.jdbi(), environment);
      this.others = OtherEngines.of(metadata, environment, policy, tokens, warehouse, engine);
      Engines engines =
          keep(SparkWiring.open(opening, project, ready, others, engine, warehouse)).engines();
      Models models =
          new Models(registered.materializationsByName(), warehouse, engines, modelStates);
      TestResults testResults = new TestResults(metadata.jdbi(), environment);
      this.stages =
          new Stages(
              sources, staging, warehouse, engine, engines, models, testResults, modelStates);

      // flows and what runs them
      RunProjects runProjects =
          new RunProjects(project, reader, new Bundles(metadata.jdbi())::find);
      FlowRunner runner = new FlowRunner(registered.tasksByName(), runProjects, stages, clock);
      int workers = opening.who() == Workers.NONE ? 0 : opening.workers();
      this.scheduler =
          keep(
              new Scheduler(
                  metadata.jdbi(),
                  metadata::dedicatedConnection,
                  new SchedulerSettings(
                      environment, workers, turn(opening.who()), opening.variables()),
                  runner,
                  new Time(clock, System::nanoTime)));
      this.starts =
          new RunStarts(project, scheduler, new Unchanged(warehouse, engine, modelStates), clock);
      this.watcher = keep(new ProjectWatcher(project, starts));
      this.maintenance =
          keep(
              new Maintenance(
                  () -> project.get().settings(environment),
                  staging,
                  warehouse,
                  scheduler,
                  spill,
                  clock));
      this.catalog =
          new Catalog(
              new Tables(project, warehouse, testResults, scheduler, policy),
              new Batches(project, staging, scheduler, policy),
              new Runs(scheduler, warehouse, policy),
              new Definitions(project, policy));
      if (workers > 0) {
        maintenance.followRuns();
      }
      scheduler.open();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Whereabouts whereabouts(Owner.Kind kind, Settings settings, Clock clock) {
    Stored said = new Stored(kind, settings, secrets, project.get().folder());
    return new Whereabouts(project, said, project.get().stateFolder(), clock, new Disk());
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  private QueryJobs jobs(Settings.Query settings, Clock clock) {
    return new QueryJobs(
        queries,
        new QueryLog(metadata.jdbi(), environment),
        new QueryJobs.Limits(settings.maxRows(), settings.timeout(), RESULT_BYTES),
        clock);
  }

  private static SchedulerSettings.Turn turn(Workers who) {
    return switch (who) {
      case NONE, HERE -> SchedulerSettings.Turn.ALWAYS;
      case UNLESS_ANOTHER_RUNS -> SchedulerSettings.Turn.WHEN_NOBODY_ELSE;
    };
  }

  /**
   * What copies this project. Environments whose tables were never looked at are found as well, if
   * their metadata are in the same database; batches that are elsewhere are left to that store.
   */
  public Backup backup() {
    return environments().backup(metadata, warehouse, spill.folder("backup"));
  }

  /** The environments of the project, as far as this one knows them. */
  public Environments environments() {
    return new Environments(project.get(), environment, everyDatabase, secrets);
  }

  /**
   * Makes a project of a backup, its metadata in the database that is configured, which must be
   * empty. Nothing is left of what goes wrong.
   *
   * @param environment whose database it is
   * @param variables environment variables
   */
  public static Restored restore(
      Restore restore, String environment, Map<String, String> variables) {
    return new Restoration(restore, environment, variables).run();
  }

  public String environment() {
    return environment;
  }

  public LiveProject project() {
    return project;
  }

  public Metadata metadata() {
    return metadata;
  }

  /** What callers may do and see; every read and every action asks it. */
  public Policy policy() {
    return policy;
  }

  /** What lets people and programs in. */
  public AccessTokens tokens() {
    return tokens;
  }

  public StagingArea staging() {
    return staging;
  }

  public Warehouse warehouse() {
    return warehouse;
  }

  public Engine engine() {
    return engine;
  }

  /** The one door for reads of people and programs, apart from what runs do. */
  public Queries queries() {
    return queries;
  }

  /** What people ask and look at page by page. */
  public QueryJobs jobs() {
    return jobs;
  }

  public Stages stages() {
    return stages;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  /** How runs begin. */
  public RunStarts starts() {
    return starts;
  }

  /** Notices changes of the project's files, from its start on. */
  public ProjectWatcher watcher() {
    return watcher;
  }

  /** What there is, for whoever may see it. */
  public Catalog catalog() {
    return catalog;
  }

  /** What lets engines of others in. */
  public OtherEngines others() {
    return others;
  }

  public Maintenance maintenance() {
    return maintenance;
  }

  @Override
  public void close() {
    RuntimeException first = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      } catch (Exception e) {
        throw new AssertionError("Our resources throw no checked exception", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
