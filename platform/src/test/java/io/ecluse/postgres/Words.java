package io.ecluse.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.postgresql.PGConnection;

/** Carries the table of a test; as a program, it dies at a step of an upgrade. */
class Words implements Carrier {
  static final int KILLED = 137;

  public static void main(String[] arguments) {
    PostgresSettings settings =
        new PostgresSettings(
            Path.of(arguments[0]),
            new Upgrading(Map.of("shop", dyingAt(arguments[1])), Upgrading.CENTRAL));
    PostgresServer.open(settings).close();
  }

  private static Carrier dyingAt(String step) {
    return new Words() {
      private int writes;

      @Override
      public void write(Connection database, Path folder) throws SQLException, IOException {
        super.write(database, folder);
        writes++;
        die("write " + writes);
      }

      @Override
      public void read(String url, Login login, Path folder) throws SQLException, IOException {
        super.read(url, login, folder);
        die("read 1");
      }

      private void die(String now) {
        if (now.equals(step)) {
          Runtime.getRuntime().halt(KILLED);
        }
      }
    };
  }

  @Override
  public void write(Connection database, Path folder) throws SQLException, IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("words"))) {
      database.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY words TO STDOUT", out);
    }
  }

  @Override
  public void read(String url, Login login, Path folder) throws SQLException, IOException {
    try (Connection database = DriverManager.getConnection(url, login.user(), login.password());
        Statement statement = database.createStatement();
        InputStream in = Files.newInputStream(folder.resolve("words"))) {
      statement.execute("CREATE TABLE words (i int, word text)");
      database.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY words FROM STDIN", in);
    }
  }
}
