package io.ecluse.cli;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * The program {@code ecluse}. Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 something
 * outside is unreachable.
 */
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int UNREACHABLE = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and returns the exit code. */
  public static int run(String... arguments) {
    CommandLine line = new CommandLine(new EcluseCommand());
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler(Main::failed);
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
      return exitCode(known.code());
    }
    LOG.error("Unexpected", e);
    line.getErr().println("error: unexpected: " + e);
    return FAILED;
  }

  /** The one place where codes become exit codes. */
  static int exitCode(ErrorCode code) {
    return switch (code.kind()) {
      case USER ->
          switch (code) {
            case AUDIT_FAILED, CANCELLED, DATA_INVALID, CONFLICT, WAREHOUSE_MISMATCH -> FAILED;
            default -> WRONG_USAGE;
          };
      case EXTERNAL -> UNREACHABLE;
      case RESOURCES, INTERNAL -> FAILED;
    };
  }
}
