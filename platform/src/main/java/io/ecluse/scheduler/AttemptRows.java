package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;

/** The rows of attempts, as those who run them see theirs. */
final class AttemptRows {
  private static final String CURRENT =
      """
      SELECT 1 FROM attempt a
      JOIN task_instance t ON t.run_id = a.run_id AND t.task_id = a.task_id AND t.attempt = a.attempt
      WHERE a.run_id = ? AND a.task_id = ? AND a.attempt = ? AND a.worker_id = ?
        AND a.state = 'running' AND t.state = 'running'
      FOR SHARE OF a
      """;

  private AttemptRows() {}

  /** As {@link Attempt#holdPlace}: who wants to take the attempt away waits for its lock. */
  static void hold(Connection connection, RunningTask.Claim claim) {
    if (!isThere(
        connection, CURRENT, claim.runId(), claim.task().id(), claim.attempt(), claim.workerId())) {
      throw overtaken(claim.runId(), claim.task().id(), claim.attempt());
    }
  }

  /** Whether a query that names an attempt finds it, and has locked it. */
  static boolean isThere(Connection connection, String sql, Object... values) {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        query.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  static EcluseException overtaken(String runId, String taskId, int attempt) {
    return ErrorCode.ATTEMPT_OVERTAKEN.error(
        "Attempt %d of task %s in run %s is not the current one any more; it changes nothing"
            .formatted(attempt, taskId, runId));
  }
}
