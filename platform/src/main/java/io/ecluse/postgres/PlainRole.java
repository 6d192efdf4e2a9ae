package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The role that works in the platform's database: it owns that and may do nothing else, neither
 * read files of the server's machine nor run programs there. What the superuser owns of a folder
 * that an older version made is given to it.
 */
record PlainRole(ServerFiles files) {
  static final String NAME = "ecluse_platform";

  /** Any number, the same for every process that makes the role. */
  private static final long LOCK = 0x65636c726f6c65L;

  private static final String GIVE =
      """
      DO $$ DECLARE each record; BEGIN
        FOR each IN
          SELECT 'DATABASE' AS kind, quote_ident(datname) AS name FROM pg_database
            WHERE datname = current_database() AND datdba <> '%1$s'::regrole
          UNION ALL SELECT 'SCHEMA', quote_ident(nspname) FROM pg_namespace
            WHERE nspname !~ '^(pg_|information_schema|public$)' AND nspowner <> '%1$s'::regrole
          UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, c.oid::regclass::text
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relowner <> '%1$s'::regrole
              AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
              AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
          UNION ALL SELECT 'ROUTINE', p.oid::regprocedure::text
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname !~ '^(pg_|information_schema)' AND p.proowner <> '%1$s'::regrole
        LOOP
          EXECUTE format('ALTER %%s %%s OWNER TO %1$s', each.kind, each.name);
        END LOOP;
      END $$
      """
          .formatted(NAME);

  /**
   * Makes the role, unless it is there.
   *
   * @param server a connection as the superuser, to any database
   */
  Login ensure(Connection server) {
    try (Statement statement = server.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
      statement.execute("SET " + ServerOptions.ROUNDS); // of data that an older version made
      try {
        boolean known = isThere(statement);
        String password =
            files.passwordOf(NAME).filter(p -> known).orElseGet(() -> files.writePasswordOf(NAME));
        statement.execute(
            "%s ROLE %s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '%s'"
                .formatted(known ? "ALTER" : "CREATE", NAME, password));
        return new Login(NAME, password);
      } finally {
        statement.execute("SELECT pg_advisory_unlock(" + LOCK + ")");
      }
    } catch (SQLException e) {
      throw failed("make the role " + NAME, e);
    }
  }

  private static boolean isThere(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '" + NAME + "'")) {
      return rows.next();
    }
  }

  /**
   * Gives it the database and all that is in it.
   *
   * @param database a connection to it, as the superuser
   */
  void own(Connection database) {
    try (Statement statement = database.createStatement()) {
      statement.execute(GIVE);
    } catch (SQLException e) {
      throw failed("give the database to the role " + NAME, e);
    }
  }

  private static EcluseException failed(String what, SQLException e) {
    return ErrorCode.INTERNAL.error(
        "Could not %s in the private PostgreSQL: %s".formatted(what, e.getMessage()), e);
  }
}
