package io.ecluse.deploy;

import io.ecluse.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images, built as people build them, by {@code deploy/image/build}, with buildah, whose store
 * is below target; their base is of this machine's packages instead of a registry's.
 */
final class Images {
  private static final Path STORE = Deploy.MADE.resolve("images");
  private static final Map<String, String> BUILDAH =
      Map.of(
          "CONTAINERS_STORAGE_CONF", STORE.resolve("storage.conf").toString(),
          "BUILDAH_ISOLATION", "chroot",
          "SOURCE_DATE_EPOCH", "1767225600");
  private static final String BASE = "localhost/ecluse-base:test";

  private static Images shared;

  private final Map<String, Image> images = new TreeMap<>();

  /**
   * An image, and where its files are.
   *
   * @param config what an engine is told of it
   */
  record Image(String name, JsonNode config, Path root, String layers) {
    /** How an engine runs it without being told more. */
    Container.Setup setup(Path volume) {
      Map<String, String> environment = new TreeMap<>();
      for (JsonNode each : config.path("Env")) {
        String[] parts = each.asString().split("=", 2);
        environment.put(parts[0], parts[1]);
      }
      String user = config.path("User").asString().split(":")[0];
      String place = config.path("WorkingDir").asString();
      return new Container.Setup(root, volume, "-", user, place, environment, "");
    }

    List<String> words(String key) {
      return config.path(key).valueStream().map(JsonNode::asString).toList();
    }
  }

  private Images() {}

  /** Those of this checkout, built once for all tests of a JVM. */
  static synchronized Images built() throws IOException {
    String what = "images are";
    boolean root = "root".equals(System.getProperty("user.name"));
    Deploy.skipUnless(root, what, "this is not root");
    Deploy.need(what, "buildah", "jlink", "dpkg-query", "unshare", "nsenter", "setpriv");
    Deploy.skipUnless(
        Files.exists(Path.of("target/ecluse-platform.jar"))
            && Files.exists(Path.of("../spark/target/ecluse-spark.cdx.json")),
        what,
        "the product is not packaged: ./mvnw -pl ui,spark,platform -DskipTests package");
    if (shared == null) {
      Images images = new Images();
      images.build();
      shared = images;
    }
    return shared;
  }

  Image image(String name) {
    return images.get(name);
  }

  private void build() throws IOException {
    Files.createDirectories(STORE);
    Files.writeString(
        STORE.resolve("storage.conf"),
        "[storage]\ndriver = \"vfs\"\nrunroot = \"%s\"\ngraphroot = \"%s\"\n"
            .formatted(STORE.resolve("run"), STORE.resolve("graph")));
    Path mark = STORE.resolve("built.txt");
    String wanted = fingerprint();
    if (!Files.exists(mark) || !Files.readString(mark).equals(wanted)) {
      Files.deleteIfExists(mark);
      buildah("rm", "--all");
      buildah("rmi", "--all", "--force");
      base();
      make("test", "ecluse", "ecluse-spark").orFail();
      Files.writeString(mark, wanted);
    }
    for (String name : List.of("ecluse", "ecluse-spark")) {
      images.put(name, open(name, "test"));
    }
  }

  /** Builds with the command that people have. */
  Deploy.Ended make(String tag, String... targets) {
    String words =
        "exec deploy/image/build --engine buildah --base %s --spark-base %s --tag %s %s"
            .formatted(BASE, BASE, tag, String.join(" ", targets));
    return Deploy.run(BUILDAH, Deploy.ROOT, List.of("sh", "-c", words));
  }

  /** Makes a file system known to buildah, without a copy in between. */
  private static void base() {
    String made =
        """
        set -eu
        container=$(buildah from --name ecluse-base scratch)
        deploy/image/base --here "$(buildah mount "$container")"
        buildah commit --quiet "$container" %s
        buildah rm "$container" >/dev/null
        """
            .formatted(BASE);
    Deploy.run(BUILDAH, Deploy.ROOT, List.of("sh", "-c", made)).orFail();
  }

  /** An image with its files, which a container that nobody starts has. */
  Image open(String name, String tag) {
    String image = "localhost/" + name + ":" + tag;
    String container = "look-at-" + name + "-" + tag;
    buildah("rm", container);
    buildah("from", "--name", container, image).orFail();
    Path root = Path.of(buildah("mount", container).orFail().strip());
    JsonNode all =
        JsonMapper.shared().readTree(buildah("inspect", "--type", "image", image).orFail());
    return new Image(
        name, all.path("Docker").path("config"), root, all.path("OCIv1").path("rootfs").toString());
  }

  static Deploy.Ended buildah(String... words) {
    List<String> command = Stream.concat(Stream.of("buildah"), Stream.of(words)).toList();
    return Deploy.run(BUILDAH, Deploy.ROOT, command);
  }

  /** Of all that goes into the images. */
  private static String fingerprint() throws IOException {
    List<Path> inputs =
        List.of(
            Deploy.file("image"),
            Deploy.ROOT.resolve("ecluse"),
            Path.of("target/ecluse-platform.jar"),
            Path.of("target/lib"),
            Path.of("target/servers/s3"),
            Path.of("../spark/target/ecluse-spark.cdx.json"),
            Path.of("../spark/target/lib"));
    StringBuilder all = new StringBuilder();
    for (Path input : inputs) {
      try (Stream<Path> files = Files.walk(input)) {
        all.append(
            files
                .filter(Files::isRegularFile)
                .sorted()
                .map(Images::state)
                .collect(Collectors.joining("\n")));
      }
    }
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String state(Path file) {
    try {
      return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
