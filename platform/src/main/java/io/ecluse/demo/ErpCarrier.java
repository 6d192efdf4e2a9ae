package io.ecluse.demo;

import io.ecluse.error.ErrorCode;
import io.ecluse.postgres.Carrier;
import io.ecluse.postgres.Login;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * Carries the ERP to another major version of PostgreSQL: the tables that the demo has made. What
 * somebody has added is refused rather than lost.
 */
final class ErpCarrier implements Carrier {
  @Override
  public void write(Connection database, Path folder) throws SQLException, IOException {
    Set<String> known = new HashSet<>(ErpTables.read().names());
    known.add(ErpFilling.MARKER);
    for (String table : tables(database)) {
      if (!known.contains(table)) {
        throw ErrorCode.CONFLICT.error(
            "The demo's ERP has %s, which the demo has not made and cannot bring to another version of PostgreSQL; drop it with the older version, or remove .ecluse/demo-erp and make the ERP anew with ecluse demo"
                .formatted(table));
      }
      try (OutputStream out = Files.newOutputStream(folder.resolve(table))) {
        copy(database).copyOut("COPY %s TO STDOUT".formatted(table), out);
      }
    }
  }

  @Override
  public void read(String jdbcUrl, Login superuser, Path folder) throws SQLException, IOException {
    try (Connection database =
            DriverManager.getConnection(jdbcUrl, superuser.user(), superuser.password());
        Statement statement = database.createStatement()) {
      statement.execute(ErpTables.ddl());
      statement.execute(ErpFilling.MARKER_DDL);
      Set<String> made = new HashSet<>(tables(database));
      for (String table : made) {
        Path rows = folder.resolve(table);
        if (!Files.exists(rows)) {
          statement.execute("DROP TABLE " + table); // it had not been made then
          continue;
        }
        try (InputStream in = Files.newInputStream(rows)) {
          copy(database).copyIn("COPY %s FROM STDIN".formatted(table), in);
        }
      }
      for (String setting : serials(database)) {
        statement.execute(setting);
      }
      statement.execute("ANALYZE");
    }
  }

  private static org.postgresql.copy.CopyManager copy(Connection database) throws SQLException {
    return database.unwrap(PGConnection.class).getCopyAPI();
  }

  /** Tables and views, as the search path public names them. */
  private static List<String> tables(Connection database) throws SQLException {
    return texts(
        database,
        """
        SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^(pg_|information_schema$)' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        ORDER BY 1
        """);
  }

  /** Statements that have every serial go on after the greatest number. */
  private static List<String> serials(Connection database) throws SQLException {
    return texts(
        database,
        """
        SELECT format('SELECT setval(%L, greatest(1, (SELECT max(%I) FROM %s)))',
          pg_get_serial_sequence(c.oid::regclass::text, a.attname), a.attname, c.oid::regclass)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
          AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
        """);
  }

  private static List<String> texts(Connection database, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
