package io.ecluse.flow;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Errand;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Work;
import io.ecluse.project.Compute;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Attempt;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.schema.TableName;
import io.ecluse.transform.TestOutcome;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One attempt of a task, for the kind that runs it: with the project and the stages. */
public final class TaskRun {
  /** How long one waits who keeps the place of the task. */
  static final Duration PATIENT = Duration.ofDays(1);

  private final Attempt attempt;
  private final RunProjects projects;
  private final Stages stages;
  private final Clock clock;

  TaskRun(Attempt attempt, RunProjects projects, Stages stages, Clock clock) {
    this.attempt = attempt;
    this.projects = projects;
    this.stages = stages.behind(attempt::holdPlace);
    this.clock = clock;
  }

  public Attempt attempt() {
    return attempt;
  }

  public Work work() {
    return attempt.task().work();
  }

  /** The project as the run was started with it. */
  public Project project() {
    return projects.of(attempt);
  }

  /** Behind the fence of the attempt: one that was overtaken changes nothing of its run. */
  public Stages stages() {
    return stages;
  }

  public Clock clock() {
    return clock;
  }

  /** Cancels what it is given to when the work is no longer wanted. */
  public Cancellation cancellation() {
    Cancellation cancellation = new Cancellation();
    attempt.onCancel(cancellation::cancel);
    return cancellation;
  }

  /** The same, for an engine: with what was said of who is to do the work. */
  public Errand errand() {
    return errand(PATIENT);
  }

  /** The same, of one who waits this long only. */
  AttemptErrand errand(Duration patience) {
    return new AttemptErrand(
        attempt,
        wish(work(), project(), attempt.environment()),
        cancellation(),
        patience,
        new LinkedHashMap<>());
  }

  /** What is said of who is to do some work. */
  static Errand.Wish wish(Work work, Project project, String environment) {
    Compute said = Compute.of(work).over(project.settings(environment).compute());
    return new Errand.Wish(said.engine(), said.cluster());
  }

  /**
   * Keeps how tests of a table went.
   *
   * @throws EcluseException AUDIT_FAILED if one is broken
   */
  TaskResult judged(TableName table, List<TestOutcome> outcomes) {
    stages.testResults().keep(attempt.runId(), table, outcomes);
    outcomes.forEach(o -> attempt.log(o.describe()));
    List<TestOutcome> broken = outcomes.stream().filter(o -> !o.passed()).toList();
    if (!broken.isEmpty()) {
      throw ErrorCode.AUDIT_FAILED.error(
          "%s: %s. Nothing of this run is published; see the rows with ecluse query --run %s"
              .formatted(
                  table,
                  broken.stream().map(TestOutcome::describe).collect(Collectors.joining("; ")),
                  attempt.runId()));
    }
    return new TaskResult.Done(0, 0, Map.of("tests", String.valueOf(outcomes.size())));
  }
}
