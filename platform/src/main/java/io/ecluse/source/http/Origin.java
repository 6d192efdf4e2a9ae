package io.ecluse.source.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Scheme, host and port (RFC 6454): who a secret is for. */
record Origin(String scheme, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  static Origin of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? HTTPS : HTTP;
    return new Origin(
        scheme,
        Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT),
        uri.getPort() < 0 ? usual : uri.getPort());
  }

  private boolean isWeb() {
    return (scheme.equals("http") || scheme.equals("https")) && !host.isEmpty();
  }

  /** Where a link leads, seen from a page; empty if not to another page. */
  static Optional<URI> lead(URI from, String link) {
    try {
      String to = link.strip();
      // java.net.URI follows RFC 2396, where a query alone drops the last name of the path
      URI resolved = from.resolve(to.startsWith("?") ? String.valueOf(from.getRawPath()) + to : to);
      return Optional.of(resolved).filter(uri -> Origin.of(uri).isWeb());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
