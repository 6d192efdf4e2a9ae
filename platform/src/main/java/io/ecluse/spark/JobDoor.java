package io.ecluse.spark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door by which applications on clusters reach the process that runs tasks: for work, and for
 * the catalogs of their runs. It opens when it is first needed, at a port that is kept: an
 * application that was at work when a process died finds the next one there. Of several processes
 * one has it, and answers for all. Safe for use by several threads.
 */
final class JobDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobDoor.class);
  private static final String CATALOG = "/iceberg";

  private final Path portFile;
  private final JobHandlers handlers;
  private final Function<Ask, Answer> catalogs;
  private final DoorJars jars;
  private final ExecutorService threads;
  private final Map<String, HttpServer> servers = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * @param portFile keeps the port, from process to process
   * @param catalogs what serves the catalogs of runs
   * @param jars that drivers fetch here
   */
  JobDoor(Path portFile, JobHandlers handlers, Function<Ask, Answer> catalogs, DoorJars jars) {
    this.jars = jars;
    this.portFile = portFile;
    this.handlers = handlers;
    this.catalogs = catalogs;
    this.threads = Exchanges.threads("job-door");
  }

  /**
   * Sees to it that the door is open, here or in another process of the project.
   *
   * @param address of this machine, as who is to come in reaches it
   * @return its URL, without a slash at the end
   */
  String open(String address) {
    return open(address, address);
  }

  /**
   * As {@link #open(String)}.
   *
   * @param local the address of this machine that it listens at, if it is reached by another
   */
  synchronized String open(String address, String local) {
    if (closed) {
      throw ErrorCode.CANCELLED.error("The platform is being closed");
    }
    int port = kept().orElse(0);
    if (!servers.containsKey(local)) {
      port = listen(local, address, port);
    }
    return "http://%s:%d".formatted(address, port);
  }

  /** Whether it is open in this process, so that all that applications say comes by here. */
  boolean isHere() {
    return !servers.isEmpty();
  }

  private int listen(String local, String address, int port) {
    try {
      HttpServer server = Exchanges.server(local, port);
      server.createContext("/", exchange -> handle(exchange, address));
      server.setExecutor(threads);
      server.start();
      servers.put(local, server);
      int taken = server.getAddress().getPort();
      if (taken != port) {
        Files.createDirectories(portFile.getParent());
        Files.writeString(portFile, String.valueOf(taken));
      }
      LOG.info("Applications on clusters are let in at {}:{}", local, taken);
      return taken;
    } catch (BindException e) {
      if (port != 0 && Peers.answers(local, port)) {
        return port; // another process of ours has it
      }
      if (port != 0) {
        return listen(local, address, 0);
      }
      throw unusable(local, e);
    } catch (IOException e) {
      throw unusable(local, e);
    }
  }

  private static EcluseException unusable(String address, IOException e) {
    return ErrorCode.PORT_IN_USE.error(
        "The door for applications on clusters cannot be opened at %s: %s; look at address of the cluster in ecluse.yaml"
            .formatted(address, e.getMessage()),
        e);
  }

  private Optional<Integer> kept() {
    try {
      return Files.isRegularFile(portFile)
          ? Optional.of(Files.readString(portFile).strip())
              .filter(text -> text.matches("[0-9]{1,5}"))
              .map(Integer::valueOf)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void handle(HttpExchange exchange, String address) throws IOException {
    if (jars.serve(exchange)) {
      return;
    }
    String base = "http://%s:%d".formatted(address, exchange.getLocalAddress().getPort());
    Exchanges.handle(
        exchange,
        ask -> ask.path().equals(Peers.PATH) || handlers.knows(ask),
        ask -> answer(ask, base));
  }

  private Answer answer(Ask ask, String base) throws InterruptedException {
    String path = ask.path();
    if (path.equals(Peers.PATH)) {
      return Peers.answer();
    }
    return path.equals(CATALOG) || path.startsWith(CATALOG + "/")
        ? catalogs.apply(ask)
        : handlers.answer(ask, base);
  }

  @Override
  public synchronized void close() {
    closed = true;
    servers.values().forEach(server -> server.stop(0));
    servers.clear();
    threads.shutdownNow();
  }
}
