package io.ecluse.project;

import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Schedule;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code dags/ID.yaml}: a workflow as it is written. {@link DagExpander} makes the pipeline of it.
 *
 * @param path relative to the project folder
 * @param compute by what its models are built that do not say it
 * @param params parameters with their defaults
 * @param paramKinds what values they take
 */
public record DagFile(
    String id,
    String path,
    String description,
    Optional<Schedule> schedule,
    RunLimits limits,
    Compute compute,
    Map<String, String> params,
    Map<String, ParamKind> paramKinds,
    List<Step> steps) {

  public DagFile {
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    paramKinds = Collections.unmodifiableMap(new LinkedHashMap<>(paramKinds));
    steps = List.copyOf(steps);
  }

  /** One entry under {@code tasks:}, which may stand for many tasks of the pipeline. */
  public record Step(
      String name,
      Action action,
      Set<String> after,
      RetryPolicy retry,
      Duration timeout,
      String queue) {
    public Step {
      after = new LinkedHashSet<>(after);
    }
  }

  /** What a step asks for. */
  public interface Action {
    /** Adds the tasks that it becomes. */
    void expand(Expansion expansion);
  }
}
