package io.ecluse.scheduler;

/** How an attempt ended, or that it is looked at again. */
record Outcome(RunningTask task, TaskResult result) {
  /** Whether the task may have to run again at some time. */
  boolean isOpen() {
    return result instanceof TaskResult.Again || result instanceof TaskResult.Failed;
  }
}
