package io.ecluse;

import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.MetadataDump;
import io.ecluse.postgres.Carrier;
import io.ecluse.postgres.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Carries the metadata database to another major version of PostgreSQL, as it is. */
final class MetadataCarrier implements Carrier {
  @Override
  public void write(Connection database, Path folder) throws SQLException, IOException {
    try (Statement statement = database.createStatement()) {
      statement.execute("SET search_path = ecluse");
    }
    MetadataDump.write(database, folder);
  }

  @Override
  public void read(String jdbcUrl, Login superuser, Path folder) {
    MetadataDump.move(
        new DatabaseSettings(jdbcUrl, superuser.user(), superuser.password()), folder);
  }
}
