package io.ecluse;

import io.ecluse.access.Policy;
import io.ecluse.demo.DemoErp;
import io.ecluse.demo.DemoProject;
import io.ecluse.demo.ErpFill;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Rows;
import io.ecluse.flow.Writes;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.Trigger;
import io.ecluse.warehouse.ReadView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The demo in a folder: its ERP, its project, and a platform on it. */
public final class DemoFixture implements AutoCloseable {
  private final Path folder;
  private final DemoErp erp;
  private Platform platform;

  private DemoFixture(Path folder, DemoErp erp, Platform platform) {
    this.folder = folder;
    this.erp = erp;
    this.platform = platform;
  }

  /** Fills an ERP of this scale and opens a platform that runs tasks. */
  public static DemoFixture open(Path folder, double scale) {
    return open(folder, scale, Policy.OPEN);
  }

  /** The same, where a policy says what callers may do and see. */
  public static DemoFixture open(Path folder, double scale, Policy policy) {
    DemoErp erp =
        DemoErp.start(
            folder,
            new ErpFill.Generated(ErpFill.Generated.DEFAULT_SEED, scale),
            (table, rows) -> {});
    DemoProject.write(
        folder,
        erp.port(),
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    return new DemoFixture(folder, erp, platform(folder, Platform.Workers.HERE, policy));
  }

  /** A platform on the folder. */
  public static Platform platform(Path folder, Platform.Workers who) {
    return platform(folder, who, Policy.OPEN);
  }

  private static Platform platform(Path folder, Platform.Workers who, Policy policy) {
    return new Platform(
        new Platform.Opening(folder, Project.DEFAULT_ENVIRONMENT, who, 8, Map.of())
            .with(Registrations.builtIn().with(policy)));
  }

  public Path folder() {
    return folder;
  }

  public DemoErp erp() {
    return erp;
  }

  public Platform platform() {
    return platform;
  }

  /** Opens the platform anew, as a process would that starts again. */
  public void reopen(Platform.Workers who) {
    platform.close();
    platform = platform(folder, who);
  }

  /** Starts the first flow and returns the run's id. */
  public String start() {
    return start(platform);
  }

  public static String start(Platform platform) {
    return start(platform, "erp_daily");
  }

  private static String start(Platform platform, String id) {
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag(id));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  /** Runs the first flow to its end. */
  public Run run() {
    return platform.scheduler().awaitEnd(start());
  }

  /** Runs a DAG of the project to its end. */
  public Run run(String dag) {
    return platform.scheduler().awaitEnd(start(platform, dag));
  }

  /** The first column of the first row of a query, as text. */
  public String value(String sql) {
    return rows(platform, sql).get(0).get(0);
  }

  /** Rows of a query on what is published, as text. */
  public static List<List<String>> rows(Platform platform, String sql) {
    Rows rows = new Rows();
    platform.engine().run(sql, ReadView.PUBLISHED, new Cancellation(), rows);
    return rows.all().stream()
        .map(row -> Arrays.stream(row).map(String::valueOf).toList())
        .toList();
  }

  @Override
  public void close() {
    try {
      platform.close();
    } finally {
      erp.close();
    }
  }
}
