package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** URLs of database servers, as people write them. */
public final class ServerUrl {
  /** What a query may say, as keys of a source's file. */
  private static final List<String> WORDS =
      List.of("host", "port", "database", "user", "schema", "sslmode", "sslrootcert");

  private ServerUrl() {}

  /** Reads {@code postgres://user@host:port/database?sslmode=require&schema=erp} as words. */
  public static Map<String, String> words(String url) {
    URI uri = uri(url);
    Map<String, String> words = new TreeMap<>();
    String user = uri.getUserInfo();
    if (user != null) {
      if (user.contains(":")) {
        throw withPassword();
      }
      words.put("user", user);
    }
    String host = uri.getHost();
    words.put("host", host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    if (uri.getPort() > 0) {
      words.put("port", String.valueOf(uri.getPort()));
    }
    String path = uri.getPath();
    if (path != null && path.length() > 1) {
      words.put("database", path.substring(1));
    }
    String query = uri.getQuery();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      if (parts.length != 2 || !WORDS.contains(parts[0])) {
        throw ErrorCode.INVALID_USAGE.error(
            "'%s' in --url is not known; it may hold %s"
                .formatted(parts[0], String.join(", ", WORDS)));
      }
      words.put(parts[0], parts[1]);
    }
    return words;
  }

  private static URI uri(String url) {
    Optional<URI> uri = Optional.empty();
    try {
      uri = Optional.of(new URI(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url));
    } catch (URISyntaxException e) {
      // said below; the exception would repeat a password that may stand in it
    }
    return uri.filter(u -> u.getHost() != null)
        .orElseThrow(
            () ->
                ErrorCode.INVALID_USAGE.error(
                    "--url is not as %s://user@host:port/database; with a name that no URL may hold, use --host, --port, --database and --user"
                        .formatted(url.replaceFirst("(?s)^((jdbc:)?[a-z]+).*", "$1"))));
  }

  /** What is said of a URL that holds a password. */
  public static EcluseException withPassword() {
    return ErrorCode.INVALID_USAGE.error(
        "A password must not stand in --url, where others of this machine may read it; leave it out: it is asked for, or taken from its secret");
  }
}
