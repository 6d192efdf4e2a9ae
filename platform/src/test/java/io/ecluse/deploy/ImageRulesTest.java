package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The file that makes the images keeps the rules; and each rule notices who breaks it. */
class ImageRulesTest {
  private static final String GOOD =
      """
      {"User": "10001:10001", "Env": ["PATH=/usr/bin", "ECLUSE_SECRETS=/run/secrets"],
       "Healthcheck": {"Test": ["CMD", "/opt/ecluse/jre/bin/java"]}, "Entrypoint": ["/opt/ecluse/jre/bin/java"],
       "StopSignal": "SIGTERM", "Volumes": {"/project": {}}, "ExposedPorts": {"8080/tcp": {}}}
      """;

  @TempDir Path folder;

  @Test
  void theContainerfileKeepsTheRules() {
    assertThat(ImageRules.mistakesOfContainerfile(Deploy.text(Deploy.file("image/Containerfile"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "USER 10001:10001\\nWORKDIR | WORKDIR | the last stage ends as root",
        "FROM scratch AS ecluse\\n | FROM debian:12 AS ecluse\\n | debian:12 may be another tomorrow",
        "ARG BASE\\n | ARG BASE=debian:12\\n | a base that is chosen by nobody",
        "ENV PATH | ENV DATABASE_PASSWORD=x PATH | holds a secret",
        "CMD [\"server\"] | CMD exec server | needs a shell",
        "RUN [ | RUN curl https://example.org/x | fetches what nobody checks",
      })
  void theContainerfileIsFoundOut(String before, String after, String told) {
    String text = Deploy.text(Deploy.file("image/Containerfile"));
    String planted = text.replace(lines(before), lines(after));
    assertThat(planted).isNotEqualTo(text);
    assertThat(ImageRules.mistakesOfContainerfile(planted))
        .anyMatch(mistake -> mistake.contains(told));
  }

  private static String lines(String text) {
    return text.replace("\\n", "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10001:10001 | 0 | runs as '0'",
        "10001:10001 | root | runs as 'root'",
        "10001:10001 | '' | runs as ''",
        "PATH=/usr/bin | ERP_PASSWORD=x | holds a secret",
        "\"CMD\", \"/opt | \"CMD-SHELL\", \"/opt | has no health check",
        "Healthcheck | Health | has no health check",
        "\"Entrypoint\": [\"/opt/ecluse/jre/bin/java\"] | \"Entrypoint\": [\"/bin/sh\"] | is started by a shell",
        "SIGTERM | SIGKILL | is not ended by SIGTERM",
        "\"/project\": {} | \"/a\": {}, \"/b\": {} | has not one volume",
        "8080/tcp | 80/tcp | needs root",
      })
  void whatAnEngineIsToldIsFoundOut(String before, String after, String told) {
    assertThat(ImageRules.mistakesOfServer(config(GOOD))).isEmpty();
    assertThat(GOOD).contains(before);
    assertThat(ImageRules.mistakesOfServer(config(GOOD.replace(before, after))))
        .anyMatch(mistake -> mistake.contains(told));
  }

  private static JsonNode config(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void filesThatShouldNotBeThereAreFoundOut() throws IOException {
    int me = (int) Files.getAttribute(folder, "unix:uid");
    Deploy.skipUnless(me == 0, "owners of files are", "this is not root");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path bin = Files.createDirectories(folder.resolve("usr/bin"));
    Path project = Files.createDirectory(folder.resolve("project"));
    Files.setAttribute(project, "unix:uid", 10001);
    assertThat(mistakes()).isEmpty();

    assertThat(planted(bin.resolve("javac"), "rwxr-xr-x", 0)).contains("left of the build");
    assertThat(planted(bin.resolve("open"), "rw-rw-rw-", 0)).contains("written by everybody");
    assertThat(planted(bin.resolve("closed"), "rw-------", 0)).contains("cannot be read");
    assertThat(planted(bin.resolve("own"), "rw-r--r--", 10001)).contains("is of user 10001");
    Path lending = Files.createFile(bin.resolve("lending"));
    Files.setAttribute(lending, "unix:mode", 0104755);
    assertThat(mistakes()).singleElement().asString().contains("lends rights");
  }

  private String planted(Path file, String mode, int owner) throws IOException {
    Files.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    Files.setAttribute(file, "unix:uid", owner);
    List<String> found = mistakes();
    Files.delete(file);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private List<String> mistakes() throws IOException {
    return ImageRules.mistakes(folder, 10001, Set.of("/project"));
  }
}
