package io.ecluse.source.jdbc;

import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables and views of any database that has a JDBC driver, read one after the other in one
 * transaction. What that transaction sees is the database's promise: at serializable or repeatable
 * read one moment; where there is less, a table that changes while it is read is noticed by its
 * count.
 */
record JdbcSource(JdbcSettings settings, Dialect dialect, Landing.Stage stage) implements Source {
  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<StreamDescription> streams() {
    JdbcAccess access = JdbcAccess.to(settings, dialect);
    try (JdbcConnections.Open open = access.connections().open()) {
      JdbcCatalog catalog = new JdbcCatalog(open.connection(), access);
      List<StreamDescription> streams = new ArrayList<>();
      for (JdbcCatalog.Name name : catalog.names(settings.schema()).values()) {
        JdbcTable found = catalog.table(name);
        streams.add(new StreamDescription(found.name(), found.staged(), -1, 0));
      }
      return streams;
    } catch (SQLException e) {
      throw access.errors().reading("listing the tables", e);
    }
  }

  @Override
  public List<BatchManifest> extract(ExtractRequest request, ExtractListener listener) {
    return new JdbcExtract(JdbcAccess.to(settings, dialect), stage, request, listener).run();
  }
}
