package io.ecluse.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Takes what is in a database from one server to another of a later major version, as files that
 * both can read. PostgreSQL's own tools for that are not among the programs that the platform
 * brings, and whoever made the tables knows them.
 */
public interface Carrier {
  /**
   * Writes one file for each table, a row a line.
   *
   * @param database a connection of the superuser, in a transaction that reads one moment
   * @param folder empty
   */
  void write(Connection database, Path folder) throws SQLException, IOException;

  /** Puts into an empty database what was written; what it then has would be written the same. */
  void read(String jdbcUrl, Login superuser, Path folder) throws SQLException, IOException;
}
