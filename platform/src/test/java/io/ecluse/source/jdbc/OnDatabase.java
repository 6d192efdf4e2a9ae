package io.ecluse.source.jdbc;

import java.sql.SQLException;
import java.sql.Statement;

/** A test of one database. */
interface OnDatabase extends JdbcDatabase {
  JdbcDatabase database();

  @Override
  default String url() {
    return database().url();
  }

  @Override
  default String user() {
    return database().user();
  }

  @Override
  default String password() {
    return database().password();
  }

  @Override
  default String clean() {
    return database().clean();
  }

  @Override
  default void endOtherSessions(Statement statement) throws SQLException {
    database().endOtherSessions(statement);
  }
}
