package io.ecluse.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with a source before anything is read from it. */
@Command(
    name = "source",
    mixinStandardHelpOptions = true,
    description = "Finds out what a source holds, and whether an extract of it will work.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SourceDiscoverCommand.class, SourceCheckCommand.class})
final class SourceCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "discover or check?");
  }
}
