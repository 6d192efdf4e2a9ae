package io.ecluse.metadata;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * The rows of the metadata database as text files, one a table, which any version of PostgreSQL
 * reads. The programs that the platform brings have no pg_dump.
 */
public final class MetadataDump {
  private static final String ORDER = "tables";

  private static final String RESTORED =
      """
      UPDATE attempt SET state = 'lost', ended_at = now() WHERE state IN ('running', 'waiting');
      UPDATE task_instance SET state = 'cancelled', worker_id = NULL, ended_at = now()
      WHERE state IN ('pending', 'running', 'retrying', 'waiting');
      UPDATE run SET state = 'cancelled', ended_at = now(), error = 'It ran while the backup was made'
      WHERE state IN ('queued', 'running');
      DELETE FROM access_token WHERE kind <> 'bearer';
      DELETE FROM warehouse_move;
      DELETE FROM staging_move;
      UPDATE warehouse_folder SET catalog_id = gen_random_uuid()
      """;

  private MetadataDump() {}

  /**
   * Writes all tables.
   *
   * @param connection in a transaction that reads one moment
   * @param folder empty
   */
  public static void write(Connection connection, Path folder) throws SQLException, IOException {
    List<String> lines = new ArrayList<>();
    lines.add(text(connection, "SELECT max(version::int) FROM flyway_schema_history").get(0));
    for (String table : tables(connection)) {
      String columns = columns(connection, table);
      lines.add(table + "\t" + columns);
      try (OutputStream out = Files.newOutputStream(folder.resolve(table))) {
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY %s (%s) TO STDOUT".formatted(table, columns), out);
      }
    }
    Files.write(folder.resolve(ORDER), lines);
  }

  /**
   * Puts what was written into an empty database, such that {@link Metadata} can be opened on it.
   * It is another catalog than the one it was written of: runs that were active then are ended as
   * cancelled, sessions of people are forgotten. What a restore has left that was cut off is
   * replaced.
   *
   * @throws EcluseException CONFLICT when the database is not empty, or a newer version wrote it
   */
  public static void restore(DatabaseSettings settings, Path folder) {
    read(settings, folder, RESTORED);
  }

  /**
   * As {@link #restore}, for the same catalog on another server: nothing is changed.
   *
   * @throws EcluseException as there
   */
  public static void move(DatabaseSettings settings, Path folder) {
    read(settings, folder, "SELECT 1");
  }

  private static void read(DatabaseSettings settings, Path folder, String then) {
    try (Connection connection = Metadata.connect(settings)) {
      List<String> lines = Files.readAllLines(folder.resolve(ORDER));
      new Migrations(settings).begin(connection, Integer.parseInt(lines.get(0)));
      connection.setAutoCommit(false);
      for (String line : lines.subList(1, lines.size())) {
        String[] parts = line.split("\t", 2);
        load(connection, parts[0], parts[1], folder.resolve(parts[0]));
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(then);
      }
      Migrations.finish(connection);
      connection.commit();
    } catch (SQLException e) {
      throw DatabaseErrors.of(settings, e);
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
      throw ErrorCode.DATA_CORRUPT.error(
          "The backup's catalog cannot be read: " + e.getMessage(), e);
    }
  }

  private static void load(Connection connection, String table, String columns, Path file)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM " + table); // rows that a migration has put there
    }
    try (InputStream in = Files.newInputStream(file)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY %s (%s) FROM STDIN".formatted(table, columns), in);
    }
    for (String column :
        text(
            connection,
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '%s' AND is_identity = 'YES'"
                .formatted(table))) {
      text(
          connection,
          "SELECT setval(pg_get_serial_sequence('%1$s', '%2$s'), greatest(1, (SELECT max(%2$s) FROM %1$s)))::text"
              .formatted(table, column));
    }
  }

  private static List<String> text(Connection connection, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private static String columns(Connection connection, String table) throws SQLException {
    return String.join(
        ", ",
        text(
            connection,
            "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '%s' AND is_generated = 'NEVER' ORDER BY column_name"
                .formatted(table)));
  }

  /** Each after those that it refers to; workers and the history of migrations are left out. */
  private static List<String> tables(Connection connection) throws SQLException {
    List<String> open =
        text(
            connection,
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname NOT IN ('flyway_schema_history', 'worker') ORDER BY 1");
    Set<String> done = new LinkedHashSet<>();
    while (done.size() < open.size()) {
      int before = done.size();
      for (String table : open) {
        List<String> needs =
            text(
                connection,
                "SELECT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid = '%s'::regclass AND confrelid <> conrelid"
                    .formatted(table));
        if (done.containsAll(needs)) {
          done.add(table);
        }
      }
      if (done.size() == before) {
        throw new IllegalStateException("Tables refer to each other in a circle: " + open);
      }
    }
    return List.copyOf(done);
  }
}
