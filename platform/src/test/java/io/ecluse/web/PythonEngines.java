package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Engines of others that are Python packages, in an environment of their own below target. */
final class PythonEngines {
  private final PythonEnvironment python;
  private final Path temp;
  private final Map<String, String> environment;

  private PythonEngines(PythonEnvironment python, Path temp, Map<String, String> environment) {
    this.python = python;
    this.temp = temp;
    this.environment = environment;
  }

  /** The same, with more in the environment. */
  PythonEngines with(Map<String, String> more) {
    return new PythonEngines(python, temp, more);
  }

  /** Installs them, once; where there is no Python, or no registry, the tests say so and end. */
  static PythonEngines install(Path temp) throws IOException {
    return new PythonEngines(
        PythonEnvironment.install("python", "requirements.txt", "engines of others are not tried"),
        temp,
        Map.of());
  }

  /** Has an engine do something, and returns the lines that it prints. */
  List<String> ask(String what, String url, String token, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(python.python().toString());
    command.add(PythonEnvironment.script("engines.py").toString());
    command.addAll(List.of(what, url, token));
    command.addAll(List.of(arguments));
    if (what.endsWith("duckdb")) {
      command.add(temp.resolve("extensions").toString());
    }
    PythonEnvironment.Ended ended = PythonEnvironment.run(command, environment);
    assertThat(ended.status()).as(String.join("\n", ended.lines())).isZero();
    return ended.lines();
  }
}
