package io.ecluse.source;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How a source is named on a command line.
 *
 * @param schemes what its URLs begin with, up to a colon; of several kinds, the one with the
 *     longest is meant
 * @param example a whole URL
 * @param connection keys that stand under {@code connection}, in the order of a file; all others
 *     stand beside it
 * @param required keys that must be said
 * @param usual what stands in the file if it is not said
 * @param words reads a URL as keys of a file; INVALID_USAGE if it is none, or holds a password
 */
public record SourceNaming(
    List<String> schemes,
    String example,
    List<String> connection,
    List<String> required,
    Map<String, String> usual,
    Function<String, Map<String, String>> words) {
  public SourceNaming {
    schemes = List.copyOf(schemes);
    connection = List.copyOf(connection);
    required = List.copyOf(required);
    usual = Map.copyOf(usual);
  }

  /** A database that is a server with a host. */
  public static SourceNaming server(List<String> schemes, Map<String, String> usual) {
    return new SourceNaming(
        schemes,
        schemes.get(0) + "://user@host:port/database",
        List.of("host", "port", "database", "user", "password", "sslmode", "sslrootcert"),
        List.of("host", "database", "user"),
        usual,
        ServerUrl::words);
  }

  /** The beginning of a URL, for who has seen a whole one. */
  public String brief() {
    return example.replaceFirst("//.*", "//…");
  }
}
