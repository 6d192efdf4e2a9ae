package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import java.util.Optional;

/** How an attempt ended: with a result or with an error. */
record Outcome(RunningTask task, TaskResult result, Optional<EcluseException> error) {
  static Outcome success(RunningTask task, TaskResult result) {
    return new Outcome(task, result, Optional.empty());
  }

  static Outcome failure(RunningTask task, EcluseException error) {
    return new Outcome(task, TaskResult.NOTHING, Optional.of(error));
  }
}
