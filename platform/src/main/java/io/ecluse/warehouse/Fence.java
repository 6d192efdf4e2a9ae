package io.ecluse.warehouse;

import java.sql.Connection;

/**
 * Who may still write for a run. Several attempts of one task may be alive: one that was thought to
 * be dead goes on. Only the current one may change what the catalog says of the run.
 */
public interface Fence {
  /** Lets everybody through: for who writes outside of the scheduler. */
  Fence NONE = connection -> {};

  /**
   * Refuses who may not write any more; and whoever may keeps that until the transaction of this
   * connection ends.
   *
   * @throws io.ecluse.error.EcluseException ATTEMPT_OVERTAKEN
   */
  void hold(Connection connection);
}
