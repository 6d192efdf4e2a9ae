package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every command of the README and of docs/, in order, in one empty folder: those of the
 * command line's page beside a server of the project, by which people mostly have them done.
 */
@Timeout(600)
class DocumentationIT {
  private static final Path ROOT = Program.repository();
  private static final String SERVED = "cli.md";

  @TempDir Path folder;
  private final Set<String> done = new LinkedHashSet<>();
  private final Map<String, String> failed = new LinkedHashMap<>();

  @Test
  void everyCommandOfTheDocumentationWorks() throws IOException {
    for (String part : List.of("ecluse", "docs", "platform")) {
      Files.createSymbolicLink(folder.resolve(part), ROOT.resolve(part));
    }
    for (Path file : documentation()) {
      if (file.endsWith(SERVED)) {
        try (Program server = Program.start(folder, "server", "--dir", "demo", "--port", "0")) {
          server.awaitOutput("Ctrl-C ends it.");
          runAll(file);
        }
      } else {
        runAll(file);
      }
    }
    assertThat(failed).isEmpty();
  }

  private void runAll(Path file) throws IOException {
    for (String command : commands(file)) {
      if (!done.add(command) || command.startsWith("./mvnw")) {
        continue;
      }
      if (command.equals("./ecluse demo")) {
        serveAndStop(command);
      } else {
        Program program = Program.startCommand(folder, List.of("sh", "-c", command));
        if (program.exitCode() != 0) {
          failed.put(command, program.output());
        }
      }
    }
  }

  private void serveAndStop(String command) {
    Program.startCommand(folder, List.of("sh", "-c", command + " --once --scale 0.1")).exitCode();
    try (Program demo =
        Program.startCommand(folder, List.of("sh", "-c", "exec " + command + " --port 0"))) {
      demo.awaitOutput("Ctrl-C ends it.");
    }
  }

  @Test
  void bothReadmesHaveTheSameCommands() throws IOException {
    assertThat(commands(ROOT.resolve("LISEZMOI.md")))
        .isEqualTo(commands(ROOT.resolve("README.md")));
  }

  @Test
  void continuousIntegrationRunsTheTestCommandOfTheReadme() throws IOException {
    String test =
        commands(ROOT.resolve("README.md")).stream()
            .filter(c -> c.startsWith("./mvnw"))
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(ROOT.resolve(".ci/run")).strip())
        .endsWith(test.replace("./mvnw ", "./mvnw --batch-mode --no-transfer-progress "));
  }

  private static List<Path> documentation() throws IOException {
    Path docs = ROOT.resolve("docs");
    try (Stream<Path> files = Files.list(docs);
        Stream<Path> deploy = Files.list(docs.resolve("deploy"))) {
      return Stream.of(Stream.of(ROOT.resolve("README.md")), files.sorted(), deploy.sorted())
          .flatMap(f -> f)
          .filter(f -> f.toString().endsWith(".md"))
          .toList();
    }
  }

  /** The lines of the sh blocks of a file. */
  private static List<String> commands(Path file) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("```")) {
        inside = line.equals("```sh");
      } else if (inside && !line.isBlank() && !line.startsWith("#")) {
        commands.add(line);
      }
    }
    return commands;
  }
}
