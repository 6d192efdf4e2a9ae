package io.ecluse.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;

/**
 * Objects held against the schemas of Kubernetes, strictly: kubeconform of Go's modules, with the
 * schemas that a Python package brings, since their usual place is a repository of files.
 */
final class Kubeconform {
  private static final String PROGRAM = "github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0";
  private static final Path SCHEMAS = Path.of("src", "test", "helm", "schemas.txt");
  private static final String VERSION = "1.34.0";
  private static final String WHAT = "The chart is not held against Kubernetes' schemas";
  private static final Path HOME = Tools.TARGET.resolve("kubeconform");

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

  private Kubeconform() {}

  /** Sets it up, once; where there is no Go, no Python or no registry, the tests say so and end. */
  static Kubeconform install() throws IOException {
    Path program = HOME.resolve("bin").resolve("kubeconform");
    if (!Files.exists(program)) {
      Tools.orSkip(
          WHAT,
          // without what makes programs quick, it is made more quickly
          List.of("nice", "go", "install", "-gcflags=all=-N -l", "-ldflags=-s -w", PROGRAM),
          Map.of("GOBIN", program.getParent().toString(), "GOFLAGS", "-mod=mod -buildvcs=false"));
    }
    Path schemas = HOME.resolve("schemas");
    if (!Files.exists(schemas.resolve("deployment-apps-v1.json"))) {
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
              SCHEMAS.toAbsolutePath().toString()),
          Map.of());
      unpack(HOME.resolve("kubernetes_validate-1.37.0-py3-none-any.whl"), schemas);
    }
    return new Kubeconform();
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

  /** Looks at files; what is wrong is in the output. */
  Tools.Ended check(List<Path> files) {
    List<String> command =
        new ArrayList<>(
            List.of(
                HOME.resolve("bin/kubeconform").toString(),
                "-strict",
                "-summary",
                "-schema-location",
                HOME.resolve("schemas") + "/{{.ResourceKind}}{{.KindSuffix}}.json"));
    files.forEach(f -> command.add(f.toString()));
    return Tools.run(command, Map.of());
  }
}
