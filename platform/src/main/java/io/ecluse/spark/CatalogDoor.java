package io.ecluse.spark;

import com.sun.net.httpserver.HttpServer;
import io.ecluse.error.ErrorCode;
import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import io.ecluse.serve.IcebergDoor;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/** The catalogs of a platform for one program, while that runs: the door knows its token alone. */
final class CatalogDoor implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads;
  private final URI url;

  private CatalogDoor(HttpServer server, ExecutorService threads, URI url) {
    this.server = server;
    this.threads = threads;
    this.url = url;
  }

  /**
   * Opens one, at any port that is free.
   *
   * @param address of this machine, as the program reaches it
   * @throws io.ecluse.error.EcluseException PORT_IN_USE if this machine has no such address
   */
  static CatalogDoor open(String address, String token, Function<Ask, Answer> catalogs) {
    try {
      HttpServer server = Exchanges.server(address, 0);
      byte[] ours = token.getBytes(StandardCharsets.UTF_8);
      server.createContext(
          IcebergDoor.ROOT,
          exchange -> Exchanges.handle(exchange, ask -> isOurs(ask, ours), catalogs::apply));
      ExecutorService threads = Exchanges.threads("catalog-door");
      server.setExecutor(threads);
      server.start();
      return new CatalogDoor(
          server,
          threads,
          URI.create("http://%s:%d".formatted(address, server.getAddress().getPort())));
    } catch (IOException e) {
      throw ErrorCode.PORT_IN_USE.error(
          "A door for the catalog cannot be opened at %s: %s; look at address of the cluster in ecluse.yaml"
              .formatted(address, e.getMessage()),
          e);
    }
  }

  private static boolean isOurs(Ask ask, byte[] ours) {
    return JobHandlers.token(ask)
        .filter(t -> MessageDigest.isEqual(t.getBytes(StandardCharsets.UTF_8), ours))
        .isPresent();
  }

  /** Without a slash at the end. */
  URI url() {
    return url;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
