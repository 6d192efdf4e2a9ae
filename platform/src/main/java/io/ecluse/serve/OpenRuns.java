package io.ecluse.serve;

import java.sql.Connection;

/** What the door has to know of runs. */
public interface OpenRuns {
  /**
   * Goes on only if a run goes on.
   *
   * @throws io.ecluse.error.EcluseException NOT_FOUND, CONFLICT for one that has not begun or has
   *     ended
   */
  void require(String runId);

  /**
   * Lets somebody from outside write for a run until the transaction ends: while it goes on, and
   * nothing that checks or publishes what it has written has begun.
   *
   * @throws io.ecluse.error.EcluseException NOT_FOUND, CONFLICT
   */
  void hold(Connection connection, String runId);
}
