package io.ecluse.cli;

import io.ecluse.project.DagExpander;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "load",
    description =
        "Brings the newest batches of a source from staging into the warehouse, and publishes all its tables at once.")
final class LoadCommand extends ProjectCommand {
  @Mixin private StreamWords words = new StreamWords();

  @Override
  public Integer call() {
    return run(project -> new DagExpander(project).load(words.source(), words.streams()));
  }
}
