package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;

/**
 * Which runs go on, for who writes for one and is no task of it. Safe for use by several threads
 * and processes.
 */
public final class LiveRuns {
  private static final String LOOK = "SELECT state FROM run WHERE id = ? AND environment = ?";
  private static final String HOLD = LOOK + " FOR SHARE";
  private static final String TASKS =
      "SELECT task_id, state FROM task_instance WHERE run_id = ? AND kind = ANY (?) ORDER BY ordinal FOR SHARE";

  private final Jdbi jdbi;
  private final String environment;

  public LiveRuns(Jdbi jdbi, String environment) {
    this.jdbi = jdbi;
    this.environment = environment;
  }

  /**
   * Goes on only if a run goes on.
   *
   * @throws EcluseException NOT_FOUND, CONFLICT
   */
  public void require(String runId) {
    jdbi.useHandle(h -> require(runId, state(h.getConnection(), LOOK, runId)));
  }

  /**
   * Goes on only if a run goes on and no task of these kinds has begun, and keeps that until the
   * transaction of the connection ends.
   *
   * @throws EcluseException NOT_FOUND, CONFLICT
   */
  public void hold(Connection connection, String runId, Collection<String> kinds) {
    require(runId, state(connection, HOLD, runId));
    try (PreparedStatement query = connection.prepareStatement(TASKS)) {
      query.setString(1, runId);
      query.setArray(2, connection.createArrayOf("text", kinds.toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          if (!rows.getString(2).equals("pending")) {
            throw ErrorCode.CONFLICT.error(
                "Task %s of run %s has begun, which looks at what the run has written: nothing more is written from outside; start a new run"
                    .formatted(rows.getString(1), runId));
          }
        }
      }
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  private Optional<RunState> state(Connection connection, String sql, String runId) {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, runId);
      query.setString(2, environment);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? Optional.of(RunState.of(rows.getString(1))) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  private static void require(String runId, Optional<RunState> state) {
    if (state.isEmpty()) {
      throw ErrorCode.NOT_FOUND.error(
          "There is no run %s; ecluse ls runs lists those there are".formatted(runId));
    }
    if (state.get() != RunState.RUNNING) {
      throw ErrorCode.CONFLICT.error(
          "Run %s is %s, and has a catalog of its own only while it runs"
              .formatted(runId, state.get().text()));
    }
  }
}
