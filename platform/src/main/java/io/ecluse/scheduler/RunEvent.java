package io.ecluse.scheduler;

import java.util.Optional;

/**
 * Something of a run has changed; read it anew to see what.
 *
 * @param taskId the task, if it is one
 * @param kind what changed
 */
public record RunEvent(String runId, Optional<String> taskId, Kind kind) {
  public enum Kind {
    RUN,
    TASK,
    LOG
  }
}
