package io.ecluse.metadata;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to this version, or finds that it is there already: Flyway alone takes half a
 * second for that, this a few milliseconds.
 */
record Migrations(DatabaseSettings settings) {
  private static final Logger log = LoggerFactory.getLogger(Migrations.class);
  private static final String LOCATION = "db/migration";
  private static final Pattern FILE = Pattern.compile("(?:.*/)?V(\\d+)__\\w+\\.sql");

  /** Any number, the same for every process that migrates. */
  private static final long LOCK = 0x65636c757365L;

  private static final String UNFINISHED = "its restore is not finished";

  private static final String FORGET_UNFINISHED =
      """
      DO $$ DECLARE each record; BEGIN
        IF obj_description(to_regnamespace('%1$s'), 'pg_namespace') = '%2$s' THEN
          FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = '%1$s' LOOP
            EXECUTE format('DROP TABLE %1$s.%%I CASCADE', each.tablename);
          END LOOP;
        END IF;
      END $$
      """
          .formatted(Metadata.SCHEMA, UNFINISHED);

  /**
   * @param connection to the database, with its default schema
   * @throws EcluseException CONFLICT if a newer version made the schema; DATABASE_REFUSED if a
   *     right is missing
   */
  void apply(Connection connection) throws SQLException {
    Set<Integer> brought = brought();
    if (isCurrent(connection, brought)) {
      return;
    }
    // two processes that start at once would both make the schema
    execute(connection, "SELECT pg_advisory_lock(" + LOCK + ")");
    try {
      if (!isCurrent(connection, brought)) {
        makeSchema(connection);
        migrate(connection, brought, "latest");
      }
    } finally {
      execute(connection, "SELECT pg_advisory_unlock(" + LOCK + ")");
    }
  }

  /**
   * Makes the schema as a version had it, in a database that has none, to be filled; {@link
   * #finish} says that it is. What was begun and never finished is made anew.
   *
   * @throws EcluseException CONFLICT if there is one, or if the version is not known
   */
  void begin(Connection connection, int version) throws SQLException {
    if (!brought().contains(version)) {
      throw ErrorCode.CONFLICT.error(
          "The backup has schema version %d, but this Écluse knows versions up to %d; use the one that made the backup, or a newer one"
              .formatted(version, Collections.max(brought())));
    }
    execute(connection, "SELECT pg_advisory_lock(" + LOCK + ")"); // until it is closed
    execute(connection, FORGET_UNFINISHED);
    if (!applied(connection).isEmpty()) {
      throw ErrorCode.CONFLICT.error(
          "The metadata database %s is not empty: it has the state of a project already, which was left as it is; name an empty one in ECLUSE_DATABASE_URL, or in database.url before the backup is made, or drop its schema %s if nobody needs that"
              .formatted(settings.place(), Metadata.SCHEMA));
    }
    makeSchema(connection);
    execute(connection, "COMMENT ON SCHEMA %s IS '%s'".formatted(Metadata.SCHEMA, UNFINISHED));
    migrate(connection, brought(), String.valueOf(version));
  }

  /** What {@link #begin} made is whole when the transaction is. */
  static void finish(Connection connection) throws SQLException {
    execute(connection, "COMMENT ON SCHEMA %s IS NULL".formatted(Metadata.SCHEMA));
  }

  private boolean isCurrent(Connection connection, Set<Integer> brought) throws SQLException {
    Set<Integer> applied = applied(connection);
    Set<Integer> unknown = new TreeSet<>(applied);
    unknown.removeAll(brought);
    if (!unknown.isEmpty() && !brought.isEmpty()) {
      throw ErrorCode.CONFLICT.error(
          "The metadata database %s was brought to schema version %d by a newer Écluse, but this one knows versions up to %d; use the newer one"
              .formatted(settings.place(), Collections.max(unknown), Collections.max(brought)));
    }
    return !brought.isEmpty() && applied.equals(brought);
  }

  /** Flyway would try for ten seconds if the right is missing. */
  private static void makeSchema(Connection connection) throws SQLException {
    execute(
        connection,
        "DO $$ BEGIN IF to_regnamespace('%1$s') IS NULL THEN CREATE SCHEMA %1$s; END IF; END $$"
            .formatted(Metadata.SCHEMA));
  }

  private void migrate(Connection connection, Set<Integer> brought, String target)
      throws SQLException {
    Set<Integer> missing = new TreeSet<>(brought);
    Set<Integer> applied = applied(connection);
    missing.removeAll(applied);
    // branches of development merge in any order; Flyway warns of it, so only where it is so
    boolean late = applied.stream().anyMatch(a -> missing.stream().anyMatch(m -> m < a));
    try {
      int done =
          Flyway.configure()
              .dataSource(source())
              .schemas(Metadata.SCHEMA)
              .defaultSchema(Metadata.SCHEMA)
              .locations("classpath:" + LOCATION)
              .outOfOrder(late)
              .group(true) // one commit for all steps
              .target(target)
              .load()
              .migrate()
              .migrationsExecuted;
      log.info("Brought the metadata database {} up to date, {} steps", settings.place(), done);
    } catch (FlywayException e) {
      throw DatabaseErrors.migrationFailed(settings, e);
    }
  }

  private DataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(settings.jdbcUrl());
    source.setUser(settings.user());
    if (!settings.password().isEmpty()) {
      source.setPassword(settings.password());
    }
    return source;
  }

  /** The versions that the database has had; none if it is new. */
  private static Set<Integer> applied(Connection connection) throws SQLException {
    Set<Integer> versions = new TreeSet<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT to_regclass('%s.flyway_schema_history') IS NOT NULL"
                  .formatted(Metadata.SCHEMA))) {
        rows.next();
        if (!rows.getBoolean(1)) {
          return versions;
        }
      }
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT version::int FROM %s.flyway_schema_history WHERE success AND version IS NOT NULL"
                  .formatted(Metadata.SCHEMA))) {
        while (rows.next()) {
          versions.add(rows.getInt(1));
        }
      }
    }
    return versions;
  }

  /** The versions that this program has; none if its class path cannot be listed. */
  static Set<Integer> brought() {
    try {
      Set<Integer> versions = new TreeSet<>();
      for (URL url : Collections.list(Migrations.class.getClassLoader().getResources(LOCATION))) {
        for (String name : names(url)) {
          Matcher file = FILE.matcher(name);
          if (file.matches()) {
            versions.add(Integer.parseInt(file.group(1)));
          }
        }
      }
      return versions;
    } catch (IOException | URISyntaxException e) {
      return Set.of();
    }
  }

  private static Set<String> names(URL url) throws IOException, URISyntaxException {
    if (url.getProtocol().equals("file")) {
      try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
        return files.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
      }
    }
    if (url.openConnection() instanceof JarURLConnection jar) {
      // the class loader's own jar file, which stays open
      return jar.getJarFile().stream()
          .map(java.util.zip.ZipEntry::getName)
          .filter(name -> name.startsWith(LOCATION + "/"))
          .collect(Collectors.toSet());
    }
    return Set.of();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
