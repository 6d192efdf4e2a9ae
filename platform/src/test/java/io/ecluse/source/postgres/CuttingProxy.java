package io.ecluse.source.postgres;

import io.ecluse.BrokenNetwork;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A network between us and a server, which can break. */
public final class CuttingProxy extends BrokenNetwork {
  private final Meter received = new Meter();
  private final Meter sent = new Meter();
  private final Meter asked = new Meter();

  /** What may still pass before a cut. */
  private static final class Meter {
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private volatile CompletableFuture<Void> spent = new CompletableFuture<>();

    private CompletableFuture<Void> limit(long bytes) {
      spent = new CompletableFuture<>();
      left.set(bytes);
      return spent;
    }

    private boolean spends(int bytes) {
      boolean over = left.get() < Long.MAX_VALUE && left.addAndGet(-bytes) < 0;
      if (over) {
        left.set(Long.MAX_VALUE);
      }
      return over;
    }
  }

  public CuttingProxy(int target) throws IOException {
    super(target);
  }

  /**
   * Cuts the connection that carries the byte after so many more from the server. Returns what ends
   * as it is cut.
   */
  public CompletableFuture<Void> cutAfter(long bytes) {
    return received.limit(bytes);
  }

  /** The same for bytes to the server. */
  public CompletableFuture<Void> cutSendingAfter(long bytes) {
    return sent.limit(bytes);
  }

  /** Cuts off the first answer after so many more bytes to the server. Returns the same. */
  public CompletableFuture<Void> cutAnswerAfterSending(long bytes) {
    CompletableFuture<Void> cut = received.limit(Long.MAX_VALUE);
    asked.limit(bytes).thenRun(() -> received.left.set(0));
    return cut;
  }

  @Override
  protected Fate fate(Way way, Socket client, byte[] buffer, int length) {
    Meter meter = way == Way.TO_SERVER ? sent : received;
    if (meter == sent && asked.spends(length)) {
      asked.spent.complete(null);
    }
    if (meter.spends(length)) {
      meter.spent.complete(null);
      return Fate.CUT;
    }
    return Fate.CARRIED;
  }
}
