package io.ecluse.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The user of the ERP who may only read. */
final class ErpReader {
  private ErpReader() {}

  /** Makes the user or changes the password, and lets it read what is in the schema public. */
  static void admit(Connection connection, String user, String password) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          DO $$ BEGIN
            CREATE ROLE %1$s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
          EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
          END $$"""
              .formatted(user));
      statement.execute(
          "ALTER ROLE %s LOGIN PASSWORD %s".formatted(user, statement.enquoteLiteral(password)));
      statement.execute("ALTER ROLE %s SET default_transaction_read_only = on".formatted(user));
      statement.execute("GRANT USAGE ON SCHEMA public TO " + user);
      statement.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + user);
      statement.execute(
          "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO " + user);
    }
  }
}
