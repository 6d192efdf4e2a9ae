package io.ecluse.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The way to a store that answers the first requests as Amazon's does when it is too busy. */
public final class BusyDoor implements AutoCloseable {
  private static final String BODY = "<Error><Code>SlowDown</Code><Message>no</Message></Error>";
  private static final String ANSWER =
      "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
          .formatted(BODY.length(), BODY);

  private final ServerSocket door;
  private final AtomicInteger refusals;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param refusals how many requests are refused
   */
  public BusyDoor(int target, int refusals) throws IOException {
    this.target = target;
    this.refusals = new AtomicInteger(refusals);
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** How many requests are yet to be refused. */
  public int refusals() {
    return refusals.get();
  }

  /** Refuses so many more; connections that are open end, so that who is there comes again. */
  public void refuse(int more) {
    refusals.addAndGet(more);
    for (Socket client : open) {
      try {
        client.close();
      } catch (IOException e) {
        // closed
      }
    }
    open.clear();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          client.getInputStream().read(new byte[8192]);
          client.getOutputStream().write(ANSWER.getBytes(US_ASCII));
          client.close();
        } else {
          Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
          open.add(client);
          daemon(() -> relay(client, server));
          daemon(() -> relay(server, client));
        }
      } catch (IOException e) {
        // closed
      }
    }
  }

  private static void relay(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // closed
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "busy-door");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
