package io.ecluse.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What all commands take that run models of a project. */
abstract class RunningCommand extends ProjectCommand {
  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "a parameter of the run, instead of its default; may come several times")
  private Map<String, String> params = new LinkedHashMap<>();

  @Override
  Map<String, String> params() {
    return params;
  }
}
