package io.ecluse.scheduler;

import java.util.Map;

/**
 * A program, a task of a DAG, as it was in the last run that succeeded.
 *
 * @param facts what it told, by name
 */
public record LastProgram(String dagId, String taskId, String runId, Map<String, String> facts) {
  public LastProgram {
    facts = Map.copyOf(facts);
  }
}
