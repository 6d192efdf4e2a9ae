package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The compose file keeps the rules, with what {@code prepare} makes beside it. */
public class ComposeTest {
  static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

  @TempDir Path folder;

  /** The file's variables, as {@code prepare} writes them. */
  public static Map<String, String> variables() {
    return Map.of(
        "ECLUSE_IMAGE", "registry.example/ecluse" + DIGEST,
        "POSTGRES_IMAGE", "docker.io/library/postgres" + DIGEST,
        "CADDY_IMAGE", "docker.io/library/caddy" + DIGEST,
        "ECLUSE_DATABASE_URL", "postgresql://ecluse:${secret:metadata}@metadata:5432/ecluse");
  }

  public static String text() {
    return Deploy.text(Deploy.file("compose/compose.yaml"));
  }

  private static List<String> mistakes(String text) {
    return ComposeRules.mistakes(Compose.of(text, variables()));
  }

  @Test
  void theComposeFileKeepsTheRules() {
    assertThat(mistakes(text())).isEmpty();
    assertThat(Compose.of(text(), variables()).services())
        .containsOnlyKeys("server", "worker", "metadata", "erp", "erp-data", "store", "proxy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[\"127.0.0.1:${ECLUSE_PORT:-8080}: | [\"${ECLUSE_PORT:-8080}: | server is open to the network",
        "${ECLUSE_PROXY_BIND:-127.0.0.1}: | ${ECLUSE_PROXY_BIND:-0.0.0.0}: | proxy is open to the network",
        "user: \"10001:10001\" | user: root | server may run as root",
        "user: \"999:999\" | stdin_open: false | metadata may run as root",
        "read_only: true | read_only: false | worker may write its root",
        "cap_drop: [ALL] | cap_drop: [] | erp keeps capabilities",
        "no-new-privileges:true | label:disable | store may get more rights",
        "healthcheck: *health | attach: true | worker has no healthcheck",
        "healthcheck: &postgres-health | x-health: | erp has no healthcheck",
        "restart: unless-stopped | restart: always | server is not started again",
        "pids: 1024 | pids_: 1024 | server may take the whole machine",
        "TZ: ${TZ:-UTC} | ERP_PASSWORD: hunter2 | server holds a secret in its environment",
        "POSTGRES_PASSWORD_FILE: /run/secrets/metadata_admin | POSTGRES_PASSWORD: x | metadata holds a secret",
        "postgres:$${secret:erp_admin}@ | postgres:hunter2@ | erp-data holds a secret in a URL",
        "${POSTGRES_IMAGE:?./prepare writes it into .env, by its digest} | postgres:17 | erp may be another tomorrow",
        "file: \"${ECLUSE_SECRETS:-./secrets}/erp_admin\" | environment: ERP_ADMIN | secret erp_admin is not of a file",
      })
  void aMistakeIsFoundOut(String before, String after, String told) {
    assertThat(text()).contains(before);
    assertThat(mistakes(text().replace(before, after))).anyMatch(each -> each.startsWith(told));
  }

  @Test
  void aDatabaseUrlWithAPasswordIsFoundOut() {
    Map<String, String> open = new LinkedHashMap<>(variables());
    open.put("ECLUSE_DATABASE_URL", "postgresql://ecluse:hunter2@metadata:5432/ecluse");
    assertThat(ComposeRules.mistakes(Compose.of(text(), open)))
        .anyMatch(each -> each.startsWith("server holds a secret in a URL"));
  }

  @Test
  void withoutWhatPrepareMakesItSaysWhatIsMissing() {
    assertThatThrownBy(() -> Compose.of(text(), Map.of())).hasMessageContaining("./prepare");
  }

  @Test
  void volumesAreFoldersOfTheHostIfOneIsNamed() {
    assertThat(volumes(variables())).contains("project:/project", "backups:/backups");
    Map<String, String> named = new LinkedHashMap<>(variables());
    named.put("ECLUSE_DATA", "/srv/ecluse");
    assertThat(volumes(named)).contains("/srv/ecluse/project:/project");
  }

  private static List<String> volumes(Map<String, String> variables) {
    return Compose.words(Compose.of(text(), variables).service("server"), "volumes");
  }

  @Test
  void everyProfileAndEverySecretIsThere() throws IOException {
    prepare("registry.example/ecluse" + DIGEST, "metadata", "erp", "store", "proxy");
    Compose compose = Compose.of(text(), variables());
    List<String> profiles =
        compose.services().values().stream()
            .flatMap(s -> Compose.words(s, "profiles").stream())
            .distinct()
            .toList();
    assertThat(profiles).containsExactlyInAnyOrder("metadata", "erp", "store", "proxy");
    for (String secret : Compose.map(compose.content(), "secrets").keySet()) {
      assertThat(folder.resolve("secrets").resolve(secret)).isNotEmptyFile();
    }
    compose
        .services()
        .values()
        .forEach(
            service ->
                assertThat(Compose.map(compose.content(), "secrets").keySet())
                    .containsAll(Compose.words(service, "secrets")));
  }

  @Test
  void prepareMakesRandomSecretsAndKeepsThem() throws IOException {
    assertThat(prepare("registry.example/ecluse" + DIGEST, "metadata", "store")).contains("next:");
    Path secrets = folder.resolve("secrets");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
        .isEqualTo("rwx------");
    String env = Files.readString(folder.resolve(".env"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(".env"))))
        .isEqualTo("rw-------");
    assertThat(env)
        .contains("COMPOSE_PROFILES=metadata,store\n")
        .contains("'postgresql://ecluse:${secret:metadata}@metadata:5432/ecluse'");
    Map<String, String> before = all(secrets);
    assertThat(before.values()).doesNotHaveDuplicates().allMatch(secret -> secret.length() >= 15);
    assertThat(before.values()).noneMatch(env::contains);

    assertThat(prepare()).contains("stays as it is");
    assertThat(all(secrets)).isEqualTo(before);
    assertThat(folder.resolve(".env")).hasContent(env);
  }

  private static Map<String, String> all(Path secrets) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(secrets)) {
      for (Path file : files.sorted().toList()) {
        all.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return all;
  }

  private String prepare(String... words) throws IOException {
    Path script = folder.resolve("prepare");
    if (!Files.exists(script)) {
      Files.copy(Deploy.file("compose/prepare"), script);
    }
    List<String> command = Stream.concat(Stream.of("sh", "prepare"), Stream.of(words)).toList();
    return Deploy.run(
            Map.of(
                "POSTGRES_IMAGE", "docker.io/library/postgres" + DIGEST,
                "CADDY_IMAGE", "docker.io/library/caddy" + DIGEST),
            folder,
            command)
        .orFail();
  }
}
