package io.ecluse.access;

import java.util.Set;

/**
 * Who asks. A door makes one of each request, once; what is behind the doors is handed it and finds
 * out nothing by itself.
 *
 * @param name by which what is a caller's own is known: queries, quotas
 * @param means how the caller came in
 * @param roles as {@link Policy#roles} had them when the caller came in
 */
public record Caller(String name, Means means, Set<String> roles) {
  private static final String COMMAND_LINE = "command line";
  private static final String RUNS = "runs";

  /** By what a caller came in. */
  public enum Means {
    /** A browser that signed in. */
    SESSION,
    /** A program with a bearer token. */
    TOKEN,
    /** Somebody who can read the project's folder and its secrets. */
    COMMAND_LINE,
    /** The platform itself, for the runs it does: whoever started one was asked then. */
    SCHEDULE
  }

  public Caller {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A caller has a name");
    }
    roles = Set.copyOf(roles);
  }

  /** Whoever types commands on this machine. */
  public static Caller commandLine(Policy policy) {
    return new Caller(COMMAND_LINE, Means.COMMAND_LINE, policy.roles(COMMAND_LINE));
  }

  /** The platform, where the tasks of runs read. */
  public static Caller schedule(Policy policy) {
    return new Caller(RUNS, Means.SCHEDULE, policy.roles(RUNS));
  }
}
