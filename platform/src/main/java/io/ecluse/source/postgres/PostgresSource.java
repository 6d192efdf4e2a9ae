package io.ecluse.source.postgres;

import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Tables of a PostgreSQL (10 and later), read by binary COPY. Every table and every range of it is
 * read in one exported snapshot (PostgreSQL documentation, "Snapshot Synchronization Functions").
 */
record PostgresSource(PostgresSourceSettings settings, Landing.Stage stage) implements Source {
  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<StreamDescription> streams() {
    PostgresErrors errors = new PostgresErrors(settings);
    try (Connection connection = new PostgresConnections(settings, errors).open()) {
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
    return new PostgresExtract(settings, stage, request, listener).run();
  }
}
