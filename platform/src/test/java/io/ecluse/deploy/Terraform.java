package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.PythonEnvironment;
import io.ecluse.PythonEnvironment.Ended;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Terraform, or OpenTofu, with Amazon's provider from a folder of this machine: nothing is asked of
 * a registry. Works on copies of deploy/aws, and leaves nothing in the checkout.
 */
final class Terraform {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();
  private static final String PROVIDER = "registry.terraform.io/hashicorp/aws";

  private final Path program;
  private final Path configuration;

  private Terraform(Path program, Path configuration) {
    this.program = program;
    this.configuration = configuration;
  }

  /** What there is on this machine; where program or provider lacks, the tests say so and end. */
  static Terraform findOrSkip(Path temp) throws IOException {
    Optional<Path> program = onPath("terraform").or(() -> onPath("tofu"));
    Optional<Path> plugins = plugins();
    if (program.isEmpty() || plugins.isEmpty()) {
      System.err.printf(
          "SKIPPED: deploy/aws is not tried: terraform or tofu is %s, a folder with %s is %s (ECLUSE_TERRAFORM_PLUGINS names one)%n",
          program.isPresent() ? "there" : "not there",
          PROVIDER,
          plugins.isPresent() ? "there" : "not there");
    }
    Assumptions.assumeTrue(
        program.isPresent() && plugins.isPresent(), "No Terraform, or no provider for it");
    Path configuration = temp.resolve("terraform.rc");
    Files.writeString(
        configuration,
        "provider_installation {\n  filesystem_mirror {\n    path = \"%s\"\n  }\n}\n"
            .formatted(plugins.orElseThrow()));
    return new Terraform(program.orElseThrow(), configuration);
  }

  private static Optional<Path> onPath(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> plugins() {
    return Stream.of(
            System.getenv().getOrDefault("ECLUSE_TERRAFORM_PLUGINS", "/opt/tf-plugins"),
            System.getProperty("user.home") + "/.terraform.d/plugins",
            "/usr/local/share/terraform/plugins",
            "/usr/share/terraform/plugins")
        .map(Path::of)
        .filter(folder -> Files.isDirectory(folder.resolve(PROVIDER)))
        .findFirst();
  }

  /** A copy of deploy/, in which a test may change what it likes; returns the folder of aws. */
  static Path copy(Path into) throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = DEPLOY.relativize(file).toString();
        if ((name.startsWith("aws/") || name.startsWith("compose/"))
            && !name.contains(".terraform")) {
          Path target = into.resolve(name);
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
    return into.resolve("aws");
  }

  /** Runs it in a folder; what it prints, and how it ended. */
  Ended run(Path folder, String... words) {
    List<String> command = new ArrayList<>(List.of(program.toString(), "-chdir=" + folder));
    command.addAll(List.of(words));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("TF_CLI_CONFIG_FILE", configuration.toString());
    environment.put("TF_IN_AUTOMATION", "1");
    environment.put("CHECKPOINT_DISABLE", "1");
    return PythonEnvironment.run(command, environment);
  }

  /** Runs it, and it must succeed. */
  List<String> done(Path folder, String... words) {
    Ended ended = run(folder, words);
    assertThat(ended.status()).as(String.join("\n", ended.lines())).isZero();
    return ended.lines();
  }

  /** Makes a folder ready for all else. */
  void init(Path folder) {
    done(folder, "init", "-backend=false", "-input=false", "-no-color");
  }

  /** The states that runs of a file of tests end with, by run. */
  Map<String, JsonNode> states(Path folder, String file) {
    Ended ended = run(folder, "test", "-json", "-verbose", "-filter=tests/" + file);
    Map<String, JsonNode> states = new LinkedHashMap<>();
    List<String> said = new ArrayList<>();
    for (String line : ended.lines()) {
      if (line.startsWith("{")) {
        JsonNode told = JSON.readTree(line);
        if (told.has("test_state")) {
          states.put(told.path("@testrun").asString(), told.path("test_state"));
        } else if (!told.path("@level").asString().equals("info")) {
          said.add(line);
        }
      }
    }
    assertThat(ended.status()).as(String.join("\n", said)).isZero();
    return states;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts something in the place of a text that must be there. */
  static void replace(Path file, String text, String by) throws IOException {
    String before = read(file);
    assertThat(before).as(file.toString()).contains(text);
    Files.writeString(file, before.replace(text, by));
  }
}
