package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
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
    return new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
        .read(supinfo())
        .orThrow();
  }

  /**
   * Without settings there is no project; any other file with errors stops itself only: the rest
   * expands, and builds what it can.
   */
  static void assertStopsOnlyItself(ProjectReading reading) {
    boolean settings = reading.errors().stream().anyMatch(p -> p.file().equals("ecluse.yaml"));
    assertThat(reading.project().isPresent()).isEqualTo(!settings);
    reading
        .project()
        .ifPresent(
            project -> {
              DagExpander expander = new DagExpander(project);
              project.dags().values().forEach(expander::expand);
              assertThat(expander.build("*").id()).isEqualTo("adhoc.build");
              for (BrokenFile.Kind kind : BrokenFile.Kind.values()) {
                for (BrokenFile broken : project.broken().of(kind).values()) {
                  assertThat(broken.problems())
                      .as(broken.path())
                      .isNotEmpty()
                      .isSubsetOf(reading.errors());
                }
              }
            });
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
