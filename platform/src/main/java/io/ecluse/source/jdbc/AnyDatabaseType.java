package io.ecluse.source.jdbc;

import io.ecluse.project.Shape.Fields;
import io.ecluse.project.SourceKeys;
import io.ecluse.source.DatabaseKeys;
import io.ecluse.source.Declared;
import io.ecluse.source.ServerUrl;
import io.ecluse.source.SourceNaming;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Any database that has a JDBC driver. */
public final class AnyDatabaseType implements JdbcType {
  private static final Pattern PASSWORD =
      Pattern.compile("(?i)(password|passwd|pwd|secret|token)=|//[^/@]*:[^/@]*@|:[^/:@]+/[^/@]+@");

  @Override
  public String name() {
    return "jdbc";
  }

  @Override
  public Dialect dialect(Clock clock) {
    return new StandardDialect(clock);
  }

  @Override
  public JdbcSettings settings(Declared source) {
    return new JdbcSettings(
        source.name(),
        new JdbcSettings.Access(
            source.text(source.connection(), "url"),
            JdbcSettings.Access.credentials(source),
            source.content().word("schema"),
            source.connection().word("driver_jar").map(source::path)),
        JdbcSettings.Extraction.of(source));
  }

  @Override
  public Optional<SourceNaming> naming() {
    return Optional.of(
        new SourceNaming(
            List.of("jdbc"),
            "jdbc:…",
            List.of("url", "user", "password", "driver_jar"),
            List.of("url"),
            Map.of(),
            AnyDatabaseType::words));
  }

  private static Map<String, String> words(String url) {
    if (PASSWORD.matcher(url).find()) {
      throw ServerUrl.withPassword();
    }
    return Map.of("url", url);
  }

  @Override
  public Fields shape() {
    return SourceKeys.file(
        "a source of type jdbc",
        name(),
        """
        connection!: {a connection of type jdbc}  How to connect. Values may hold ${env:NAME} and ${secret:NAME}.
          url!: template  The JDBC URL, as jdbc:h2:tcp://host/name.
          user: template  Who signs in; a user that may only read is enough.
          password: secret  A reference to the password.
          driver_jar: location  The file of the driver, seen from the project's folder.
        schema: stream  The schema that holds the streams; the user's own unless said.
        streams: map stream @table  Tables to read; all of the schema unless said.
        """
            + SourceKeys.DRIFT
            + "extract: {extract}  How gently to read.\n"
            + DatabaseKeys.STATEMENT_TIMEOUT
            + SourceKeys.LIMITS
            + SourceKeys.HOURS,
        Map.of("table", SourceKeys.table()));
  }
}
