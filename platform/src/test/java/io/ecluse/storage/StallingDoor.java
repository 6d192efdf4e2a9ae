package io.ecluse.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to a store, on which each connection stands still once it has carried so many bytes one
 * way: what comes then goes nowhere.
 */
public final class StallingDoor implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final Semaphore stalled = new Semaphore(0);
  private final AtomicInteger open = new AtomicInteger();
  private final Map<String, Integer> fetched = new ConcurrentHashMap<>();
  private final AtomicInteger aborts = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();
  private volatile long bytes;

  /**
   * @param bytes that a connection may carry, each way
   */
  public StallingDoor(int target, long bytes) throws IOException {
    this.target = target;
    this.bytes = bytes;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** Returns when a connection stands still. */
  public void awaitStall() {
    stalled.acquireUninterruptibly();
  }

  /** How many uploads it was asked to abort. */
  int aborts() {
    return aborts.get();
  }

  /** How often each object was asked for whose name ends so. */
  public Map<String, Integer> fetched(String ending) {
    Map<String, Integer> some = new TreeMap<>(fetched);
    some.keySet().removeIf(name -> !name.endsWith(ending));
    return some;
  }

  /** How many connections carried something at a time. */
  int most() {
    return most.get();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        synchronized (sockets) {
          sockets.addAll(List.of(client, server));
        }
        daemon(() -> relay(client, server));
        daemon(() -> relay(server, client));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void relay(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    long carried = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        carried += n;
        String head = new String(buffer, 0, Math.min(n, 200), StandardCharsets.ISO_8859_1);
        if (head.startsWith("DELETE ") && head.contains("uploadId=")) {
          aborts.incrementAndGet();
        } else if (head.startsWith("GET ")) {
          fetched.merge(head.split(" ", 3)[1], 1, Integer::sum);
        }
        if (carried > bytes) {
          stalled.release();
        } else {
          out.write(buffer, 0, n);
        }
        open.decrementAndGet();
      }
      from.close();
      to.close();
    } catch (IOException e) {
      // closed
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "stalling-door");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
