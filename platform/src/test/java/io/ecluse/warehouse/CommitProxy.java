package io.ecluse.warehouse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network to a PostgreSQL that breaks when a transaction is to be committed. */
final class CommitProxy implements AutoCloseable {
  /** The driver gives the statement a name, and then says only that. */
  private static final Pattern PREPARED = Pattern.compile("(S_\\d+)\0COMMIT\0");

  private final int target;
  private final ServerSocket door;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> deaf = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NONE);

  /** Where the next commit is cut off. */
  enum Cut {
    NONE,
    /** The server never hears of it. */
    BEFORE,
    /** The server has done it, and its answer is lost. */
    AFTER
  }

  CommitProxy(int target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    begin(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  void cutNextCommit(Cut cut) {
    next.set(cut);
  }

  private static void begin(Runnable work) {
    Thread thread = new Thread(work, "commit-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        begin(() -> ask(client, server));
        begin(() -> answer(server, client));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void ask(Socket client, Socket server) {
    String name = "";
    byte[] buffer = new byte[1 << 16];
    try (client;
        server) {
      for (int n = client.getInputStream().read(buffer);
          n >= 0;
          n = client.getInputStream().read(buffer)) {
        String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        Matcher parsed = PREPARED.matcher(text);
        name = parsed.find() ? parsed.group(1) : name;
        boolean commit =
            text.contains("COMMIT\0") || (!name.isEmpty() && text.contains("\0" + name + "\0"));
        Cut cut = commit ? next.getAndSet(Cut.NONE) : Cut.NONE;
        if (cut == Cut.BEFORE) {
          return;
        }
        if (cut == Cut.AFTER) {
          deaf.add(client);
        }
        server.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // cut
    }
  }

  private void answer(Socket server, Socket client) {
    byte[] buffer = new byte[1 << 16];
    try (client;
        server) {
      for (int n = server.getInputStream().read(buffer);
          n >= 0;
          n = server.getInputStream().read(buffer)) {
        if (deaf.contains(client)) {
          return; // this was the answer to the commit
        }
        client.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // cut
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
