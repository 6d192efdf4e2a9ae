package io.ecluse.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.postgres.Login;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the platform may do in the private PostgreSQL. */
@Timeout(120)
class PlainRoleTest {
  private static final String FOREIGN_OBJECTS =
      """
      SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = 'ecluse' AND pg_get_userbyid(c.relowner) <> current_user)
           + (SELECT count(*) FROM pg_namespace WHERE nspname = 'ecluse'
              AND pg_get_userbyid(nspowner) <> current_user)
      """;

  @TempDir Path temp;

  private static <T> T ask(Metadata metadata, String sql, Class<T> type) {
    return metadata.jdbi().withHandle(h -> h.createQuery(sql).mapTo(type).one());
  }

  private static void requirePlain(Metadata metadata) {
    assertThat(
            ask(
                metadata,
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
                Boolean.class))
        .isFalse();
    assertThat(ask(metadata, FOREIGN_OBJECTS, Long.class)).isZero();
    assertThatThrownBy(() -> ask(metadata, "SELECT pg_read_file('/etc/passwd')", String.class))
        .isInstanceOf(JdbiException.class)
        .hasMessageContaining("permission denied");
  }

  @Test
  void isNoSuperuserAndOwnsItsDatabaseOnly() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("shop"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: shop\n");
    for (int i = 0; i < 2; i++) {
      try (Platform platform = DemoFixture.platform(folder, Platform.Workers.HERE)) {
        requirePlain(platform.metadata());
      }
    }
    Path password = folder.resolve(".ecluse/postgres/password.ecluse_platform");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
  }

  @Test
  void takesOverWhatTheSuperuserMadeInAnOlderFolder() {
    try (PostgresServer server =
        PostgresServer.open(new PostgresSettings(temp.resolve("postgres"), 0, Map.of()))) {
      server.ensureDatabase("ecluse");
      new Metadata(new DatabaseSettings(server.jdbcUrl("ecluse"), server.user(), server.password()))
          .close();

      Login login = server.ensureOwnedDatabase("ecluse");
      try (Metadata metadata =
          new Metadata(
              new DatabaseSettings(server.jdbcUrl("ecluse"), login.user(), login.password()))) {
        requirePlain(metadata);
        metadata.jdbi().useHandle(h -> h.execute("ALTER TABLE run ADD COLUMN later text"));
      }
    }
  }
}
