package io.ecluse.cli;

import io.ecluse.schema.TableName;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a command that works on some of the models takes. */
abstract class ModelsCommand implements Callable<Integer> {
  @Spec protected CommandSpec spec;
  @Mixin protected RunOptions options = new RunOptions();

  @Parameters(
      paramLabel = "SELECTOR",
      arity = "0..1",
      description = "marts.students, marts.*, +marts.students, marts.students+ (default: all)")
  protected String selector = "*";

  @Command(
      name = "build",
      mixinStandardHelpOptions = true,
      description = "Builds models, tests them, and publishes them if all tests hold.")
  static final class Build extends ModelsCommand {
    @Option(
        names = "--full",
        description = "build all, also those of which neither the file nor what they read changed")
    private boolean full;

    @Override
    public Integer call() {
      Set<TableName> skipped = new TreeSet<>();
      return options.run(
          (starts, project) -> {
            if (!full) {
              skipped.addAll(starts.unchanged(project, selector));
            }
            return options.expander(project).build(selector, skipped);
          },
          options.params(),
          () -> skipped,
          spec.commandLine());
    }
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = "Runs the tests of models on what is published.")
  static final class Test extends ModelsCommand {
    @Override
    public Integer call() {
      return options.run(
          project -> options.expander(project).test(selector),
          options.params(),
          spec.commandLine());
    }
  }
}
