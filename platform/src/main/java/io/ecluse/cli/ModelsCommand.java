package io.ecluse.cli;

import io.ecluse.project.DagExpander;
import io.ecluse.schema.TableName;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a command that works on some of the models takes. */
abstract class ModelsCommand extends RunningCommand {
  @Parameters(
      paramLabel = "SELECTOR",
      arity = "0..1",
      description = "marts.students, marts.*, +marts.students, marts.students+ (default: all)")
  protected String selector = "*";

  @Command(
      name = "build",
      description = "Builds models, tests them, and publishes them if all tests hold.")
  static final class Build extends ModelsCommand {
    @Option(
        names = "--full",
        description = "build all, also those of which neither the file nor what they read changed")
    private boolean full;

    @Override
    public Integer call() {
      Set<TableName> skipped = new TreeSet<>();
      return run(
          (starts, project) -> {
            if (!full) {
              skipped.addAll(starts.unchanged(project, selector));
            }
            return new DagExpander(project).build(selector, skipped);
          },
          () -> skipped);
    }
  }

  @Command(name = "test", description = "Runs the tests of models on what is published.")
  static final class Test extends ModelsCommand {
    @Override
    public Integer call() {
      return run(project -> new DagExpander(project).test(selector));
    }
  }
}
