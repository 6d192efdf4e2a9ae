package io.ecluse.metadata;

import java.net.URI;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Where servers of an environment listen. Safe for use by several threads. */
public record WebServers(Jdbi jdbi, String environment) {
  /**
   * A server that was started, and may have been killed since.
   *
   * @param id which its health tells
   * @param url where it listens
   * @param publicUrl what people type
   */
  public record Listening(String id, URI url, URI publicUrl) {}

  /** A server began to listen; whatever listened there before has gone. */
  public void started(Listening server) {
    jdbi.useTransaction(
        h -> {
          h.execute("DELETE FROM web_server WHERE url = ?", server.url().toString());
          h.execute(
              "INSERT INTO web_server (id, environment, url, public_url, started_at) VALUES (?, ?, ?, ?, now())",
              server.id(),
              environment,
              server.url().toString(),
              server.publicUrl().toString());
        });
  }

  /** The server ended; a second call does nothing. */
  public void stopped(String id) {
    jdbi.useHandle(h -> h.execute("DELETE FROM web_server WHERE id = ?", id));
  }

  /** Those that did not end in an orderly way or at all, the oldest first. */
  public List<Listening> all() {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT id, url, public_url FROM web_server WHERE environment = :environment ORDER BY started_at")
                .bind("environment", environment)
                .map(
                    (row, context) ->
                        new Listening(
                            row.getString(1),
                            URI.create(row.getString(2)),
                            URI.create(row.getString(3))))
                .list());
  }
}
