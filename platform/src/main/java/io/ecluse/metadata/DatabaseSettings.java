package io.ecluse.metadata;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where the metadata database is.
 *
 * @param jdbcUrl without user and password
 * @param password never to be printed
 */
public record DatabaseSettings(String jdbcUrl, String user, String password) {
  /**
   * Reads {@code postgresql://user:password@host:port/database?option=value}, with or without
   * {@code jdbc:}.
   */
  public static DatabaseSettings parse(String url) {
    String text = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong();
    }
    boolean postgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
    if (!postgres || uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
      throw wrong();
    }
    String[] who =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    return new DatabaseSettings(
        "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query,
        who.length > 0 ? decoded(who[0]) : System.getProperty("user.name", "ecluse"),
        who.length > 1 ? decoded(who[1]) : "");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static EcluseException wrong() {
    return new EcluseException(
        ErrorCode.INVALID_USAGE,
        "The database URL (ECLUSE_DATABASE_URL, or database.url in ecluse.yaml) is not of the form postgresql://user:password@host:5432/database; it is not shown here as it may hold a password");
  }

  @Override
  public String toString() {
    return user + "@" + jdbcUrl;
  }
}
