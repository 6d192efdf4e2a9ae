package io.ecluse.cli;

import io.ecluse.project.DagExpander;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = "Builds models, tests them, and publishes them if all tests hold.")
final class BuildCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Parameters(
      paramLabel = "SELECTOR",
      arity = "0..1",
      description = "marts.students, marts.*, +marts.students, marts.students+ (default: all)")
  private String selector = "*";

  @Override
  public Integer call() {
    return options.run(project -> new DagExpander(project).build(selector));
  }
}
