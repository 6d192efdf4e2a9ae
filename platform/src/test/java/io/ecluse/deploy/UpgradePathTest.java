package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.access.AccessTokens;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way of docs/deploy/upgrade.md: forward with all that there is, and not back. */
@Timeout(180)
class UpgradePathTest {
  /** The schema as a version long ago had it. */
  private static final String OLD = "14";

  @TempDir Path folder;
  private final String database = Servers.newDatabase();

  @BeforeEach
  void makeProject() throws IOException {
    Files.writeString(folder.resolve("ecluse.yaml"), "name: upgraded\n");
  }

  private Platform open() {
    return new Platform(
        new Platform.Opening(
            folder,
            Project.DEFAULT_ENVIRONMENT,
            Platform.Workers.NONE,
            0,
            Map.of(Platform.DATABASE_URL, Servers.url(database))));
  }

  private String one(String sql) {
    try (Connection connection = Servers.server().connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Test
  void aNewerVersionBringsTheDatabaseForwardWithAllThatIsInIt() {
    Flyway.configure()
        .dataSource(
            Servers.server().jdbcUrl(database),
            Servers.server().user(),
            Servers.server().password())
        .schemas("ecluse")
        .defaultSchema("ecluse")
        .locations("classpath:db/migration")
        .target(OLD)
        .load()
        .migrate();
    String token = "ecluse_of-before";
    Servers.execute(
        database,
        """
        SET search_path TO ecluse;
        INSERT INTO run (id, dag_id, environment, state, trigger, logical_time, created_at, ended_at, dag, max_parallel, timeout_ms, exclusive_keys)
          VALUES ('r_before', 'nightly', 'dev', 'success', 'manual', now(), now(), now(), '{}', 1, 1000, '{}');
        INSERT INTO access_token (hash, kind, name, created_at) VALUES ('%s', 'bearer', 'notebook', now())
        """
            .formatted(AccessTokens.fingerprint(token)));
    try (Platform platform = open()) {
      assertThat(
              platform
                  .scheduler()
                  .list(Optional.of("nightly"), Optional.empty(), 10, Optional.empty()))
          .extracting(r -> r.id())
          .containsExactly("r_before");
      assertThat(platform.tokens().bearer(token)).isPresent();
    }
    assertThat(Integer.parseInt(one("SELECT max(version::int) FROM ecluse.flyway_schema_history")))
        .isGreaterThan(Integer.parseInt(OLD));
  }

  @Test
  void anOlderVersionRefusesWhatANewerOneHasMadeAndLeavesItAsItIs() {
    open().close();
    Servers.execute(
        database,
        "INSERT INTO ecluse.flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success) VALUES (9999, '9999', 'newer', 'SQL', 'V9999__newer.sql', 'x', 1, true)");
    String before = one("SELECT count(*) FROM ecluse.flyway_schema_history");
    assertThatThrownBy(() -> open().close())
        .hasMessageContaining("9999")
        .hasMessageContaining("use the newer one")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CONFLICT);
    assertThat(one("SELECT count(*) FROM ecluse.flyway_schema_history")).isEqualTo(before);
  }
}
