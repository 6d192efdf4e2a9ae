package io.ecluse.engine;

import java.time.Duration;
import java.util.Map;

/** What came of asking an engine to fill a table. */
public sealed interface Job {
  /**
   * The table is filled, for its run.
   *
   * @param facts what else people should see, by name
   */
  record Done(long rows, Map<String, String> facts) implements Job {
    public Done {
      facts = Map.copyOf(facts);
    }

    /** With nothing more to tell. */
    public Done(long rows) {
      this(rows, Map.of());
    }
  }

  /**
   * It goes on where the engine runs, whatever becomes of this process.
   *
   * @param after how long until it is worth a look
   */
  record Elsewhere(JobHandle handle, Duration after) implements Job {}
}
