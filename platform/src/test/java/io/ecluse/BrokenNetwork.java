package io.ecluse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between us and a server of this machine, which breaks as a test wants it to. */
public abstract class BrokenNetwork implements AutoCloseable {
  private final int target;
  private final ServerSocket door;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean open;

  /** Which way something goes. */
  protected enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  /** What becomes of something that is on its way. */
  protected enum Fate {
    CARRIED,
    SWALLOWED,
    /** It is lost, and the connection ends. */
    CUT
  }

  protected BrokenNetwork(int target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Where clients come in; from the first time it is asked for, they do. */
  public final synchronized int port() {
    if (!open) {
      open = true;
      begin(this::accept);
    }
    return door.getLocalPort();
  }

  /**
   * Decides on bytes. May be called by several threads, by one for each way of a connection.
   *
   * @param client tells the connection
   * @param length of what there is in the buffer; 0 if the connection ends
   */
  protected abstract Fate fate(Way way, Socket client, byte[] buffer, int length);

  /** Cuts all connections now. */
  public final void cut() {
    sockets.forEach(BrokenNetwork::close);
  }

  private static void begin(Runnable work) {
    Thread thread = new Thread(work, "network");
    thread.setDaemon(true);
    thread.start();
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
      begin(() -> carry(Way.TO_SERVER, client, server));
      begin(() -> carry(Way.TO_CLIENT, client, server));
    } catch (IOException e) {
      close(client); // the server is away
    }
  }

  private void carry(Way way, Socket client, Socket server) {
    Socket from = way == Way.TO_SERVER ? client : server;
    Socket to = way == Way.TO_SERVER ? server : client;
    byte[] buffer = new byte[8192];
    Fate fate = Fate.CUT;
    try {
      int length;
      do {
        length = Math.max(from.getInputStream().read(buffer), 0);
        fate = fate(way, client, buffer, length);
        if (fate == Fate.CARRIED) {
          to.getOutputStream().write(buffer, 0, length);
        }
      } while (length > 0 && fate != Fate.CUT);
    } catch (IOException e) {
      // cut
    } finally {
      if (fate != Fate.SWALLOWED) {
        close(from);
        close(to);
        sockets.remove(from);
        sockets.remove(to);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed is closed
    }
  }

  @Override
  public final void close() throws IOException {
    door.close();
    cut();
  }
}
