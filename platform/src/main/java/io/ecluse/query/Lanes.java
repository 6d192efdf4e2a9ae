package io.ecluse.query;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Who may run now. Places are given in the order of asking, but no caller has more than its part of
 * a lane while the others are free for whoever comes. Safe for use by several threads.
 */
final class Lanes {
  private static final int MOST_WAITING = 16;

  private final Map<Lane, Places> lanes = new EnumMap<>(Lane.class);

  Lanes() {
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new Places(lane.places()));
    }
  }

  /** A place that was given; closing it gives it back. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /** A lane's state. */
  private static final class Places {
    private int free;
    private final Map<String, Integer> held = new HashMap<>();
    private final List<Object> waiting = new ArrayList<>();
    private final Map<Object, String> callers = new HashMap<>();

    private Places(int free) {
      this.free = free;
    }

    private boolean mayHave(String caller) {
      return held.getOrDefault(caller, 0) < Lane.EACH_CALLER;
    }

    /** Whether it is this one's turn: nobody before it could go. */
    private boolean isTurnOf(Object one) {
      if (free == 0) {
        return false;
      }
      for (Object other : waiting) {
        if (mayHave(callers.getOrDefault(other, ""))) {
          return other == one;
        }
      }
      return false;
    }
  }

  /** A place if there is one at once. */
  synchronized boolean isFree(Lane lane, String caller) {
    Places places = places(lane);
    return places.free > 0 && places.waiting.isEmpty() && places.mayHave(caller);
  }

  /**
   * Waits for a place.
   *
   * @throws EcluseException TOO_MANY_REQUESTS when too many of this caller wait, or none came in
   *     time; CANCELLED
   */
  Place enter(Ticket ticket) {
    // not while the lanes are held: whoever cancels holds the cancellation, and comes for them
    ticket.cancellation().onCancel(this::wake);
    return await(ticket);
  }

  private synchronized Place await(Ticket ticket) {
    Places places = places(ticket.lane());
    long before = places.callers.values().stream().filter(ticket.caller().name()::equals).count();
    if (before >= MOST_WAITING) {
      throw tooMany(before + " of your queries wait already");
    }
    Object me = new Object();
    places.waiting.add(me);
    places.callers.put(me, ticket.caller().name());
    long deadline = System.nanoTime() + ticket.patience().toNanos();
    try {
      while (!places.isTurnOf(me)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ticket.cancellation().isCancelled()) {
          throw ErrorCode.CANCELLED.error("The query was cancelled");
        } else if (left <= 0) {
          throw tooMany("Other queries have run all the time");
        }
        wait(left);
      }
      places.free--;
      places.held.merge(ticket.caller().name(), 1, Integer::sum);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("The query was cancelled", e);
    } finally {
      places.waiting.remove(me);
      places.callers.remove(me);
      notifyAll();
    }
    return () -> leave(ticket);
  }

  private static EcluseException tooMany(String why) {
    return ErrorCode.TOO_MANY_REQUESTS.error(why + "; wait for one to end, or cancel one");
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void leave(Ticket ticket) {
    Places places = places(ticket.lane());
    places.free++;
    places.held.merge(ticket.caller().name(), -1, (a, b) -> a + b == 0 ? null : a + b);
    notifyAll();
  }

  private Places places(Lane lane) {
    Places places = lanes.get(lane);
    if (places == null) {
      throw new AssertionError("Unhandled " + lane);
    }
    return places;
  }
}
