package io.ecluse.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Set;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * The gate before all else: a request that holds a thread takes one of so many places, and waits
 * for it a while. Health needs none, so it answers while all others are taken.
 */
final class GateValve extends ValveBase {
  static final String HEALTH = "/api/v1/health";

  /** What tells how the server is. */
  private static final Set<String> HEALTHS =
      Set.of(
          HEALTH,
          HEALTH + "/live",
          HEALTH + "/ready",
          "/health",
          "/health/live",
          "/health/ready",
          "/healthz");

  /** Set if the request found no place, and is to be refused. */
  static final String NO_PLACE = GateValve.class.getName() + ".NO_PLACE";

  private static final String TOLD = GateValve.class.getName();

  private final Connections connections;
  private final Bounds bounds;
  private final Shares atWork;
  private final Shares waiting;

  GateValve(Connections connections, Bounds bounds) {
    super(true);
    this.connections = connections;
    this.bounds = bounds;
    this.atWork = new Shares(bounds.atWork(), bounds.atWorkPerAddress());
    this.waiting = new Shares(bounds.waiting(), bounds.waitingPerAddress());
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    String peer = request.getPeerAddr();
    int port = request.getRemotePort();
    connections.begin(peer, port);
    new Presence(connections, peer, port).attachTo(request);
    try {
      // what is left of a body that nobody reads is not waited for
      if (RequestBody.isPresent(request) && !request.isAsyncDispatching()) {
        response.setHeader("Connection", "close");
      }
      // a request that is no HTTP has no address
      if (HEALTHS.contains(String.valueOf(request.getRequestURI()))) {
        getNext().invoke(request, response);
      } else {
        inPlace(request, response);
      }
    } finally {
      leave(request, peer, port);
    }
  }

  private void inPlace(Request request, Response response) throws IOException, ServletException {
    String client = Addresses.client(request.getRemoteAddr());
    if (!takePlace(client)) {
      request.setAttribute(
          NO_PLACE, true); // refused by the first filter, so that all is cleaned up
      getNext().invoke(request, response);
      return;
    }
    try {
      request.removeAttribute(NO_PLACE);
      getNext().invoke(request, response);
    } finally {
      atWork.leave(client);
    }
  }

  private boolean takePlace(String client) {
    if (atWork.enter(client)) {
      return true;
    }
    if (!waiting.enter(client)) {
      return false;
    }
    try {
      return atWork.enter(client, bounds.patience().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.leave(client);
    }
  }

  private void leave(Request request, String peer, int port) {
    if (request.isAsync()) {
      if (request.getAttribute(TOLD) == null) {
        request.setAttribute(TOLD, true);
        request.getAsyncContext().addListener(new Leaving(peer, port));
      }
      return;
    }
    if (RequestBody.isPresent(request) && !RequestBody.isRead(request)) {
      request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
    connections.end(peer, port);
  }

  /** Ends what goes on without a thread. */
  private final class Leaving implements AsyncListener {
    private final String peer;
    private final int port;

    Leaving(String peer, int port) {
      this.peer = peer;
      this.port = port;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      connections.end(peer, port);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // it completes afterwards
    }

    @Override
    public void onError(AsyncEvent event) {
      // it completes afterwards
    }
  }
}
