package io.ecluse.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The very files of the demo project, which the platform ships. */
final class DemoModels {
  private static final Path PROJECT =
      Path.of("..", "platform", "src", "main", "resources", "templates", "supinfo");

  private DemoModels() {}

  /** One SELECT that makes one table. */
  record Model(String name, String sql) {}

  /** The models, each after those that it reads. */
  static List<Model> inOrder() {
    Map<String, String> left = files("models");
    List<Model> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      String next =
          left.keySet().stream()
              .filter(m -> left.keySet().stream().noneMatch(o -> reads(left.get(m), o)))
              .findFirst()
              .orElseThrow(() -> new AssertionError("The models go in a circle: " + left.keySet()));
      ordered.add(new Model(next, left.remove(next)));
    }
    return ordered;
  }

  /** The free-form audits, by name. */
  static Map<String, String> audits() {
    return files("tests");
  }

  private static boolean reads(String sql, String table) {
    return Pattern.compile("(?i)\\b(from|join)\\s+" + Pattern.quote(table) + "\\b")
        .matcher(sql)
        .find();
  }

  private static Map<String, String> files(String kind) {
    Path root = PROJECT.resolve(kind);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".sql")).toList()) {
        String name = root.relativize(path).toString().replace('/', '.').replaceAll("\\.sql$", "");
        files.put(name, Files.readString(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
