package io.ecluse.emr;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What goes wrong at the service, as tests ask for it: the next answers of an operation, and how
 * late what was changed is seen. Safe for use by several threads.
 */
final class EmrFaults {
  /** What becomes of one request. */
  enum Fault {
    /** Nothing is done: {@code ThrottlingException}. */
    THROTTLED,
    /** Nothing is done: HTTP 500. */
    BROKEN,
    /** It is done, and the connection is cut before the answer. */
    ANSWER_LOST,
    /** Nothing is done, and the connection is cut. */
    CUT,
    /** The answer that the operation gave last is given again. */
    ANSWER_REPEATED
  }

  private final Map<String, Deque<Fault>> next = new ConcurrentHashMap<>();
  private volatile Duration listsLateBy = Duration.ZERO;
  private volatile Duration knownLateBy = Duration.ZERO;

  /** The next answers of an operation. */
  EmrFaults next(String operation, Fault... faults) {
    Deque<Fault> queue = next.computeIfAbsent(operation, o -> new ArrayDeque<>());
    synchronized (queue) {
      queue.addAll(java.util.List.of(faults));
    }
    return this;
  }

  /** For how long lists do not have what was just made. */
  EmrFaults listsLateBy(Duration lateness) {
    listsLateBy = lateness;
    return this;
  }

  /** For how long nothing is known by its id of what was just made. */
  EmrFaults knownLateBy(Duration lateness) {
    knownLateBy = lateness;
    return this;
  }

  Optional<Fault> take(String operation) {
    Deque<Fault> queue = next.get(operation);
    if (queue == null) {
      return Optional.empty();
    }
    synchronized (queue) {
      return Optional.ofNullable(queue.poll());
    }
  }

  Duration listsLateBy() {
    return listsLateBy;
  }

  Duration knownLateBy() {
    return knownLateBy;
  }
}
