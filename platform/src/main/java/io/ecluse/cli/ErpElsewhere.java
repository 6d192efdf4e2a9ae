package io.ecluse.cli;

import io.ecluse.DatabaseUrl;
import io.ecluse.Dialect;
import io.ecluse.demo.DemoErp;
import io.ecluse.demo.DemoProject;
import io.ecluse.demo.ErpFill;
import io.ecluse.demo.FillListener;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.project.Secrets;
import io.ecluse.schema.SqlParser;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;

/**
 * A production system to play with on a server that is there, as a container beside the platform's.
 *
 * @param url of its database, as somebody who may make tables and users
 * @param folder of the project that reads it
 */
record ErpElsewhere(String url, Path folder) {
  private static final int PORT = 5432;

  /** Does it, or finds it done, and returns the exit code. */
  int fill(ErpFill fill, PrintWriter progress, FillListener listener) {
    Secrets secrets = DatabaseUrl.secrets(System.getenv(), folder);
    DatabaseSettings settings = DatabaseUrl.settings(url, secrets);
    progress.println("ERP: " + fill.description());
    DemoErp.fill(
            () ->
                DriverManager.getConnection(
                    settings.jdbcUrl(), settings.user(), settings.password()),
            secrets.secret(DemoErp.SECRET),
            fill,
            listener)
        .ifPresent(report -> progress.println(report.toText()));
    try (SqlParser parser = Dialect.parser()) {
      List<String> written =
          DemoProject.write(folder, connection(settings), Dialect.reader(parser));
      progress.printf("ERP: %s; project: %s, %d files written%n", settings, folder, written.size());
    }
    return Main.DONE;
  }

  private static Map<String, String> connection(DatabaseSettings settings) {
    URI place = URI.create(settings.jdbcUrl().substring("jdbc:".length()));
    int port = place.getPort() < 0 ? PORT : place.getPort();
    return Map.of(
        "host", place.getHost(), "port", port + "", "database", place.getPath().substring(1));
  }
}
