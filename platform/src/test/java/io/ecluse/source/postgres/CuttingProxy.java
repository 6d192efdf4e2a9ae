package io.ecluse.source.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A network between us and a server, which can break. */
public final class CuttingProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket door;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
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
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return door.getLocalPort();
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

  /** Cuts all connections now. */
  void cut() {
    sockets.forEach(CuttingProxy::close);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        connect(door.accept());
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(client);
      sockets.add(server);
      relay(client, server, sent);
      relay(server, client, received);
    } catch (IOException e) {
      close(client); // the server is away
    }
  }

  private void relay(Socket from, Socket to, Meter meter) {
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[8192];
              try (InputStream in = from.getInputStream();
                  OutputStream out = to.getOutputStream()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                  if (meter == sent && asked.spends(n)) {
                    asked.spent.complete(null);
                  }
                  if (meter.spends(n)) {
                    meter.spent.complete(null);
                    break;
                  }
                  out.write(buffer, 0, n);
                }
              } catch (IOException e) {
                // cut
              } finally {
                close(from);
                close(to);
                sockets.remove(from);
                sockets.remove(to);
              }
            },
            "proxy-relay");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed is closed
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
