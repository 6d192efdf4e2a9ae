package io.ecluse.access;

import java.util.Locale;

/** Everything that can be asked for. A new read or action is a constant here before it is code. */
public enum Action {
  /** That something is there, what it is made of and what it hangs together with: no row of it. */
  SEE,
  /** Values of rows: of a table by SQL, a sample, a tile. */
  READ_ROWS,
  /** Rows as a file. */
  EXPORT_ROWS,
  /** Rows of a table, and what it is made of, in a run: published with it, or not at all. */
  WRITE_ROWS,
  /** A query of one's own: to run it, look at it, end it. */
  QUERY,
  /** What tasks of a run wrote down. */
  READ_LOG,
  START_RUN,
  CANCEL_RUN,
  RETRY_RUN,
  /** To take back what a run published. */
  ROLL_BACK,
  /** To ask a source what it holds. */
  LOOK_INTO,
  /** To write files of the project. */
  CHANGE,
  /** To keep a password. */
  KEEP_SECRET,
  /** Links and tokens by which others come in, and their end. */
  GIVE_ACCESS,
  /** To remove what has had its time. */
  MAINTAIN,
  /** To take the tables to another place. */
  MOVE_TABLES,
  BACK_UP;

  /** As a message says it. */
  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
