package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  @TempDir Path folder;

  @Test
  void prefersTheEnvironmentToTheFile() throws IOException {
    write("erp_password", "from file\n", "rw-------");
    Template template = new Template("a ${secret:erp_password} ${env:HOST}");

    assertThat(template.resolve(new LocalSecrets(Map.of("HOST", "h"), folder)))
        .isEqualTo("a from file h");
    assertThat(
            template.resolve(
                new LocalSecrets(Map.of("HOST", "$1", "ECLUSE_SECRET_ERP_PASSWORD", "p"), folder)))
        .isEqualTo("a p $1");
    assertThat(template).hasToString("a ${secret:erp_password} ${env:HOST}");
  }

  @Test
  void saysBothPlacesWhenThereIsNone() {
    Secrets secrets = new LocalSecrets(Map.of(), folder);

    assertThatThrownBy(() -> secrets.secret("erp_password"))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("ECLUSE_SECRET_ERP_PASSWORD")
        .hasMessageContaining(folder.resolve(".ecluse/secrets/erp_password").toString());
    assertThatThrownBy(() -> secrets.env("HOST"))
        .hasMessage("The environment variable HOST is not set");
  }

  @Test
  void refusesAFileThatOthersMayRead() throws IOException {
    write("erp_password", "hunter2", "rw-r--r--");

    assertThatThrownBy(() -> new LocalSecrets(Map.of(), folder).secret("erp_password"))
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining("hunter2");
  }

  private void write(String name, String value, String mode) throws IOException {
    Path file = folder.resolve(".ecluse/secrets").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
