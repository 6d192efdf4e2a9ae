package io.ecluse.engine;

/** What came of asking an engine to fill a table. */
public sealed interface Job {
  /** The table is filled, for its run. */
  record Done(long rows) implements Job {}

  /** It goes on where the engine runs, whatever becomes of this process. */
  record Elsewhere(JobHandle handle) implements Job {}
}
