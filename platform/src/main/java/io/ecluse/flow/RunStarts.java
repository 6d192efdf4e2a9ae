package io.ecluse.flow;

import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.LiveProject;
import io.ecluse.project.Project;
import io.ecluse.project.RunParams;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.TableName;
import io.ecluse.transform.Unchanged;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How runs begin: here, and nowhere else, a DAG, its parameters, what it writes and the files that
 * it reads come together, all of the project as it is at that moment. Safe for use by several
 * threads.
 */
public final class RunStarts {
  private final LiveProject project;
  private final Scheduler scheduler;
  private final Unchanged unchanged;
  private final Clock clock;

  public RunStarts(LiveProject project, Scheduler scheduler, Unchanged unchanged, Clock clock) {
    this.project = project;
    this.scheduler = scheduler;
    this.unchanged = unchanged;
    this.clock = clock;
  }

  /**
   * What is to run.
   *
   * @param dag makes the DAG of the project as it is
   * @param params instead of the DAG's own
   */
  public record Wish(Function<Project, Dag> dag, Map<String, String> params, Trigger trigger) {
    public Wish {
      params = Map.copyOf(params);
    }
  }

  /**
   * Wants a run, and returns its id; it waits if another run of the DAG, or one that writes the
   * same tables, is not done.
   *
   * @throws io.ecluse.error.EcluseException NOT_FOUND, INVALID_USAGE and what else the project or a
   *     parameter has against it
   */
  public String start(Wish wish) {
    project.refresh();
    Project now = project.get();
    Dag dag = wish.dag().apply(now);
    Map<String, String> params = new RunParams(now).of(dag, wish.params());
    return scheduler.start(
        new RunRequest(dag, wish.trigger(), clock.instant(), params, Writes.of(dag))
            .reading(now.bundle()));
  }

  /** The models of a selection that would come out as they are published, so a build may skip. */
  public Set<TableName> unchanged(Project now, String selector) {
    return unchanged.among(now, new DagExpander(now).models(selector));
  }

  /** Has the DAGs of the project as it is now run by their schedules. */
  public void followSchedules() {
    Project now = project.get();
    scheduler.schedule(dags(now), Optional.of(now.bundle()));
  }

  private static Map<Dag, Set<String>> dags(Project now) {
    DagExpander expander = new DagExpander(now);
    Map<Dag, Set<String>> dags = new HashMap<>();
    for (var file : now.dags().values()) {
      Dag dag = expander.expand(file);
      dags.put(dag, Writes.of(dag));
    }
    return dags;
  }
}
