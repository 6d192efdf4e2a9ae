package io.ecluse.source.jdbc;

import io.ecluse.project.Value;
import io.ecluse.source.Declared;
import io.ecluse.source.Terms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A database that a JDBC driver reaches.
 *
 * @param name of the source
 */
public record JdbcSettings(String name, Access access, Extraction extraction) {
  private static final Pattern SECRET = Pattern.compile("(?i)pass|pwd|secret|token|key");
  private static final Pattern IN_URL =
      Pattern.compile("(?i)(\\b\\w*(?:pass(?:word|wd)?|pwd|secret|token)=)[^;&\\s\"']+");

  /**
   * How it is reached.
   *
   * @param url the JDBC URL
   * @param properties for the driver: user, password and others; never part of a message
   * @param schema whose tables are the streams; the user's own if empty
   * @param driverJar the driver's jar, or a folder of jars; empty for one on the class path
   */
  public record Access(
      String url,
      Map<String, String> properties,
      Optional<String> schema,
      Optional<Path> driverJar) {
    public Access {
      properties = Map.copyOf(properties);
    }

    /** Who signs in, as a project's file says it. */
    static Map<String, String> credentials(Declared source) {
      Map<String, String> credentials = new LinkedHashMap<>();
      for (String key : List.of("user", "password")) {
        source.find(source.connection(), key).ifPresent(value -> credentials.put(key, value));
      }
      return credentials;
    }
  }

  /**
   * How it is read.
   *
   * @param statementTimeout longest statement
   * @param connections most at a time that read, where the database lets several begin at one
   *     moment
   */
  public record Extraction(Duration statementTimeout, int connections, Terms terms) {
    /** As a project's file says it. */
    static Extraction of(Declared source) {
      Value.Entries extract = source.file().extract();
      return new Extraction(
          extract.duration("statement_timeout", Duration.ofHours(1)),
          extract.whole("connections").orElse(1),
          Terms.of(source));
    }
  }

  Terms terms() {
    return extraction.terms();
  }

  Duration statementTimeout() {
    return extraction.statementTimeout();
  }

  Optional<String> schema() {
    return access.schema();
  }

  /** The user's name, for messages. */
  String user() {
    return access.properties().getOrDefault("user", "(none)");
  }

  /** A text without passwords, wherever a driver may have put them. */
  String withoutSecret(String text) {
    String without = text;
    for (Map.Entry<String, String> property : access.properties().entrySet()) {
      if (SECRET.matcher(property.getKey()).find() && !property.getValue().isEmpty()) {
        without = without.replace(property.getValue(), "***");
      }
    }
    return IN_URL.matcher(without).replaceAll("$1***");
  }

  @Override
  public String toString() {
    return "JDBC source " + name;
  }
}
