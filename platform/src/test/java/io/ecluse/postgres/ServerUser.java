package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A process of its own that uses a server: opens it, says so, and obeys lines of its standard
 * input: {@code close} or an SQL statement. Tests kill it.
 */
final class ServerUser {
  private ServerUser() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    Path folder = Path.of(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    PostgresServer server;
    long begin = System.nanoTime();
    try {
      server = PostgresServer.open(new PostgresSettings(folder, port, Map.of()));
    } catch (EcluseException e) {
      System.out.println("refused " + e.code() + " " + e.getMessage());
      return;
    }
    System.out.printf("open %d %d%n", server.port(), (System.nanoTime() - begin) / 1_000_000);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("close")) {
        server.close();
        System.out.println("closed");
        return;
      }
      try (Connection connection = server.connect("postgres");
          Statement statement = connection.createStatement()) {
        statement.execute(line);
      }
      System.out.println("done");
    }
  }
}
