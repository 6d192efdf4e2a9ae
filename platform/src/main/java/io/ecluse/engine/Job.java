package io.ecluse.engine;

import java.time.Duration;

/** What came of asking an engine to fill a table. */
public sealed interface Job {
  /** The table is filled, for its run. */
  record Done(long rows) implements Job {}

  /**
   * It goes on where the engine runs, whatever becomes of this process.
   *
   * @param after how long until it is worth a look
   */
  record Elsewhere(JobHandle handle, Duration after) implements Job {}
}
