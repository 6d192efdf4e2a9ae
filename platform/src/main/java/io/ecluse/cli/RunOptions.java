package io.ecluse.cli;

import io.ecluse.pipeline.Dag;
import io.ecluse.project.Project;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands take that run something of a project. */
final class RunOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ProjectOptions options = new ProjectOptions();

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "a parameter of the run, instead of its default; may come several times")
  private Map<String, String> params = new LinkedHashMap<>();

  /** Runs what the project has to, and returns the exit code. */
  int run(Function<Project, Dag> wanted) {
    return options.run(wanted, params, spec.commandLine());
  }
}
