package io.ecluse.cli;

import io.ecluse.access.Policy;
import io.ecluse.error.DatabaseLost;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs commands, for whichever shell they were typed in. */
final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  private Commands() {}

  /** Runs one command in the shell of this process and returns the exit code. */
  static int run(String... arguments) {
    return run(
        new OwnShell(Policy.OPEN),
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  /** Runs one command and returns the exit code. */
  static int run(Shell shell, PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(new EcluseCommand(shell));
    line.setOut(out);
    line.setErr(err);
    line.setExecutionExceptionHandler(Commands::failed);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(arguments);
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    Optional<EcluseException> lost = DatabaseLost.in(e).or(() -> DiskFull.in(e));
    if (lost.isPresent() || e instanceof EcluseException) {
      EcluseException known = lost.orElseGet(() -> (EcluseException) e);
      String where =
          known
              .position()
              .map(p -> "line " + p.line() + ", column " + p.column() + ": ")
              .orElse("");
      line.getErr().println("error: " + where + known.getMessage());
      return Main.exitCode(known.code());
    }
    LOG.error("Unexpected", e);
    line.getErr().println("error: unexpected: " + e);
    return Main.FAILED;
  }
}
