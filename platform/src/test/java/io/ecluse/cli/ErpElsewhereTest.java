package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErpElsewhereTest {
  @TempDir Path folder;

  @Test
  void fillsADatabaseThatIsThereOnceAndWritesAProjectThatReadsIt()
      throws IOException, SQLException {
    String database = Servers.newDatabase();
    secret("erp_password", "of-the-reader");
    secret("erp_admin", Servers.server().password());
    String url =
        "postgresql://%s:${secret:erp_admin}@127.0.0.1:%d/%s"
            .formatted(Servers.server().user(), Servers.server().port(), database);

    assertThat(fill(url)).isZero();

    try (Connection reader =
            DriverManager.getConnection(
                Servers.server().jdbcUrl(database), "ecluse_reader", "of-the-reader");
        ResultSet rows = reader.createStatement().executeQuery("SELECT count(*) FROM students")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(100);
    }
    Path source = folder.resolve("sources/erp.yaml");
    assertThat(source)
        .content()
        .contains("port: " + Servers.server().port())
        .contains("database: " + database)
        .contains("${secret:erp_password}");

    Files.writeString(source, Files.readString(source).replace("The school's ERP.", "Mine."));
    assertThat(fill(url)).isZero(); // found done
    assertThat(source).content().contains("Mine.");
  }

  private int fill(String url) {
    return Main.run("demo", "--fill", url, "--dir", folder.toString(), "--scale", "0.01");
  }

  private void secret(String name, String value) throws IOException {
    Path file = folder.resolve(".ecluse/secrets").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
