package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Template;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A PostgreSQL to look at: one that a project's file names, or one that somebody has just named.
 *
 * @param connection its values resolve when a connection is made
 */
public record SourceTarget(
    String name,
    SourceFile.Connection connection,
    String schema,
    SourceFile.Extraction extraction) {
  /** What a person may say of a server, as keys of a source's file. */
  private static final List<String> WORDS =
      List.of("host", "port", "database", "user", "schema", "sslmode", "sslrootcert");

  private static final Set<String> SCHEMES = Set.of("postgres", "postgresql", "mariadb", "mysql");

  /** INVALID_USAGE if it is a source of another kind, which is looked at otherwise. */
  public static SourceTarget of(SourceFile file) {
    if (file.type() != SourceFile.Type.POSTGRES) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE,
          "%s is of type %s; only sources of the built-in types can be discovered and checked"
              .formatted(file.path(), file.type().name().toLowerCase(Locale.ROOT)));
    }
    return new SourceTarget(file.name(), file.connection(), file.schema(), file.extraction());
  }

  /**
   * The server that these words tell of.
   *
   * @param words among host, port, database, user, schema, sslmode, sslrootcert
   */
  public static SourceTarget of(String name, Map<String, String> words) {
    requireServer(words);
    Map<String, Template> options = new LinkedHashMap<>();
    for (String option : List.of("sslmode", "sslrootcert")) {
      Optional.ofNullable(words.get(option)).ifPresent(v -> options.put(option, new Template(v)));
    }
    return new SourceTarget(
        name,
        new SourceFile.Connection(
            new Template(Objects.requireNonNull(words.get("host"))),
            new Template(words.getOrDefault("port", "5432")),
            new Template(Objects.requireNonNull(words.get("database"))),
            new Template(Objects.requireNonNull(words.get("user"))),
            Optional.empty(),
            options),
        words.getOrDefault("schema", "public"),
        SourceFile.Extraction.DEFAULT);
  }

  static void requireServer(Map<String, String> words) {
    for (String word : List.of("host", "database", "user")) {
      if (words.getOrDefault(word, "").isBlank()) {
        throw new EcluseException(
            ErrorCode.INVALID_USAGE,
            "The %s is not said, and no file in sources/ says it: use --url postgres://user@host:port/database (or mariadb://…, or jdbc:…), or --%s"
                .formatted(word, word));
      }
    }
  }

  static EcluseException passwordInUrl() {
    return new EcluseException(
        ErrorCode.INVALID_USAGE,
        "A password must not stand in --url, where others of this machine may read it; leave it out: it is asked for, or taken from its secret");
  }

  /**
   * Reads {@code postgres://user@host:port/database?sslmode=require&schema=erp} as words, or the
   * same of a MariaDB.
   */
  public static Map<String, String> words(String url) {
    URI uri = uri(url);
    Map<String, String> words = new TreeMap<>();
    String user = uri.getUserInfo();
    if (user != null) {
      if (user.contains(":")) {
        throw passwordInUrl();
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
        throw new EcluseException(
            ErrorCode.INVALID_USAGE,
            "'%s' in --url is not known; it may hold %s"
                .formatted(parts[0], String.join(", ", WORDS)));
      }
      words.put(parts[0], parts[1]);
    }
    return words;
  }

  private static URI uri(String url) {
    String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    try {
      URI uri = new URI(plain);
      if (SCHEMES.contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below; the exception would repeat a password that may stand in it
    }
    throw new EcluseException(
        ErrorCode.INVALID_USAGE,
        "--url is not as postgres://user@host:port/database (or mariadb://…, or jdbc:…); with a name that no URL may hold, use --host, --port, --database and --user");
  }

  /** The same, its password a secret of this name. */
  public SourceTarget withPassword(String secret) {
    return new SourceTarget(
        name,
        new SourceFile.Connection(
            connection.host(),
            connection.port(),
            connection.database(),
            connection.user(),
            Optional.of(new Template("${secret:" + secret + "}")),
            connection.options()),
        schema,
        extraction);
  }
}
