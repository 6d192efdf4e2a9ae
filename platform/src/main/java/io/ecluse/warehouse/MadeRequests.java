package io.ecluse.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.iceberg.exceptions.UnprocessableEntityException;
import org.jdbi.v3.core.Jdbi;

/**
 * Requests of engines of others that have changed something in a run, by the keys that those gave
 * them: the key is noted in the transaction that makes the change, so it is there if, and only if,
 * the change is. They are forgotten with what the run stages. Safe for use by several threads.
 */
public final class MadeRequests {
  private static final String NOTE =
      "INSERT INTO made_request (run_id, key, asked) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

  private final Jdbi jdbi;
  private final String runId;

  MadeRequests(Jdbi jdbi, String runId) {
    this.jdbi = jdbi;
    this.runId = runId;
  }

  /**
   * A request.
   *
   * @param key whoever sends it again sends that again
   * @param asked what tells it from any other, such as its checksum
   */
  public record Keyed(String key, String asked) {
    /** A fence that lets the request through once. */
    public Fence behind(Fence fence, String runId) {
      return connection -> {
        fence.hold(connection);
        note(connection, runId, this);
      };
    }
  }

  /** It was made before. */
  public static final class Repeated extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void note(Connection connection, String runId, Keyed request) {
    try (PreparedStatement note = connection.prepareStatement(NOTE)) {
      note.setString(1, runId);
      note.setString(2, request.key());
      note.setString(3, request.asked());
      if (note.executeUpdate() == 0) {
        throw new Repeated();
      }
    } catch (SQLException e) {
      throw new org.jdbi.v3.core.ConnectionException(e);
    }
  }

  /**
   * Whether it was made before.
   *
   * @throws UnprocessableEntityException if another request was made by its key
   */
  public boolean isMade(Keyed request) {
    Optional<String> asked =
        jdbi.withHandle(
            h ->
                h.createQuery("SELECT asked FROM made_request WHERE run_id = :run AND key = :key")
                    .bind("run", runId)
                    .bind("key", request.key())
                    .mapTo(String.class)
                    .findOne());
    if (asked.isPresent() && !asked.get().equals(request.asked())) {
      throw new UnprocessableEntityException(
          "Another request was made with Idempotency-Key %s; each has a key of its own",
          request.key());
    }
    return asked.isPresent();
  }
}
