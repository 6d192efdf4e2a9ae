package io.ecluse.spark;

import io.ecluse.engine.Demand;
import io.ecluse.engine.Engine;
import io.ecluse.engine.Engines;
import io.ecluse.engine.Errand;
import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.engine.Program;
import io.ecluse.project.Compute;
import io.ecluse.project.Settings;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Warehouse;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * DuckDB in this process or Spark on a cluster: as files and commands say, and where they leave it
 * open, by what the tables of a query hold and what its joins, groups and sorts need of that. Safe
 * for use by several threads.
 */
public final class EngineChoice implements Engines {
  private static final String DUCKDB = "duckdb";

  /** Up to how many times its memory DuckDB works well, by what it spills. */
  private static final int SPILLED = 4;

  /** From how many times its memory on even reading alone is for a cluster. */
  private static final int READ = 50;

  /** How much longer rows of batches are in memory than in their files. */
  private static final int GROWTH = 4;

  private final Engine usual;
  private final Warehouse warehouse;
  private final SparkJobs jobs;
  private final Supplier<Settings> settings;
  private final Clusters clusters;
  private final long memory;

  /**
   * @param settings of the environment, as they are now
   * @param memory what DuckDB may use, in bytes
   */
  EngineChoice(
      Engine usual, Warehouse warehouse, SparkJobs jobs, Supplier<Settings> settings, long memory) {
    this.usual = usual;
    this.warehouse = warehouse;
    this.jobs = jobs;
    this.settings = settings;
    this.clusters = new Clusters(settings);
    this.memory = memory;
  }

  @Override
  public Engine usual() {
    return usual;
  }

  @Override
  public Choice choose(Errand errand, String sql, ReadView view) {
    String engine =
        errand.wish().engine().or(() -> settings.get().compute().engine()).orElse(Compute.AUTO);
    if (engine.equals(SparkEngine.NAME)) {
      Settings.Cluster cluster = clusters.meant(errand.wish().cluster());
      return spark(
          errand, cluster, "Spark on cluster %s, as was asked".formatted(cluster.name()), By.WORD);
    } else if (!engine.equals(Compute.AUTO)) {
      return new Choice(usual, DUCKDB, "DuckDB, as was asked", By.WORD);
    } else if (settings.get().clusters().isEmpty()) {
      return new Choice(usual, DUCKDB, "DuckDB, as there are no clusters", By.DEFAULT);
    }
    return byNeed(errand, sql, view);
  }

  @Override
  public Choice load(Errand errand, String staging, long bytes, Demand demand) {
    String engine =
        errand.wish().engine().or(() -> settings.get().compute().engine()).orElse(Compute.AUTO);
    boolean said = engine.equals(SparkEngine.NAME);
    if (!said && !engine.equals(Compute.AUTO)) {
      return new Choice(usual, DUCKDB, "DuckDB, as was asked", By.WORD);
    } else if (!said
        && (settings.get().clusters().isEmpty()
            || !isLarge(demand.joins() > 0 ? bytes * GROWTH : 0, bytes))) {
      return new Choice(usual, DUCKDB, "DuckDB, as the batches are small", By.DEFAULT);
    }
    Settings.Cluster cluster = clusters.meant(errand.wish().cluster());
    String why =
        said
            ? "as was asked"
            : "%s in the batches; DuckDB has %s"
                .formatted(Amounts.bytes(bytes), Amounts.bytes(memory));
    return Reach.hindrance(cluster, staging, settings.get().warehouse().location())
        .map(
            hindrance ->
                new Choice(
                    usual,
                    DUCKDB,
                    "Loaded by DuckDB, though Spark is meant (%s): %s".formatted(why, hindrance),
                    By.NEED))
        .orElseGet(
            () ->
                spark(
                    errand,
                    cluster,
                    "Loaded by Spark on cluster %s: %s".formatted(cluster.name(), why),
                    said ? By.WORD : By.NEED));
  }

  private boolean isLarge(long held, long read) {
    return held > memory * SPILLED || read > memory * READ;
  }

  private Choice byNeed(Errand errand, String sql, ReadView view) {
    Estimate estimate = Estimate.of(usual, warehouse, sql, view);
    String why = "%s; DuckDB has %s".formatted(estimate.words(), Amounts.bytes(memory));
    if (!isLarge(estimate.held(), estimate.read())) {
      return new Choice(usual, DUCKDB, "DuckDB: " + why, By.NEED);
    }
    Settings.Cluster cluster = clusters.meant(errand.wish().cluster());
    return spark(
        errand, cluster, "Spark on cluster %s: %s".formatted(cluster.name(), why), By.NEED);
  }

  private Choice spark(Errand errand, Settings.Cluster cluster, String why, By by) {
    return new Choice(
        new SparkEngine(usual, warehouse, jobs, cluster, errand), SparkEngine.NAME, why, by);
  }

  @Override
  public Engine holding(JobHandle job, Errand errand) {
    return job.engine().equals(SparkEngine.NAME)
        ? jobs.clusterOf(job.id())
            .map(clusters::named)
            .<Engine>map(c -> new SparkEngine(usual, warehouse, jobs, c, errand))
            .orElseGet(
                () ->
                    new SparkEngine(
                        usual, warehouse, jobs, clusters.meant(errand.wish().cluster()), errand))
        : usual;
  }

  @Override
  public Job run(Errand errand, Program program, Optional<JobHandle> handle) {
    Settings.Cluster cluster =
        handle
            .flatMap(h -> jobs.clusterOf(h.id()))
            .map(clusters::named)
            .orElseGet(() -> clusters.meant(errand.wish().cluster()));
    return new SparkEngine(usual, warehouse, jobs, cluster, errand).run(program, handle);
  }
}
