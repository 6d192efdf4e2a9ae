package io.ecluse.flow;

import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.jdbc.JdbcSettings;
import io.ecluse.source.jdbc.MariaDbUrl;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the settings of databases that JDBC reaches, secrets resolved at that moment.
 *
 * @param folder the project's, from which paths are seen
 */
record JdbcTargets(Secrets secrets, Path folder) {
  /** Of any database. SECRET_MISSING. */
  JdbcSettings any(SourceFile file) {
    SourceFile.Url access = (SourceFile.Url) file.access();
    Map<String, String> properties = new LinkedHashMap<>();
    access.user().ifPresent(user -> properties.put("user", user.resolve(secrets)));
    access.password().ifPresent(word -> properties.put("password", word.resolve(secrets)));
    return new JdbcSettings(
        file.name(),
        new JdbcSettings.Access(
            access.url().resolve(secrets),
            properties,
            Optional.of(file.schema()).filter(s -> !s.isEmpty()),
            access.driverJar().map(jar -> folder.resolve(jar).normalize())),
        extraction(file));
  }

  /** Of a MariaDB or MySQL. SECRET_MISSING; INVALID_PROJECT for a port that is none. */
  JdbcSettings mariaDb(SourceFile file) {
    SourceFile.Connection connection = file.connection();
    TargetSettings settings = new TargetSettings(secrets, folder);
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("user", connection.user().resolve(secrets));
    connection.password().ifPresent(word -> properties.put("password", word.resolve(secrets)));
    return new JdbcSettings(
        file.name(),
        new JdbcSettings.Access(
            MariaDbUrl.of(
                connection.host().resolve(secrets),
                settings.port(file.name(), connection),
                connection.database().resolve(secrets),
                settings.option(connection, "sslmode").orElse("disable"),
                file.extraction().connectTimeout()),
            properties,
            Optional.empty(),
            Optional.empty()),
        extraction(file));
  }

  private static JdbcSettings.Extraction extraction(SourceFile file) {
    return new JdbcSettings.Extraction(
        file.extraction().statementTimeout(),
        plans(file),
        file.drift(),
        file.extraction().connections(),
        limits(file));
  }

  /** How much the project lets an extract disturb the source. */
  static ImpactLimits limits(SourceFile file) {
    return new ImpactLimits(
        file.extraction().maxSlowdown().map(percent -> percent / 100.0),
        file.extraction().maxRate(),
        file.extraction().snapshotLife());
  }

  /** How the project wants streams read, in the order of its file. */
  static Map<String, StreamPlan> plans(SourceFile file) {
    Map<String, StreamPlan> plans = new LinkedHashMap<>();
    file.streams()
        .forEach(
            (name, stream) ->
                plans.put(
                    name,
                    new StreamPlan(
                        StreamPlan.Mode.valueOf(stream.mode().name()),
                        stream.cursor(),
                        stream.lookBack(),
                        stream.primaryKey(),
                        stream.detectsDeletes()
                            ? StreamPlan.Deletes.DETECT
                            : StreamPlan.Deletes.IGNORE)));
    return plans;
  }
}
