package io.ecluse.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private final String database = Servers.newDatabase();

  @Test
  void makesItsSchemaAndFindsItAgain() {
    for (int i = 0; i < 2; i++) {
      try (Metadata metadata = new Metadata(Servers.settings(database))) {
        assertThat(versions(metadata)).containsExactlyElementsOf(Migrations.brought());
      }
    }
    assertThat(Migrations.brought()).contains(1);
  }

  @Test
  void letsProcessesStartAtTheSameTime() {
    List<CompletableFuture<Void>> starts =
        Stream.generate(
                () ->
                    CompletableFuture.runAsync(
                        () -> new Metadata(Servers.settings(database)).close()))
            .limit(4)
            .toList();
    starts.forEach(CompletableFuture::join);
    try (Metadata metadata = new Metadata(Servers.settings(database))) {
      assertThat(versions(metadata)).containsExactlyElementsOf(Migrations.brought());
    }
  }

  @Test
  void catchesUpWithAMigrationThatCameLate() {
    try (Metadata metadata = new Metadata(Servers.settings(database))) {
      metadata
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "DROP VIEW iceberg_tables; DROP TABLE staged_table, catalog_table, iceberg_namespace_properties; DELETE FROM flyway_schema_history WHERE version = '1'"));
    }
    try (Metadata metadata = new Metadata(Servers.settings(database))) {
      assertThat(versions(metadata)).contains(1);
    }
  }

  @Test
  void refusesTheSchemaOfANewerVersion() {
    try (Metadata metadata = new Metadata(Servers.settings(database))) {
      metadata
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success) VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'x', 1, true)"));
    }
    assertThatThrownBy(() -> new Metadata(Servers.settings(database)))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("version 99 by a newer")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void keepsInstantsWhateverTheTimeZones() throws SQLException {
    Instant instant = Instant.parse("2026-10-25T00:30:00.123456Z"); // an hour that Paris has twice
    try (Metadata metadata = new Metadata(Servers.settings(database));
        Connection dedicated = metadata.dedicatedConnection()) {
      metadata
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("CREATE TEMP TABLE t (at timestamptz, n int)");
                handle.execute("INSERT INTO t VALUES (?, 1)", instant);
                handle
                    .createUpdate("INSERT INTO t VALUES (:at, 2)")
                    .bindNull("at", java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                    .execute();
                assertThat(handle.select("SELECT at FROM t ORDER BY n").mapTo(Instant.class).list())
                    .containsExactly(instant, null);
                assertThat(
                        handle
                            .select("SELECT at::text FROM t WHERE n = 1")
                            .mapTo(String.class)
                            .one())
                    .isEqualTo("2026-10-25 00:30:00.123456+00");
              });
      try (var statement = dedicated.createStatement();
          var rows = statement.executeQuery("SELECT current_setting('TimeZone'), current_schema")) {
        rows.next();
        assertThat(rows.getString(1)).isEqualTo("UTC");
        assertThat(rows.getString(2)).isEqualTo(Metadata.SCHEMA);
      }
    }
  }

  @Test
  void holdsACatalogThatIcebergReadsAndWrites() throws Exception {
    DatabaseSettings settings = Servers.settings(database);
    new Metadata(settings).close();
    try (JdbcCatalog catalog = new JdbcCatalog()) {
      catalog.initialize(
          "dev",
          Map.of(
              "uri", settings.jdbcUrl() + "?currentSchema=" + Metadata.SCHEMA,
              "jdbc.user", settings.user(),
              "jdbc.password", settings.password(),
              "jdbc.schema-version", "V1",
              "jdbc.init-catalog-tables", "false",
              "io-impl", "org.apache.iceberg.inmemory.InMemoryFileIO",
              "warehouse", "memory:/w"));
      catalog.createNamespace(Namespace.of("erp"), Map.of("owner", "school"));
      TableIdentifier name = TableIdentifier.of("erp", "students");
      catalog.createTable(
          name, new Schema(Types.NestedField.required(1, "id", Types.IntegerType.get())));
      assertThat(catalog.listTables(Namespace.of("erp"))).containsExactly(name);
      assertThat(catalog.loadNamespaceMetadata(Namespace.of("erp")))
          .containsEntry("owner", "school");
    }
  }

  @Test
  void namesTheGrantThatIsMissing() {
    Servers.execute(database, "CREATE ROLE \"%s\" LOGIN PASSWORD 'geheim'".formatted(database));
    assertRefused(
        user("geheim"),
        "GRANT CONNECT, CREATE ON DATABASE \"%s\" TO \"%s\"".formatted(database, database));

    Servers.execute(
        database, "GRANT CREATE ON DATABASE \"%s\" TO \"%s\"".formatted(database, database));
    new Metadata(user("geheim")).close();
  }

  @Test
  void namesTheOwnerThatTheSchemaNeeds() {
    Servers.execute(
        database,
        "CREATE ROLE \"%s\" LOGIN PASSWORD 'geheim'; CREATE SCHEMA ecluse".formatted(database));
    assertRefused(user("geheim"), "ALTER SCHEMA ecluse OWNER TO");
  }

  @Test
  void saysThatThePasswordIsWrongWithoutShowingIt() {
    DatabaseSettings right = Servers.settings(database);
    assertRefused(new DatabaseSettings(right.jdbcUrl(), right.user(), "geheim"), "wrong password");
  }

  @Test
  void saysHowToMakeTheDatabase() {
    DatabaseSettings right = Servers.settings("absent");
    assertRefused(right, "CREATE DATABASE \"absent\" OWNER \"ecluse\"");
  }

  @Test
  void saysThatNobodyListens() {
    assertThatThrownBy(
            () ->
                new Metadata(
                    new DatabaseSettings("jdbc:postgresql://127.0.0.1:1/d", "u", "geheim")))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("127.0.0.1:1/d")
        .hasMessageNotContaining("geheim")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATABASE_UNREACHABLE);
  }

  private DatabaseSettings user(String password) {
    return new DatabaseSettings(Servers.settings(database).jdbcUrl(), database, password);
  }

  private static void assertRefused(DatabaseSettings settings, String advice) {
    assertThatThrownBy(() -> new Metadata(settings))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining(advice)
        .hasMessageNotContaining("geheim")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATABASE_REFUSED);
  }

  private static List<Integer> versions(Metadata metadata) {
    return metadata
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .select(
                        "SELECT version::int FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY 1")
                    .mapTo(Integer.class)
                    .list());
  }
}
