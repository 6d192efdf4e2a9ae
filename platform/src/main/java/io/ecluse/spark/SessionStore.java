package io.ecluse.spark;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The applications of one environment, in the metadata database: one a cluster at a time. Safe for
 * use by several threads.
 */
final class SessionStore {
  private static final int KEPT_DAYS = 7;
  private static final RowMapper<Known> KNOWN =
      (row, context) ->
          new Known(
              row.getString("id"),
              row.getString("cluster"),
              row.getString("state").equals("alive"),
              Optional.ofNullable(row.getString("process")),
              Optional.ofNullable(row.getString("application")),
              row.getString("log"),
              Duration.ofMillis(row.getLong("age")));

  private static final String SELECT =
      "SELECT *, (extract(epoch FROM now() - started_at) * 1000)::bigint AS age FROM engine_session ";

  private final Jdbi jdbi;
  private final String environment;

  SessionStore(Jdbi jdbi, String environment) {
    this.jdbi = jdbi;
    this.environment = environment;
  }

  /**
   * An application that has not ended, as far as is known.
   *
   * @param isAlive whether it has asked for work
   * @param process which submitted it; empty as long as nobody has written it down
   * @param log the file with what it prints
   * @param age since its start
   */
  record Known(
      String id,
      String cluster,
      boolean isAlive,
      Optional<String> process,
      Optional<String> application,
      String log,
      Duration age) {}

  Optional<Known> of(String cluster) {
    return jdbi.withHandle(
        h ->
            h.createQuery(SELECT + "WHERE environment = :e AND cluster = :c AND state <> 'ended'")
                .bind("e", environment)
                .bind("c", cluster)
                .map(KNOWN)
                .findOne());
  }

  /** All that have not ended, as far as is known. */
  Set<String> live() {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT id FROM engine_session WHERE environment = :e AND state <> 'ended'")
                .bind("e", environment)
                .mapTo(String.class)
                .set());
  }

  /** Writes down one that is about to be started; false if another was faster. */
  boolean begin(String id, String cluster, String tokenHash, String log) {
    return jdbi.withHandle(
        h -> {
          h.execute(
              "DELETE FROM engine_session WHERE environment = ? AND state = 'ended' AND started_at < now() - make_interval(days => ?)",
              environment,
              KEPT_DAYS);
          return h.execute(
                  """
                  INSERT INTO engine_session (id, environment, cluster, state, token_hash, log)
                  VALUES (?, ?, ?, 'starting', ?, ?)
                  ON CONFLICT (environment, cluster) WHERE state <> 'ended' DO NOTHING
                  """,
                  id,
                  environment,
                  cluster,
                  tokenHash,
                  log)
              > 0;
        });
  }

  void started(String id, String process) {
    jdbi.useHandle(
        h -> h.execute("UPDATE engine_session SET process = ? WHERE id = ?", process, id));
  }

  /** The application asks for work: the cluster that it is on, if it is still wanted. */
  Optional<String> seen(String id, String tokenHash) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    """
                    UPDATE engine_session SET state = 'alive', seen_at = now()
                    WHERE id = :id AND environment = :e AND token_hash = :hash AND state <> 'ended'
                    RETURNING cluster
                    """)
                .bind("id", id)
                .bind("e", environment)
                .bind("hash", tokenHash)
                .mapTo(String.class)
                .findOne());
  }

  /** How its cluster calls it. */
  void called(String id, String application) {
    jdbi.useHandle(
        h -> h.execute("UPDATE engine_session SET application = ? WHERE id = ?", application, id));
  }

  /** It is gone, or is to go; whether this was the call that said so first. */
  boolean end(String id) {
    return jdbi.withHandle(
        h ->
            h.execute(
                    "UPDATE engine_session SET state = 'ended' WHERE id = ? AND state <> 'ended'",
                    id)
                > 0);
  }
}
