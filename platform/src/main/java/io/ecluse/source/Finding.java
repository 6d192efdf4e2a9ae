package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.List;

/**
 * One thing that was tried.
 *
 * @param check which, a stable name for programs
 * @param found what is so, with the actual values; never data of a row, never a secret
 * @param remedy what to do, a step each; SQL is ready to run
 */
public record Finding(String check, State state, String found, List<String> remedy) {
  /** How bad it is. */
  public enum State {
    OK,
    /** An extract works; here is what may be better. */
    NOTE,
    /** An extract fails, or lacks something. */
    PROBLEM,
    /** The system does not answer at all. */
    UNREACHABLE
  }

  public Finding {
    remedy = List.copyOf(remedy);
  }

  public static Finding ok(String check, String found) {
    return new Finding(check, State.OK, found, List.of());
  }

  public static Finding note(String check, String found, String... remedy) {
    return new Finding(check, State.NOTE, found, List.of(remedy));
  }

  public static Finding problem(String check, String found, String... remedy) {
    return new Finding(check, State.PROBLEM, found, List.of(remedy));
  }

  public static Finding unreachable(String check, String found, String... remedy) {
    return new Finding(check, State.UNREACHABLE, found, List.of(remedy));
  }

  /** What an extract would fail with. */
  public static Finding failed(String check, EcluseException e, String... remedy) {
    return new Finding(
        check,
        e.code() == ErrorCode.SOURCE_UNREACHABLE ? State.UNREACHABLE : State.PROBLEM,
        String.valueOf(e.getMessage()),
        List.of(remedy));
  }
}
