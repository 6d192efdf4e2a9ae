package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import java.sql.Connection;

/** The place of an attempt whose work goes on elsewhere, for who works there. */
public final class Attempts {
  private static final String CURRENT =
      """
      SELECT 1 FROM task_instance t JOIN run r ON r.id = t.run_id
      WHERE t.run_id = ? AND t.task_id = ? AND t.attempt = ? AND NOT r.cancel_requested
        AND t.state IN ('pending', 'running', 'waiting')
      FOR SHARE OF t
      """;

  private Attempts() {}

  /**
   * As {@link Attempt#holdPlace}, for work that goes on while no process looks at it, or after the
   * one that did has died: as long as no other attempt has begun, and the run is wanted.
   *
   * @param connection to the metadata database, in a transaction
   * @throws EcluseException ATTEMPT_OVERTAKEN
   */
  public static void holdPlace(Connection connection, String runId, String taskId, int attempt) {
    if (!AttemptRows.isThere(connection, CURRENT, runId, taskId, attempt)) {
      throw AttemptRows.overtaken(runId, taskId, attempt);
    }
  }
}
