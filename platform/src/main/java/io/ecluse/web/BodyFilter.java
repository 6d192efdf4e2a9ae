package io.ecluse.web;

import io.ecluse.error.ErrorCode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the body of a request, of those who may ask, before anybody works on it. While it
 * arrives no thread waits for it; it has a size and a time, and all bodies together have a size.
 */
final class BodyFilter implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(BodyFilter.class);
  private static final int CHUNK = 8 << 10;

  private final Bounds bounds;
  private final Shares arriving;
  private final AtomicLong held = new AtomicLong();

  BodyFilter(Bounds bounds) {
    this.bounds = bounds;
    this.arriving = new Shares(bounds.bodies(), bounds.bodiesPerAddress());
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest asked = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    var whole = RequestBody.of(asked);
    if (whole.isPresent()) {
      chain.doFilter(whole.get(), response);
      return;
    }
    if (!RequestBody.isPresent(asked)) {
      chain.doFilter(request, response);
      return;
    }
    int most = most(asked);
    String client = Addresses.client(asked.getRemoteAddr());
    if (asked.getContentLengthLong() > most) {
      refuseSize(answer, most);
    } else if (!arriving.enter(client)) {
      AccessFilter.refuse(
          answer, ErrorCode.SERVER_BUSY, "Too many requests are being sent at once; try again");
    } else {
      begin(asked, answer, client, most);
    }
  }

  private static int most(HttpServletRequest asked) {
    String path = asked.getRequestURI();
    if (path.equals(SessionController.PATH)) {
      return Bounds.SIGN_IN_BYTES;
    }
    if (path.startsWith(IcebergController.ROOT)) {
      return AccessFilter.caller(asked).isPresent() ? Bounds.COMMIT_BYTES : Bounds.UNKNOWN_BYTES;
    }
    return Bounds.BODY_BYTES;
  }

  private void begin(HttpServletRequest asked, HttpServletResponse answer, String client, int most)
      throws IOException {
    AsyncContext context = asked.startAsync(asked, answer);
    Arrival arrival = new Arrival(context, asked.getInputStream(), most, client);
    context.setTimeout(bounds.body().toMillis());
    context.addListener(arrival);
    arrival.in.setReadListener(arrival);
  }

  private static void refuseSize(HttpServletResponse answer, int most) throws IOException {
    AccessFilter.refuse(
        answer,
        ErrorCode.BODY_TOO_LARGE,
        "The request's body is larger than %d bytes, which is the most that is taken here"
            .formatted(most));
  }

  /** One body on its way in. */
  private final class Arrival implements ReadListener, AsyncListener {
    private final AsyncContext context;
    private final ServletInputStream in;
    private final int most;
    private final String client;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicBoolean arrived = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong mine = new AtomicLong();

    Arrival(AsyncContext context, ServletInputStream in, int most, String client) {
      this.context = context;
      this.in = in;
      this.most = most;
      this.client = client;
    }

    @Override
    public void onDataAvailable() throws IOException {
      byte[] chunk = new byte[CHUNK];
      while (!arrived.get() && in.isReady()) {
        int read = in.read(chunk);
        if (read < 0) {
          return;
        }
        mine.addAndGet(read);
        boolean fits = held.addAndGet(read) <= Bounds.BODIES_BYTES;
        if (bytes.size() + read > most) {
          end();
          refuseSize(answer(), most);
          context.complete();
        } else if (!fits) {
          end();
          AccessFilter.refuse(
              answer(), ErrorCode.SERVER_BUSY, "Too much is being sent at once; try again");
          context.complete();
        } else {
          bytes.write(chunk, 0, read);
        }
      }
    }

    @Override
    public void onAllDataRead() {
      if (end()) {
        RequestBody.keep(context.getRequest(), bytes.toByteArray());
        answer().setHeader("Connection", null); // nothing is left over, so it may be used again
        context.dispatch();
      }
    }

    @Override
    public void onError(Throwable cause) {
      LOG.debug("A client went away while it sent a body", cause);
      if (end()) {
        context.complete();
      }
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      if (end()) {
        AccessFilter.refuse(
            answer(),
            ErrorCode.BODY_TOO_SLOW,
            "The request's body took longer than %d seconds to arrive"
                .formatted(bounds.body().toSeconds()));
        context.complete();
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      end();
      if (over.compareAndSet(false, true)) {
        held.addAndGet(-mine.get());
      }
    }

    @Override
    public void onError(AsyncEvent event) {
      end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this); // the memory is held as long as the request is
    }

    private HttpServletResponse answer() {
      return (HttpServletResponse) context.getResponse();
    }

    /** Whether this call ended the arrival. */
    private boolean end() {
      boolean first = arrived.compareAndSet(false, true);
      if (first) {
        arriving.leave(client);
      }
      return first;
    }
  }
}
