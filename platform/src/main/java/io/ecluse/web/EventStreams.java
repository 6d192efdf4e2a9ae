package io.ecluse.web;

import io.ecluse.access.AccessTokens;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of events that are open: so many, and each only as long as whoever opened it may come
 * in. Safe for use by several threads.
 */
final class EventStreams {
  private static final long LOOK_NANOS = 5_000_000_000L;

  private final AccessTokens tokens;
  private final Shares shares;
  private final Set<Ticket> open = ConcurrentHashMap.newKeySet();

  EventStreams(AccessTokens tokens, Bounds bounds) {
    this.tokens = tokens;
    this.shares = new Shares(bounds.streams(), bounds.streamsPerAddress());
  }

  /** The right to a stream, which its holder closes; of one thread at a time. */
  final class Ticket implements AutoCloseable {
    private final String client;
    private final String access;
    private volatile boolean ended;
    private long lookedAt = System.nanoTime();
    private long beatAt = System.nanoTime();

    private Ticket(String client, String access) {
      this.client = client;
      this.access = access;
    }

    /** Whether the stream may go on; finds out that an access has ended within seconds. */
    boolean isGood() {
      if (!ended && System.nanoTime() - lookedAt > LOOK_NANOS) {
        lookedAt = System.nanoTime();
        ended = !tokens.isGood(access);
      }
      return !ended;
    }

    /** Whether it is time to find out if the client is there still; asked once each time. */
    boolean isBeatDue(int seconds) {
      boolean due = System.nanoTime() - beatAt > seconds * 1_000_000_000L;
      beatAt = due ? System.nanoTime() : beatAt;
      return due;
    }

    @Override
    public void close() {
      if (open.remove(this)) {
        shares.leave(client);
      }
    }
  }

  /**
   * @throws EcluseException SERVER_BUSY
   */
  Ticket enter(HttpServletRequest request) {
    String client = Addresses.client(request.getRemoteAddr());
    if (!shares.enter(client)) {
      throw ErrorCode.SERVER_BUSY.error(
          "Too many streams of events are open; close some, or try later");
    }
    Ticket ticket = new Ticket(client, AccessFilter.access(request));
    open.add(ticket);
    return ticket;
  }

  /** Ends the streams of a session that has ended. */
  void signedOut(String access) {
    open.stream().filter(t -> t.access.equals(access)).forEach(t -> t.ended = true);
  }
}
