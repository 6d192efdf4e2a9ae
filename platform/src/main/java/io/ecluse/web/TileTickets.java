package io.ecluse.web;

import io.ecluse.engine.Cancellation;
import io.ecluse.query.Ticket;
import java.util.HashSet;
import java.util.Set;

/** What the tiles of one request are read with, so that all end with it. */
final class TileTickets {
  private final String user;
  private final Set<Cancellation> open = new HashSet<>();
  private boolean cancelled;

  TileTickets(String user) {
    this.user = user;
  }

  /** One tile's ticket, until it is closed. */
  record Open(Ticket ticket, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  synchronized Open open() {
    Cancellation cancellation = new Cancellation();
    open.add(cancellation);
    if (cancelled) {
      cancellation.cancel();
    }
    return new Open(Ticket.quick(user, cancellation), () -> close(cancellation));
  }

  private synchronized void close(Cancellation cancellation) {
    open.remove(cancellation);
  }

  /** Ends those that are open, and those that will be. */
  synchronized void cancel() {
    cancelled = true;
    open.forEach(Cancellation::cancel);
  }
}
