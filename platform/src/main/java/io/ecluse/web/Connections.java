package io.ecluse.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The connections there are, and which of them do nothing: those that wait for a request, and those
 * that never complete the head of one. An idle one ends after a time; where there are too many, of
 * one client or in all, the one that is idle for longest makes place for the newcomer.
 *
 * <p>A connection is ended by shutting its input: the container sees its end and cleans up, on its
 * own threads. Safe for use by several threads.
 */
final class Connections implements AutoCloseable {
  private static final int LOOK_MILLIS = 500;

  private final Bounds bounds;
  private final Pattern proxies;
  private final Map<String, Guarded> guarded = new ConcurrentHashMap<>();
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile Predicate<SocketChannel> hasGone = channel -> !channel.isOpen();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "connections");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param proxies addresses that stand for many clients
   */
  Connections(Bounds bounds, Set<String> proxies) {
    this.bounds = bounds;
    this.proxies = Pattern.compile(Proxies.pattern(proxies));
  }

  private static final class Guarded {
    final SocketChannel channel;
    final String client;
    volatile boolean busy;
    volatile long idleSince = System.nanoTime();

    Guarded(SocketChannel channel, String client) {
      this.channel = channel;
      this.client = client;
    }

    boolean isIdle() {
      return !busy && channel.isOpen() && !channel.socket().isInputShutdown();
    }

    long idleNanos() {
      return System.nanoTime() - idleSince;
    }
  }

  /** How to find out whether the other side has ended a connection. */
  void askBy(Predicate<SocketChannel> question) {
    hasGone = question;
  }

  void start() {
    sweeper.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    sweeper.scheduleWithFixedDelay(
        () -> watches.forEach(Watch::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Takes a new connection into account; false if there is no place for it. */
  boolean accept(SocketChannel channel) {
    String key;
    String address;
    try {
      InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
      address = remote.getAddress().getHostAddress();
      key = key(address, remote.getPort());
    } catch (IOException e) {
      return false; // it has gone already
    }
    forgetClosed();
    String client = Addresses.client(address);
    boolean place =
        (proxies.matcher(address).matches()
                || makePlace(g -> g.client.equals(client), bounds.connectionsPerAddress()))
            && makePlace(g -> true, bounds.connections());
    if (place) {
      guarded.put(key, new Guarded(channel, client));
    }
    return place;
  }

  /** A request of this connection is under way. */
  void begin(String address, int port) {
    Optional.ofNullable(guarded.get(key(address, port))).ifPresent(g -> g.busy = true);
  }

  /** The request is over; a second call does nothing new. */
  void end(String address, int port) {
    Optional.ofNullable(guarded.get(key(address, port)))
        .ifPresent(
            g -> {
              g.idleSince = System.nanoTime();
              g.busy = false;
            });
  }

  /** Looks after a connection until it is closed. */
  final class Watch implements AutoCloseable {
    private final Guarded connection;
    private final Runnable onGone;
    private boolean over;

    private Watch(Guarded connection, Runnable onGone) {
      this.connection = connection;
      this.onGone = onGone;
    }

    private synchronized void look() {
      if (!over && hasGone.test(connection.channel)) {
        over = true;
        onGone.run();
      }
    }

    /** From now on nobody looks, nor is looking. */
    @Override
    public void close() {
      watches.remove(this);
      synchronized (this) {
        over = true;
      }
    }
  }

  /**
   * Has {@code onGone} run when the other side ends the connection. Until the watch is closed,
   * nobody else may read from it.
   */
  Watch watch(String address, int port, Runnable onGone) {
    Guarded connection = guarded.get(key(address, port));
    if (connection == null) {
      throw new IllegalStateException("Only a connection that was taken into account is watched");
    }
    Watch watch = new Watch(connection, onGone);
    watches.add(watch);
    return watch;
  }

  private boolean makePlace(Predicate<Guarded> which, int most) {
    // those whose input is shut are on their way out
    long open =
        guarded.values().stream()
            .filter(which)
            .filter(g -> !g.channel.socket().isInputShutdown())
            .count();
    if (open < most) {
      return true;
    }
    Optional<Guarded> oldest =
        guarded.values().stream()
            .filter(which)
            .filter(Guarded::isIdle)
            .max(Comparator.comparingLong(Guarded::idleNanos));
    oldest.ifPresent(Connections::shut);
    return oldest.isPresent();
  }

  private void sweep() {
    forgetClosed();
    Duration longest = bounds.idle();
    guarded.values().stream()
        .filter(Guarded::isIdle)
        .filter(g -> g.idleNanos() > longest.toNanos())
        .forEach(Connections::shut);
  }

  private void forgetClosed() {
    guarded.values().removeIf(g -> !g.channel.isOpen());
  }

  private static void shut(Guarded connection) {
    try {
      connection.channel.shutdownInput();
    } catch (IOException e) {
      // it has gone by itself
    }
  }

  private static String key(String address, int port) {
    return address + "/" + port;
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
  }
}
