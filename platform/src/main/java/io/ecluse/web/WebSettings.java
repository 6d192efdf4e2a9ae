package io.ecluse.web;

import io.ecluse.access.AccessTokens;
import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where to serve, and to whom.
 *
 * @param address to listen on
 * @param port to listen on; 0 for any that is free
 * @param tls what HTTPS is served with, instead of HTTP
 * @param proxies addresses of proxies whose forwarded headers are believed, or networks of them
 * @param url what people type to get here, if it is not address and port
 * @param sessionIdle after how long without a request a session ends
 */
public record WebSettings(
    String address,
    int port,
    Optional<Tls> tls,
    Set<String> proxies,
    Optional<URI> url,
    Duration sessionIdle) {
  private static final int LARGEST_PORT = 65_535;

  /**
   * A certificate with those that lead to its root, and its key, both as PEM files; they are read
   * again when they change.
   */
  public record Tls(Path certificate, Path key) {
    public Tls {
      for (Path file : Set.of(certificate, key)) {
        if (!Files.isReadable(file)) {
          throw ErrorCode.INVALID_USAGE.error(
              "There is no file %s that can be read".formatted(file));
        }
      }
    }
  }

  public WebSettings {
    proxies = Set.copyOf(proxies);
    if (port < 0 || port > LARGEST_PORT) {
      throw ErrorCode.INVALID_USAGE.error("The port must be 0 to 65535, but is " + port);
    }
    if (sessionIdle.isNegative() || sessionIdle.isZero()) {
      throw ErrorCode.INVALID_USAGE.error(
          "Sessions must last a while, but end after " + sessionIdle);
    }
    proxies.forEach(Proxies::check);
    url.ifPresent(WebSettings::check);
  }

  /** On this machine, without more. */
  public WebSettings(String address, int port) {
    this(address, port, Optional.empty(), Set.of(), Optional.empty(), AccessTokens.SESSION_IDLE);
  }

  private static void check(URI url) {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!web || url.getHost() == null) {
      throw ErrorCode.INVALID_USAGE.error(
          "The URL must be as https://data.school.example, but is '%s'".formatted(url));
    }
  }

  /** Whether this machine alone can get here. */
  public boolean isLocal() {
    return Addresses.isLoopback(address);
  }

  /** Whether browsers get here by HTTPS, whatever this very request says. */
  boolean isSecure() {
    return tls.isPresent() || url.filter(u -> "https".equals(u.getScheme())).isPresent();
  }

  /** Whether this server goes by a name that a request gives in its Host header. */
  boolean answersTo(String host) {
    return !Addresses.isLoopback(address)
        || Addresses.isLocalName(host)
        || host.equals(address)
        || url.filter(u -> u.getHost().equalsIgnoreCase(host)).isPresent();
  }
}
