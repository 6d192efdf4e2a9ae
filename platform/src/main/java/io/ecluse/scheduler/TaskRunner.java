package io.ecluse.scheduler;

/**
 * Does the work of tasks. The scheduler knows nothing of it but this.
 *
 * <p>Called by several threads at once. A task may be run again after it was cut off anywhere, or
 * after it ended and nobody could write that down, so running it twice must give what running it
 * once gives.
 */
public interface TaskRunner {
  /**
   * Does the work of one task and returns when it is done, or goes on elsewhere.
   *
   * @throws io.ecluse.error.EcluseException whose code says whether another try makes sense; any
   *     other exception counts as INTERNAL, which is tried again
   */
  TaskResult run(Attempt attempt) throws Exception;
}
