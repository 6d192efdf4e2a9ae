package io.ecluse.query;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Remembers which queries people ran when their results are long gone, and across restarts. Bounded
 * by age and count for each owner. Safe for use by several threads.
 */
public interface QueryLog {
  /** One that was run; results and errors, which may hold values of rows, are not kept. */
  record Entry(String id, String owner, String sql, Instant submittedAt, Duration elapsed) {}

  /** Called once, when a query begins. */
  void begin(Entry entry);

  /** Called when it has ended, with what it took. */
  void end(Entry entry);

  /** An owner's newest, the newest first. */
  List<Entry> newest(String owner);

  Optional<Entry> find(String owner, String id);
}
