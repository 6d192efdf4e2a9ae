package io.ecluse.web;

import io.ecluse.engine.Cancellation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;

/**
 * Whether who asked is still there: what takes a while is not done for somebody who has gone.
 *
 * @param peer the address at the other end of the connection, maybe a proxy's
 */
record Presence(Connections connections, String peer, int port) {
  private static final String ATTRIBUTE = Presence.class.getName();

  /** That of who sent a request, as the gate left it there. */
  static Presence of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Presence presence) {
      return presence;
    }
    throw new AssertionError("Every request comes through the gate");
  }

  void attachTo(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /**
   * Works as long as somebody is there: within about a second after the connection has ended, the
   * work is cancelled. To be called by the thread that has the request, before anything is sent.
   */
  <T> T whileThere(Cancellation cancellation, Supplier<T> work) {
    try (Connections.Watch watch = connections.watch(peer, port, cancellation::cancel)) {
      return work.get();
    }
  }
}
