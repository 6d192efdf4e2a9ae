package io.ecluse.cli;

import io.ecluse.project.DagExpander;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = "Runs the tests of models on what is published.")
final class TestCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Parameters(
      paramLabel = "SELECTOR",
      arity = "0..1",
      description = "marts.students, marts.*, +marts.students, marts.students+ (default: all)")
  private String selector = "*";

  @Override
  public Integer call() {
    return options.run(project -> new DagExpander(project).test(selector));
  }
}
