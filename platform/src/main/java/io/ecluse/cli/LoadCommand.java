package io.ecluse.cli;

import io.ecluse.project.DagExpander;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description =
        "Brings the newest batches of a source from staging into the warehouse, and publishes all its tables at once.")
final class LoadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();
  @Mixin private StreamWords words = new StreamWords();

  @Override
  public Integer call() {
    return options.run(
        project -> new DagExpander(project).load(words.source(), words.streams()),
        Map.of(),
        spec.commandLine());
  }
}
