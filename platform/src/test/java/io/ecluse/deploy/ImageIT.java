package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The images are made, and do their work with nothing but what is in them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class ImageIT {
  private static final long MOST_BYTES = 350_000_000;
  private static final int USER = 10001;

  @TempDir Path folder;
  private Images images;
  private Images.Image image;

  @BeforeAll
  void build() throws IOException {
    images = Images.built();
    image = images.image("ecluse");
  }

  @Test
  void theServersImageKeepsTheRules() throws IOException {
    assertThat(ImageRules.mistakesOfServer(image.config())).isEmpty();
    assertThat(ImageRules.mistakes(image.root(), USER, Set.of("/project", "/backups"))).isEmpty();
    assertThat(ImageRules.bytes(image.root())).isLessThan(MOST_BYTES);
    assertThat(image.words("Cmd")).containsExactly("server");
  }

  @Test
  void theImageOfClustersKeepsTheRules() throws IOException {
    Images.Image spark = images.image("ecluse-spark");
    assertThat(ImageRules.mistakes(spark.config())).isEmpty();
    assertThat(spark.config().path("User").asString()).isEqualTo("185:0");
    Path ours = spark.root().resolve("opt/ecluse");
    try (Stream<Path> files = Files.list(ours)) {
      assertThat(files.map(f -> f.getFileName().toString().replaceAll("[-_][0-9].*\\.jar", ".jar")))
          .containsExactlyInAnyOrder(
              "ecluse-spark.jar", "iceberg-spark-runtime.jar", "ecluse-spark.cdx.json", "LICENSE");
    }
    assertThat(ImageRules.mistakes(ours, 0, Set.of())).isEmpty();
  }

  @Test
  void theBillsOfMaterialsNameWhatIsThere() throws IOException {
    Path bills = image.root().resolve("usr/share/sbom");
    List<String> named =
        Stream.of("ecluse-platform", "store", "system")
            .flatMap(bill -> parts(bills.resolve(bill + ".cdx.json")))
            .toList();
    for (String folder : List.of("opt/ecluse/lib", "opt/store/lib")) {
      try (Stream<Path> files = Files.list(image.root().resolve(folder))) {
        assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".jar")))
            .allMatch(jar -> named.stream().anyMatch(jar::startsWith));
      }
    }
    assertThat(named)
        .anyMatch(part -> part.startsWith("libc6-2."))
        .anyMatch(part -> part.startsWith("OpenJDK-17"));
    assertThat(image.root().resolve("usr/share/doc/libc6/copyright")).exists();
  }

  private static Stream<String> parts(Path bill) {
    JsonNode all = JsonMapper.shared().readTree(bill.toFile());
    assertThat(all.path("bomFormat").asString()).isEqualTo("CycloneDX");
    return all.path("components")
        .valueStream()
        .map(c -> c.path("name").asString() + "-" + c.path("version").asString());
  }

  /** What the same input makes is the same to the last byte. */
  @Test
  void builtAgainTheLayersAreTheSame() {
    images.make("again", "ecluse").orFail();
    assertThat(images.open("ecluse", "again").layers())
        .isEqualTo(image.layers())
        .contains("sha256:");
  }

  @Test
  void theDemoRunsInItAndTheServerServesUntilItIsToldToEnd() throws Exception {
    String port = port();
    Container.Setup setup =
        image
            .setup(volume("demo"))
            .with("ECLUSE_PORT", port)
            .with("ECLUSE_HEALTH_PORT", port())
            .with("ECLUSE_URL", "") // as in a file that leaves it open
            .with("ECLUSE_PROXY", "");
    try (Container demo =
        Container.start(setup, program("demo", "--dir", ".", "--once", "--scale", "0.02"))) {
      assertThat(demo.orFail()).contains("success");
    }
    try (Container server = Container.start(setup, program(image.words("Cmd")))) {
      server.awaitOutput("Ctrl-C ends it.");
      assertThat(get(setup, "ECLUSE_PORT", "/health/ready")).isEqualTo(200);
      assertThat(get(setup, "ECLUSE_PORT", "/")).isEqualTo(200);
      assertThat(server.exec(setup, health()).orFail()).contains("answers 200");
      assertThat(server.exec(setup.with("ECLUSE_HEALTH_PORT", port()), health()).status())
          .isEqualTo(1);
      assertThat(ecluse(server, setup, "query", "select count(*) as n from marts.students"))
          .contains("200");
      assertThat(ecluse(server, setup, "sign-in")).contains("http://127.0.0.1:" + port);
      assertThat(ecluse(server, setup, "backup", "/tmp/backups", "--keep", "14"))
          .contains("Backed up");
      assertThat(ecluse(server, setup, "restore", "/tmp/backups", "--dir", "/tmp/restored"))
          .contains("Restored");

      assertThat(server.stop()).isIn(0, 143);
      assertThat(server.output()).doesNotContain("ERROR");
    }
    assertThat(setup.volume().resolve(".ecluse/postgres/server.log"))
        .content()
        .contains("database system is shut down");
  }

  private static String ecluse(Container server, Container.Setup setup, String... words) {
    String[] command =
        Stream.concat(Stream.of("/usr/bin/ecluse"), Stream.of(words)).toArray(String[]::new);
    return server.exec(setup, command).orFail();
  }

  private String[] health() {
    return image
        .config()
        .path("Healthcheck")
        .path("Test")
        .valueStream()
        .skip(1)
        .map(JsonNode::asString)
        .toArray(String[]::new);
  }

  /**
   * The services of the compose file that are ours: the ERP is filled, and a worker works, without
   * a shell, with secrets of files; what is missing is where PostgreSQL is.
   */
  @Test
  void aWorkerRunsWithoutAShellAndWithSecretsOfFiles() throws Exception {
    Path secrets = Files.createDirectory(folder.resolve("secrets"));
    String database = Servers.newDatabase();
    String erp = Servers.newDatabase();
    for (String name : List.of("metadata", "erp_admin")) {
      Files.writeString(secrets.resolve(name), Servers.server().password());
    }
    Files.writeString(secrets.resolve("erp_password"), "of-the-reader");
    Map<String, String> variables = new LinkedHashMap<>(ComposeTest.variables());
    variables.put("ECLUSE_DEMO_SCALE", "0.01");
    Compose compose = Compose.of(ComposeTest.text(), variables);
    Container.Setup setup =
        image
            .setup(volume("worker"))
            .withSecrets(secrets)
            .without("/usr/bin/dash")
            .with("ECLUSE_HEALTH_PORT", port())
            .with("ECLUSE_DATABASE_URL", place("metadata", database));
    List<String> fill =
        Compose.words(compose.service("erp-data"), "command").stream()
            .map(word -> word.startsWith("postgresql:") ? place("erp_admin", erp) : word)
            .toList();
    try (Container data = Container.start(setup, program(fill))) {
      assertThat(data.orFail()).contains("29 files written");
    }
    List<String> words = Compose.words(compose.service("worker"), "command");
    try (Container worker = Container.start(setup, program(words))) {
      worker.awaitOutput("without a web door");
      assertThat(get(setup, "ECLUSE_HEALTH_PORT", "/health/live")).isEqualTo(200);
      assertThat(get(setup, "ECLUSE_HEALTH_PORT", "/health/ready")).isEqualTo(200);
      assertThat(get(setup, "ECLUSE_HEALTH_PORT", "/api/v1/home")).isEqualTo(404);
      assertThat(worker.stop()).isIn(0, 143);
    }
  }

  private static String place(String secret, String database) {
    return "postgresql://%s:${secret:%s}@127.0.0.1:%d/%s"
        .formatted(Servers.server().user(), secret, Servers.server().port(), database);
  }

  @Test
  void theStoreOfComposeKeepsObjectsForWhoHasTheKey() throws Exception {
    Compose compose = Compose.of(ComposeTest.text(), ComposeTest.variables());
    Map<String, Object> service = compose.service("store");
    String port = port();
    Path secrets = Files.createDirectory(folder.resolve("keys"));
    Files.writeString(
        secrets.resolve("store.properties"),
        "s3proxy.endpoint=http://127.0.0.1:%s\ns3proxy.identity=key\ns3proxy.credential=secret-of-it\njclouds.filesystem.basedir=/project\n"
            .formatted(port));
    Path volume = volume("store");
    Files.createDirectory(volume.resolve("ecluse"));
    Files.setAttribute(volume.resolve("ecluse"), "unix:uid", USER);
    Container.Setup setup = image.setup(volume).withSecrets(secrets);
    List<String> words =
        Stream.concat(
                Compose.words(service, "entrypoint").stream(),
                Compose.words(service, "command").stream())
            .toList();
    try (Container store = Container.start(setup, words)) {
      StoreCheck.keeps(Integer.parseInt(port), "key", "secret-of-it", store);
    }
  }

  private Path volume(String name) throws IOException {
    Path volume = Files.createDirectory(folder.resolve(name));
    Files.setAttribute(volume, "unix:uid", USER);
    Files.setAttribute(volume, "unix:gid", USER);
    return volume;
  }

  private List<String> program(String... words) {
    return program(List.of(words));
  }

  private List<String> program(List<String> words) {
    return Stream.concat(image.words("Entrypoint").stream(), words.stream()).toList();
  }

  private static String port() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return String.valueOf(socket.getLocalPort());
    }
  }

  private static int get(Container.Setup setup, String port, String path)
      throws IOException, InterruptedException {
    URI place = URI.create("http://127.0.0.1:" + setup.environment().get(port) + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(place).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
