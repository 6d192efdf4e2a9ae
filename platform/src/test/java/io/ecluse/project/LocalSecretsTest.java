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

class LocalSecretsTest {
  @TempDir Path project;
  @TempDir Path given;

  private Secrets secrets(Map<String, String> environment) {
    return new LocalSecrets(environment, project);
  }

  private static void write(Path file, String text, String mode) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void aFolderThatIsHandedOverComesBeforeTheProjectsAndAfterVariables() throws IOException {
    write(project.resolve(".ecluse/secrets/erp"), "of the project", "rw-------");
    Map<String, String> named = Map.of(LocalSecrets.FOLDER, given.toString());
    assertThat(secrets(named).secret("erp")).isEqualTo("of the project");

    write(given.resolve("erp"), "handed over\n", "r--r--r--"); // as Docker does
    assertThat(secrets(named).secret("erp")).isEqualTo("handed over");
    assertThat(
            secrets(
                    Map.of(
                        LocalSecrets.FOLDER, given.toString(), "ECLUSE_SECRET_ERP", "a variable's"))
                .secret("erp"))
        .isEqualTo("a variable's");
    assertThat(secrets(Map.of()).secret("erp")).isEqualTo("of the project");
  }

  @Test
  void aFileOfTheProjectThatOthersMayReadIsNotUsed() throws IOException {
    write(project.resolve(".ecluse/secrets/erp"), "open", "rw-r--r--");
    assertThatThrownBy(() -> secrets(Map.of()).secret("erp"))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining("open ");
  }

  @Test
  void linksAreFollowedAsKubernetesMakesThem() throws IOException {
    write(given.resolve("..data/erp"), "linked", "r--r-----");
    Files.createSymbolicLink(given.resolve("erp"), Path.of("..data/erp"));
    assertThat(secrets(Map.of(LocalSecrets.FOLDER, given.toString())).secret("erp"))
        .isEqualTo("linked");
  }
}
