package io.ecluse.metadata;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the metadata database is.
 *
 * @param jdbcUrl without user and password
 * @param password never to be printed; empty to let the driver find it in {@code ~/.pgpass}
 */
public record DatabaseSettings(String jdbcUrl, String user, String password) {
  /** Several hosts are allowed, as the driver and libpq do. */
  private static final Pattern URL =
      Pattern.compile(
          "(?:jdbc:)?postgres(?:ql)?://(?:(?<who>[^/?]*)@)?(?<hosts>[^@/?\\s]+)/(?<database>[^/?\\s]+)(?:\\?(?<options>\\S*))?");

  /**
   * Reads {@code postgresql://user:password@host:port/database?option=value}, with or without
   * {@code jdbc:}; user and password may stand among the options, as JDBC has them.
   *
   * @throws EcluseException INVALID_USAGE, without a word of the URL
   */
  public static DatabaseSettings parse(String url) {
    Matcher parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      throw wrong();
    }
    String[] who = parts.group("who") == null ? new String[0] : parts.group("who").split(":", 2);
    String user =
        who.length > 0 && !who[0].isEmpty()
            ? decoded(who[0])
            : System.getProperty("user.name", "ecluse");
    String password = who.length > 1 ? decoded(who[1]) : "";
    List<String> kept = new ArrayList<>();
    String options = parts.group("options") == null ? "" : parts.group("options");
    for (String option : options.split("&")) {
      String name = option.split("=", 2)[0];
      String value = option.substring(Math.min(option.length(), name.length() + 1));
      switch (name) {
        case "" -> {}
        case "user" -> user = decoded(value);
        case "password" -> password = decoded(value);
        case "currentSchema" -> {} // ours is fixed
        default -> kept.add(option);
      }
    }
    String query = kept.isEmpty() ? "" : "?" + String.join("&", kept);
    return new DatabaseSettings(
        "jdbc:postgresql://" + parts.group("hosts") + "/" + parts.group("database") + query,
        user,
        password);
  }

  /** Host, port and database, for messages: options may hold secrets too. */
  String place() {
    return jdbcUrl.replaceFirst("^jdbc:postgresql://", "").replaceFirst("\\?.*$", "");
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(); // without the cause, which would show the text
    }
  }

  private static EcluseException wrong() {
    return ErrorCode.INVALID_USAGE.error(
        "The database URL (ECLUSE_DATABASE_URL, or database.url in ecluse.yaml) is not of the form postgresql://user:password@host:5432/database; signs such as / ? % in the password are written %2F %3F %25; the URL is not shown here as it may hold a password");
  }

  @Override
  public String toString() {
    return user + "@" + place();
  }
}
