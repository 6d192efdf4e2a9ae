package io.ecluse.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command without a verb: says what there is. */
@Command(
    name = "ecluse",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "From production systems to answered questions.",
    synopsisSubcommandLabel = "COMMAND")
final class EcluseCommand implements Runnable {
  private final Shell shell;

  @Spec private CommandSpec spec;

  /**
   * @param shell where the command was typed
   */
  EcluseCommand(Shell shell) {
    this.shell = shell;
  }

  Shell shell() {
    return shell;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }
}
