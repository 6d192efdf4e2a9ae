package io.ecluse.access;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.Set;

/**
 * Who has which roles, and what they may do and see. Every read and every action asks it, whichever
 * door it comes by. Asked by several threads, often: an answer takes no look elsewhere.
 */
public interface Policy {
  /** Whoever was let in may do and see everything. */
  Policy OPEN = (caller, action, subject) -> true;

  /**
   * Whether a caller may do this.
   *
   * @param subject {@linkplain Subject#isEvery all of a kind} asks whether there can be any: for
   *     lists, of which each line is asked for as well
   */
  boolean permits(Caller caller, Action action, Subject subject);

  /** The roles of whoever goes by a name. */
  default Set<String> roles(String name) {
    return Set.of();
  }

  /**
   * Goes on only if the caller may.
   *
   * @throws EcluseException FORBIDDEN
   */
  default void require(Caller caller, Action action, Subject subject) {
    if (!permits(caller, action, subject)) {
      throw ErrorCode.FORBIDDEN.error(
          "%s may not %s: %s; whoever decides on rights in this project can allow it"
              .formatted(caller.name(), action.words(), subject));
    }
  }
}
