package io.ecluse.flow;

import io.ecluse.error.ErrorCode;
import io.ecluse.scheduler.Attempt;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.scheduler.TaskRunner;
import java.time.Clock;
import java.util.Map;

/**
 * Has the tasks of DAGs run by their kinds, which call the stages. Every kind of work can be cut
 * off anywhere and run again: an extract makes new batches, a load or a build replaces what the run
 * wrote before, and publishing twice is publishing once.
 */
public final class FlowRunner implements TaskRunner {
  private final Map<String, TaskKind> kinds;
  private final RunProjects projects;
  private final Stages stages;
  private final Clock clock;

  /**
   * @param kinds by name
   */
  public FlowRunner(Map<String, TaskKind> kinds, RunProjects projects, Stages stages, Clock clock) {
    this.kinds = Map.copyOf(kinds);
    this.projects = projects;
    this.stages = stages;
    this.clock = clock;
  }

  @Override
  public TaskResult run(Attempt attempt) throws Exception {
    String kind = attempt.task().work().kind();
    TaskKind known = kinds.get(kind);
    return known == null
        ? new TaskResult.Failed(
            ErrorCode.INVALID_PROJECT,
            "Nothing here runs tasks of kind '%s': another version of the platform has started this run"
                .formatted(kind))
        : known.run(new TaskRun(attempt, projects, stages, clock));
  }
}
