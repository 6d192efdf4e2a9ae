package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The chart, and copies of it with mistakes, rendered by Helm's own library (the jar that brings it
 * to Java) in one process of its own.
 */
final class HelmCharts {
  static final Path CHART = Program.repository().resolve("deploy/helm/ecluse");
  private static final Path JARS = Tools.TARGET.resolve("servers").resolve("helm");

  private final Path folder;
  private final List<String> wanted = new ArrayList<>();

  HelmCharts(Path folder) {
    this.folder = folder;
  }

  /** The values of an example. */
  static String example(String name) throws IOException {
    return Files.readString(CHART.resolve("examples").resolve(name + ".yaml"));
  }

  /** Wants the chart rendered with values. */
  void want(String name, String namespace, String values) throws IOException {
    want(name, namespace, values, CHART);
  }

  /** Wants it rendered with something replaced in one of its files. */
  void want(String name, String namespace, String values, Mistake mistake) throws IOException {
    Path copy = folder.resolve(name + "-chart");
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(CHART.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Path file = copy.resolve(mistake.file());
    String text = Files.readString(file);
    assertThat(text).as(name).contains(mistake.right());
    Files.writeString(file, text.replace(mistake.right(), mistake.wrong()));
    want(name, namespace, values, copy);
  }

  private void want(String name, String namespace, String values, Path chart) throws IOException {
    Path file = Files.writeString(folder.resolve(name + "-values.yaml"), values);
    wanted.add(
        Stream.of(folder.resolve(name + ".yaml"), chart, "school", namespace, file)
            .map(String::valueOf)
            .collect(Collectors.joining("\t")));
  }

  /** A mistake in a file of the chart: what is right, and what stands there instead. */
  record Mistake(String file, String right, String wrong) {}

  /** Renders all that is wanted. */
  void render() throws IOException {
    if (!Files.isDirectory(JARS)) {
      Tools.skip("The chart is not rendered", "Maven has not brought Helm to " + JARS);
    }
    if (!System.getProperty("os.arch").equals("amd64")) {
      Tools.skip("The chart is not rendered", "Helm is here for x86-64 alone");
    }
    Path list = Files.write(folder.resolve("wanted.txt"), wanted);
    Tools.Ended ended =
        Tools.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                JARS + "/*",
                Path.of("src", "test", "helm", "Render.java").toAbsolutePath().toString(),
                list.toString()),
            Map.of("HOME", folder.toString(), "KUBECONFIG", "/dev/null"));
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  Path file(String name) {
    return folder.resolve(name + ".yaml");
  }

  /** What was rendered. */
  Manifests manifests(String name) throws IOException {
    if (!Files.exists(file(name))) {
      throw new AssertionError(name + " was refused: " + refusal(name));
    }
    return Manifests.of(Files.readString(file(name)));
  }

  /** Why it was not. */
  String refusal(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".yaml.refused"));
  }
}
