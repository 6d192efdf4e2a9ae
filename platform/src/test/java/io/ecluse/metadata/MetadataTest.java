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
import org.flywaydb.core.Flyway;
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

  /**
   * As an older version has left them, in a folder that was moved once, and from before folders.
   */
  @Test
  void namesTablesFromTheFolderThatTheyAreIn() {
    DatabaseSettings settings = Servers.settings(database);
    Flyway.configure()
        .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
        .schemas(Metadata.SCHEMA)
        .defaultSchema(Metadata.SCHEMA)
        .locations("classpath:db/migration")
        .target("45")
        .load()
        .migrate();
    Servers.execute(
        database,
        """
        SET search_path = ecluse;
        INSERT INTO warehouse_folder (environment, location) VALUES ('dev', '/q/tables/dev');
        INSERT INTO former_warehouse_folder VALUES ('dev', '/p');
        INSERT INTO iceberg_tables VALUES
          ('dev', 'erp', 'a', '/q/tables/dev/erp/a-01234567/metadata/2.metadata.json', '/p/erp/a-01234567/metadata/1.metadata.json', 'TABLE'),
          ('dev', 'erp', 'b', 's3://lake/erp/b/metadata/1.metadata.json', NULL, 'TABLE'),
          ('old', 'erp', 'c', '/r/dev/erp/c-89abcdef/metadata/1.metadata.json', NULL, NULL);
        INSERT INTO staged_table (run_id, environment, namespace, name, base_metadata_location, metadata_location)
          VALUES ('r', 'dev', 'erp', 'a', '/q/tables/dev/erp/a-01234567/metadata/2.metadata.json', '/q/tables/dev/erp/a-01234567/metadata/3.metadata.json');
        """);
    try (Metadata metadata = new Metadata(settings)) {
      assertThat(
              texts(
                  metadata,
                  "SELECT metadata_location || ' ' || coalesce(previous_metadata_location, '') FROM catalog_table ORDER BY table_name"))
          .containsExactly(
              "erp/a-01234567/metadata/2.metadata.json erp/a-01234567/metadata/1.metadata.json",
              "s3://lake/erp/b/metadata/1.metadata.json ",
              "erp/c-89abcdef/metadata/1.metadata.json ");
      assertThat(
              texts(
                  metadata,
                  "SELECT base_metadata_location || ' ' || metadata_location FROM staged_table"))
          .containsExactly(
              "erp/a-01234567/metadata/2.metadata.json erp/a-01234567/metadata/3.metadata.json");
      seesWholeLocations(metadata);
    }
  }

  /** Other engines, by the view. */
  private static void seesWholeLocations(Metadata metadata) {
    String whole = "/q/tables/dev/erp/a-01234567/metadata/%d.metadata.json";
    String change =
        "UPDATE iceberg_tables SET metadata_location = ? WHERE catalog_name = 'dev' AND table_name = 'a' AND metadata_location = ?";
    assertThat(
            texts(
                metadata,
                "SELECT metadata_location FROM iceberg_tables WHERE catalog_name = 'dev' ORDER BY table_name"))
        .containsExactly(whole.formatted(2), "s3://lake/erp/b/metadata/1.metadata.json");
    metadata
        .jdbi()
        .useHandle(
            h -> {
              assertThat(h.execute(change, whole.formatted(4), whole.formatted(3))).isZero();
              assertThat(h.execute(change, whole.formatted(4), whole.formatted(2))).isOne();
            });
    assertThat(
            texts(metadata, "SELECT metadata_location FROM catalog_table WHERE table_name = 'a'"))
        .containsExactly("erp/a-01234567/metadata/4.metadata.json");
    metadata
        .jdbi()
        .useHandle(
            h ->
                assertThat(h.execute("DELETE FROM iceberg_tables WHERE table_name = 'a'")).isOne());
  }

  private static List<String> texts(Metadata metadata, String sql) {
    return metadata.jdbi().withHandle(h -> h.createQuery(sql).mapTo(String.class).list());
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
