package io.ecluse.cli;

import io.ecluse.project.DagExpander;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description =
        "Brings the newest batches of a source from staging into the warehouse, and publishes all its tables at once.")
final class LoadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "name of a file in sources/, without .yaml")
  private String source = "";

  @Parameters(index = "1..*", paramLabel = "STREAM", description = "which streams (default: all)")
  private List<String> streams = new ArrayList<>();

  @Override
  public Integer call() {
    try (ProjectOptions.Running running = options.openToRun()) {
      return RunStart.run(
          running,
          new DagExpander(running.platform().project().get()).load(source, streams),
          Map.of(),
          options.isJson(),
          spec.commandLine());
    }
  }
}
