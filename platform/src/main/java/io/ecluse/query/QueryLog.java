package io.ecluse.query;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The queries that people ran, of each the newest thousand of a year. Their texts only: no row, no
 * error. Across restarts, and when results are long gone. Safe for use by several threads.
 */
public final class QueryLog {
  private static final int MOST = 1_000;
  private static final int LISTED = 200;
  private static final RowMapper<Entry> ENTRY =
      (row, context) ->
          new Entry(
              row.getString("id"),
              row.getString("owner"),
              row.getString("query"),
              row.getObject("submitted_at", OffsetDateTime.class).toInstant(),
              Duration.ofMillis(row.getLong("elapsed_ms")));

  private final Jdbi jdbi;
  private final String environment;

  public QueryLog(Jdbi jdbi, String environment) {
    this.jdbi = jdbi;
    this.environment = environment;
  }

  /** One that was run. */
  public record Entry(String id, String owner, String sql, Instant submittedAt, Duration elapsed) {}

  /** Remembers one that begins, and forgets the owner's oldest. */
  void begin(Entry entry) {
    jdbi.useTransaction(
        h -> {
          h.createUpdate(
                  "INSERT INTO query_history (id, environment, owner, query, submitted_at, elapsed_ms) VALUES (:id, :environment, :owner, :query, :at, :elapsed)")
              .bind("id", UUID.fromString(entry.id()))
              .bind("environment", environment)
              .bind("owner", entry.owner())
              .bind("query", entry.sql().replace("\u0000", ""))
              .bind("at", entry.submittedAt().atOffset(ZoneOffset.UTC))
              .bind("elapsed", entry.elapsed().toMillis())
              .execute();
          h.createUpdate(
                  "DELETE FROM query_history WHERE environment = :environment AND owner = :owner AND (submitted_at < now() - interval '1 year' OR id IN (SELECT id FROM query_history WHERE environment = :environment AND owner = :owner ORDER BY submitted_at DESC, id OFFSET :most))")
              .bind("environment", environment)
              .bind("owner", entry.owner())
              .bind("most", MOST)
              .execute();
        });
  }

  /** What it took, when it has ended. */
  void end(Entry entry) {
    jdbi.useHandle(
        h ->
            h.createUpdate("UPDATE query_history SET elapsed_ms = :elapsed WHERE id = :id")
                .bind("id", UUID.fromString(entry.id()))
                .bind("elapsed", entry.elapsed().toMillis())
                .execute());
  }

  /** An owner's newest two hundred, the newest first. */
  List<Entry> newest(String owner) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT * FROM query_history WHERE environment = :environment AND owner = :owner ORDER BY submitted_at DESC, id LIMIT :most")
                .bind("environment", environment)
                .bind("owner", owner)
                .bind("most", LISTED)
                .map(ENTRY)
                .list());
  }

  Optional<Entry> find(String owner, String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT * FROM query_history WHERE environment = :environment AND owner = :owner AND id::text = :id")
                .bind("environment", environment)
                .bind("owner", owner)
                .bind("id", id)
                .map(ENTRY)
                .findOne());
  }
}
