package io.ecluse.cli;

import io.ecluse.project.DagExpander;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = "Builds models, tests them, and publishes them if all tests hold.")
final class BuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(
      paramLabel = "SELECTOR",
      arity = "0..1",
      description = "marts.students, marts.*, +marts.students, marts.students+ (default: all)")
  private String selector = "*";

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "a parameter of the run, instead of its default; may come several times")
  private Map<String, String> params = new LinkedHashMap<>();

  @Override
  public Integer call() {
    try (ProjectOptions.Running running = options.openToRun()) {
      return RunStart.run(
          running,
          new DagExpander(running.platform().project().get()).build(selector),
          params,
          options.isJson(),
          spec.commandLine());
    }
  }
}
