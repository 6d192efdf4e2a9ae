package io.ecluse.cli;

import io.ecluse.error.ErrorCode;

/**
 * The program {@code ecluse}. Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 something
 * outside is unreachable.
 *
 * <p>What is loaded before a server was asked makes every command slower: nothing but the JDK and
 * {@link DoorClient}.
 */
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int UNREACHABLE = 3;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(DoorClient.run(arguments).orElseGet(() -> run(arguments)));
  }

  /** Runs one command in this process and returns the exit code. */
  public static int run(String... arguments) {
    return Commands.run(arguments);
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
