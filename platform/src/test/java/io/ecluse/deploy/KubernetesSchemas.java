package io.ecluse.deploy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipFile;
import tools.jackson.databind.json.JsonMapper;

/**
 * Objects held against the schemas of Kubernetes, strictly, which a Python package brings, since
 * their usual place is a repository of files. Where there is no Python or no registry, the tests
 * say so and end.
 */
final class KubernetesSchemas {
  private static final Path LIST = Path.of("src", "test", "helm", "schemas.txt");
  private static final String VERSION = "1.34.0";
  private static final String WHAT = "The chart is not held against Kubernetes' schemas";
  private static final Path HOME = Tools.TARGET.resolve("kubernetes-schemas");

  /** What the chart makes; another kind is an error, not skipped. */
  private static final List<String> KINDS =
      List.of(
          "configmap-v1",
          "cronjob-batch-v1",
          "deployment-apps-v1",
          "ingress-networking-v1",
          "namespace-v1",
          "networkpolicy-networking-v1",
          "persistentvolumeclaim-v1",
          "poddisruptionbudget-policy-v1",
          "role-rbac-v1",
          "rolebinding-rbac-v1",
          "service-v1",
          "serviceaccount-v1");

  private final Map<String, Schema> schemas = new HashMap<>();

  private KubernetesSchemas() throws IOException {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);
    for (String kind : KINDS) {
      String text = Files.readString(HOME.resolve(kind + ".json"));
      schemas.put(kind, registry.getSchema(text, InputFormat.JSON));
    }
  }

  /** Fetches them, once. */
  static KubernetesSchemas fetched() throws IOException {
    if (!Files.exists(HOME.resolve(KINDS.get(KINDS.size() - 1) + ".json"))) {
      Tools.orSkip(
          WHAT,
          List.of(
              "python3",
              "-m",
              "pip",
              "download",
              "-q",
              "--no-deps",
              "--only-binary=:all:",
              "-d",
              HOME.toString(),
              "-r",
              LIST.toAbsolutePath().toString()),
          Map.of());
      unpack(HOME.resolve("kubernetes_validate-1.37.0-py3-none-any.whl"), HOME);
    }
    return new KubernetesSchemas();
  }

  /** Each schema is made whole: what it refers to comes with it. */
  private static void unpack(Path wheel, Path to) throws IOException {
    String from = "kubernetes_validate/kubernetes-json-schema/v%s-local-strict/".formatted(VERSION);
    Files.createDirectories(to);
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      String definitions = text(zip, from + "_definitions.json").strip();
      String inside = definitions.substring(1, definitions.length() - 1);
      for (String kind : KINDS) {
        String schema =
            text(zip, from + kind + ".json").strip().replace("\"/api/_definitions.json#", "\"#");
        Files.writeString(
            to.resolve(kind + ".json"),
            schema.substring(0, schema.length() - 1) + "," + inside + "}");
      }
    }
    Files.delete(wheel);
  }

  private static String text(ZipFile zip, String name) throws IOException {
    return new String(
        zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What is wrong with each object. */
  List<String> mistakes(Manifests manifests) {
    return manifests.objects().stream().flatMap(o -> mistakes(o).stream()).toList();
  }

  private List<String> mistakes(Manifests.Node object) {
    String group = object.at("apiVersion").text().replaceFirst("[./].*/", "-").replace('/', '-');
    String kind = object.at("kind").text().toLowerCase(Locale.ROOT) + "-" + group;
    Schema schema = schemas.get(kind);
    return schema == null
        ? List.of("no schema for " + kind)
        : schema
            .validate(JsonMapper.shared().writeValueAsString(object.value()), InputFormat.JSON)
            .stream()
            .map(mistake -> kind + ": " + mistake)
            .toList();
  }
}
