package io.ecluse.cli;

import io.ecluse.Platform;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the commands that are typed elsewhere on this machine, by this user, on the project of a
 * platform that is open already: see {@link Door}. {@link #close()} may be called twice.
 */
final class DoorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DoorServer.class);

  /** Commands at a time; those beyond do their work themselves. */
  private static final int MOST = 16;

  private static final int BUFFER = 32 << 10;

  /** What the address of a socket can hold, with a little to spare. */
  private static final int LONGEST_ADDRESS = 100;

  private static final String SOCKET = ".socket";

  private final Platform platform;
  private final Map<String, String> variables;
  private final Path sign;
  private final Path socket;
  private final ServerSocketChannel door;
  private final Set<SocketChannel> guests = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(MOST);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          r -> {
            Thread thread = new Thread(r, "command");
            thread.setDaemon(true);
            return thread;
          });

  private DoorServer(Platform platform, Map<String, String> variables, Path sign, Path socket)
      throws IOException {
    this.platform = platform;
    this.variables = Map.copyOf(variables);
    this.sign = sign;
    this.socket = socket;
    this.door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  /**
   * Opens the door; where the file system has no such thing, commands do their work themselves.
   *
   * @param variables the environment variables of this process
   */
  static Optional<DoorServer> open(Platform platform, Map<String, String> variables) {
    Optional<Path> sign = Door.sign(platform.project().get().folder(), platform.environment());
    if (sign.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path folder = Objects.requireNonNull(sign.get().getParent());
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      removeDead(folder);
      DoorServer server = new DoorServer(platform, variables, sign.get(), place(folder));
      server.listen();
      return Optional.of(server);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn(
          "Commands cannot reach this server ({}); they do their work themselves", e.toString());
      return Optional.empty();
    }
  }

  private static Path place(Path folder) throws IOException {
    String name = UUID.randomUUID().toString().substring(0, 8) + SOCKET;
    Path socket = folder.resolve(name);
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_ADDRESS
        ? socket
        : Files.createTempDirectory("ecluse-door-").resolve(name); // of mode 0700
  }

  /** Sockets of servers that were killed. */
  private static void removeDead(Path folder) throws IOException {
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder, "*" + SOCKET)) {
      for (Path socket : sockets) {
        try (SocketChannel knock = SocketChannel.open(StandardProtocolFamily.UNIX)) {
          knock.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
          Files.deleteIfExists(socket);
        }
      }
    }
  }

  private void listen() throws IOException {
    door.bind(UnixDomainSocketAddress.of(socket));
    Path draft = sign.resolveSibling(socket.getFileName() + ".draft");
    Path project = platform.project().get().folder().toRealPath();
    Files.write(draft, List.of(socket.toString(), Door.version(), project.toString()));
    Files.move(draft, sign, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    threads.execute(this::accept);
  }

  private void accept() {
    while (door.isOpen()) {
      try {
        SocketChannel guest = door.accept();
        guests.add(guest);
        threads.execute(() -> serve(guest));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("A command could not be let in", e);
      }
    }
  }

  private void serve(SocketChannel guest) {
    try (guest) {
      if (!isSameUser(guest)) {
        return;
      }
      InputStream in = Door.reading(guest);
      Door.Request request = Door.Request.read(in);
      if (!isOurs(request) || !places.tryAcquire()) {
        Door.send(guest, Door.ELSEWHERE, ByteBuffer.allocate(0));
        return;
      }
      try {
        run(guest, in, request);
      } finally {
        places.release();
      }
    } catch (IOException e) {
      LOG.debug("Who typed a command has gone", e);
    } finally {
      guests.remove(guest);
    }
  }

  private boolean isSameUser(SocketChannel guest) throws IOException {
    return guest.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(Files.getOwner(socket));
  }

  /** Whether the words mean here what they mean there. */
  private boolean isOurs(Door.Request request) {
    String database = Platform.DATABASE_URL;
    return request.view().equals(Door.view())
        && request
            .variables()
            .getOrDefault(database, "")
            .equals(variables.getOrDefault(database, ""));
  }

  private void run(SocketChannel guest, InputStream in, Door.Request request) throws IOException {
    GuestShell shell = new GuestShell(request, platform);
    threads.execute(() -> shell.hear(in));
    PrintWriter out =
        new PrintWriter(
            new BufferedOutputStream(Door.frames(guest, Door.OUT), BUFFER),
            false,
            StandardCharsets.UTF_8);
    PrintWriter err =
        new PrintWriter(
            new BufferedOutputStream(Door.frames(guest, Door.ERR), BUFFER),
            true,
            StandardCharsets.UTF_8);
    int code = Commands.run(shell, out, err, request.words().toArray(String[]::new));
    out.flush();
    err.flush();
    Door.send(guest, Door.END, ByteBuffer.allocate(Integer.BYTES).putInt(0, code));
  }

  @Override
  public void close() {
    try {
      door.close();
      if (Files.exists(sign) && Files.readAllLines(sign).contains(socket.toString())) {
        Files.delete(sign);
      }
      Files.deleteIfExists(socket);
      Path place = Objects.requireNonNull(socket.getParent());
      if (!place.equals(sign.getParent())) {
        Files.deleteIfExists(place);
      }
      for (SocketChannel guest : guests) {
        guest.close();
      }
    } catch (IOException e) {
      LOG.debug("The door was gone already", e);
    } finally {
      threads.shutdown();
    }
  }
}
