package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.query.EngineParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The example project of the tests, and golden files. */
final class Fixtures {
  static final Path RESOURCES = Path.of("src/test/resources/io/ecluse/project");

  private Fixtures() {}

  static Path supinfo() {
    return RESOURCES.resolve("supinfo");
  }

  static Project project() {
    return new ProjectReader(new EngineParser()).read(supinfo()).orThrow();
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  /** Compares with the file, or writes it when asked to with {@code -Decluse.golden=write}. */
  static void assertGolden(Path file, String actual) throws IOException {
    if ("write".equals(System.getProperty("ecluse.golden"))) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, actual);
    }
    assertThat(actual)
        .as("rewrite with -Decluse.golden=write: %s", file)
        .isEqualTo(Files.readString(file));
  }
}
