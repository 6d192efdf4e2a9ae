package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people are told of a project that is wrong: {@code broken/NAME.case} is the example project
 * with some files replaced, then every problem that is reported.
 */
class BrokenProjectsTest {
  private static final String PROBLEMS = "--- problems\n";

  @TempDir Path folder;

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.RESOURCES.resolve("broken"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void reportsEveryProblemAtOnce(Path file) throws IOException {
    String text = Files.readString(file);
    String setup = text.substring(0, text.indexOf(PROBLEMS));
    Fixtures.copy(Fixtures.supinfo(), folder.resolve("project"));
    Path project = folder.resolve("project");
    apply(setup, project);

    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()).read(project);

    String problems =
        reading.problems().stream()
            .map(problem -> problem.toString().replace(project.toString(), "PROJECT") + "\n")
            .collect(Collectors.joining());
    Fixtures.assertGolden(file, setup + PROBLEMS + problems);
    assertThat(reading.problems()).isNotEmpty();
    Fixtures.assertStopsOnlyItself(reading);
  }

  private static void apply(String setup, Path project) throws IOException {
    for (String part : setup.split("(?m)^--- ", -1)) {
      int end = part.indexOf('\n');
      if (part.startsWith("delete ")) {
        Files.delete(project.resolve(part.substring(7, end)));
      } else if (part.startsWith("file ")) {
        Path file = project.resolve(part.substring(5, end));
        Files.createDirectories(file.getParent());
        Files.writeString(file, part.substring(end + 1));
      }
    }
  }
}
