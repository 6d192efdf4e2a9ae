package io.ecluse.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What can be taken elsewhere. */
@Command(
    name = "move",
    mixinStandardHelpOptions = true,
    description = "Takes what the platform keeps to another place.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {MoveWarehouseCommand.class, MoveStagingCommand.class})
final class MoveCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "move warehouse, or move staging?");
  }
}
