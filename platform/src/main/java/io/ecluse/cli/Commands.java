package io.ecluse.cli;

import io.ecluse.access.Policy;
import io.ecluse.error.DatabaseLost;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs commands, for whichever shell they were typed in. */
final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  /** By their names, in the order in which they are told. */
  private static final Map<String, Class<?>> ALL = new LinkedHashMap<>();

  static {
    add("demo", DemoCommand.class);
    add("init", InitCommand.class);
    add("validate", ValidateCommand.class);
    add("source", SourceCommand.class);
    add("server", ServerCommand.class);
    add("run", RunCommand.class);
    add("extract", ExtractCommand.class);
    add("load", LoadCommand.class);
    add("build", ModelsCommand.Build.class);
    add("test", ModelsCommand.Test.class);
    add("query", QueryCommand.class);
    add("ls", LsCommand.class);
    add("show", ShowCommand.class);
    add("rollback", RollbackCommand.class);
    add("maintain", MaintainCommand.class);
    add("move", MoveCommand.class);
    add("backup", BackupCommand.class);
    add("restore", RestoreCommand.class);
    add("token", TokenCommand.class);
    add("sign-in", SignInCommand.class);
    add("secret", SecretCommand.class);
    add("spark-shell", SparkToolCommand.SparkShell.class);
    add("pyspark", SparkToolCommand.Python.class);
    add("spark-submit", SparkToolCommand.Submit.class);
    add("rehearse", RehearseCommand.class);
  }

  private Commands() {}

  private static void add(String name, Class<?> command) {
    ALL.put(name, command);
  }

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
    CommandLine line = commands(shell, arguments);
    line.setOut(out);
    line.setErr(err);
    line.setExecutionExceptionHandler(Commands::failed);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(arguments);
  }

  /**
   * The command that is meant, alone: to read the options of all takes longer than most do. All, if
   * none is.
   */
  static CommandLine commands(Shell shell, String... arguments) {
    CommandLine line = new CommandLine(new EcluseCommand(shell));
    Map<String, Class<?>> meant =
        arguments.length > 0 && ALL.containsKey(arguments[0])
            ? Map.of(arguments[0], ALL.get(arguments[0]))
            : ALL;
    meant.forEach(line::addSubcommand);
    line.getSubcommands().values().stream()
        .filter(c -> c.getCommand() instanceof SparkToolCommand.Submit)
        .forEach(c -> c.setStopAtUnmatched(true));
    return line;
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
