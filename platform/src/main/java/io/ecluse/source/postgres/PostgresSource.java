package io.ecluse.source.postgres;

import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagingArea;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/**
 * Tables of a PostgreSQL (10 and later), read by binary COPY. Every table and every range of it is
 * read in one exported snapshot (PostgreSQL documentation, "Snapshot Synchronization Functions").
 */
public final class PostgresSource implements Source {
  private final PostgresSourceSettings settings;
  private final StagingArea staging;
  private final PartEncoder encoder;
  private final Clock clock;
  private final PostgresErrors errors;
  private final PostgresConnections connections;

  public PostgresSource(
      PostgresSourceSettings settings, StagingArea staging, PartEncoder encoder, Clock clock) {
    this.settings = settings;
    this.staging = staging;
    this.encoder = encoder;
    this.clock = clock;
    this.errors = new PostgresErrors(settings);
    this.connections = new PostgresConnections(settings, errors);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<StreamDescription> streams() {
    try (Connection connection = connections.open()) {
      return PostgresCatalog.tables(connection, settings.schema()).stream()
          .map(
              t ->
                  new StreamDescription(
                      t.name(),
                      t.columns().stream().map(PostgresColumn::staged).toList(),
                      t.estimatedRows(),
                      t.pages() * PostgresTable.PAGE_BYTES))
          .toList();
    } catch (SQLException e) {
      throw errors.reading("listing the tables", e);
    }
  }

  @Override
  public List<BatchManifest> extract(ExtractRequest request, ExtractListener listener) {
    return new PostgresExtract(
            settings, new Landing.Stage(staging, encoder, clock), request, listener)
        .run();
  }
}
