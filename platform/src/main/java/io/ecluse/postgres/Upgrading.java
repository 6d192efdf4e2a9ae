package io.ecluse.postgres;

import java.net.URI;
import java.util.Map;

/**
 * How data of an older major version of PostgreSQL are brought to the one that the platform brings.
 *
 * @param databases who carries which database; data with others are refused
 * @param repository of Maven, with a slash at the end, where the older programs are if this machine
 *     has none
 */
public record Upgrading(Map<String, Carrier> databases, URI repository) {
  /** Another repository than {@link #CENTRAL}, such as a mirror. */
  public static final String REPOSITORY = "ECLUSE_MAVEN_REPOSITORY";

  public static final URI CENTRAL = URI.create("https://repo.maven.apache.org/maven2/");

  public Upgrading {
    databases = Map.copyOf(databases);
  }

  /**
   * @param variables environment variables
   */
  public static Upgrading of(String database, Carrier carrier, Map<String, String> variables) {
    String told = variables.getOrDefault(REPOSITORY, "").strip();
    return new Upgrading(
        Map.of(database, carrier),
        told.isEmpty() ? CENTRAL : URI.create(told.endsWith("/") ? told : told + "/"));
  }
}
