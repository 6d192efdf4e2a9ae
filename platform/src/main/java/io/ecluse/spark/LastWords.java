package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an application that is gone has left in its log: the line that matters, and what to do about
 * it. Spark tells by exit codes nothing but that something went wrong.
 */
public final class LastWords {
  private static final int READ = 256 << 10;
  private static final int SHOWN = 300;

  /**
   * What a line of the log means.
   *
   * @param advice what to do; {@code %s} is the cluster's name
   */
  private record Sign(Pattern line, ErrorCode code, String what, String advice) {
    static Sign of(String line, ErrorCode code, String what, String advice) {
      return new Sign(Pattern.compile(line), code, what, advice);
    }
  }

  private static final List<Sign> SIGNS =
      List.of(
          Sign.of(
              "OutOfMemoryError|exceeding .*memory limits|beyond the '?(PHYSICAL|VIRTUAL)'? memory|Container killed by YARN for exceeding",
              ErrorCode.OUT_OF_MEMORY,
              "had not enough memory",
              "give it more (memory, executor_memory) in clusters.%s of ecluse.yaml, or have fewer tasks at once (parallel)"),
          Sign.of(
              "InvalidClassException|local class incompatible|serialVersionUID|NoSuchMethodError|ClassNotFoundException: org\\.apache\\.(spark|hadoop)|UnsupportedClassVersionError",
              ErrorCode.SPARK_UNFIT,
              "is of another version",
              "the machines of cluster %s need Spark "
                  + SparkVersions.LINE
                  + "x for Scala "
                  + SparkVersions.SCALA
                  + " and Java 17, as this platform has"),
          Sign.of(
              "unknown queue|to non-existent queue|[Qq]ueue .* (is STOPPED|does not exist|has already .* applications|cannot accept)|not have permission .* queue|cannot submit applications to queue",
              ErrorCode.CLUSTER_REFUSED,
              "was not taken by its queue",
              "name one that exists and has room as queue in clusters.%s of ecluse.yaml"),
          Sign.of(
              "Required executor memory .* is above the max|Required AM memory .* is above the max",
              ErrorCode.CLUSTER_REFUSED,
              "asks for more memory than the cluster has for one application",
              "ask for less (memory, executor_memory) in clusters.%s of ecluse.yaml"),
          Sign.of(
              "was killed by user",
              ErrorCode.CLUSTER_LOST,
              "was killed by somebody",
              "ask who may use cluster %s"),
          Sign.of(
              "ExpiredToken|token (included in the request|provided) (is|has) (expired|invalid)|The provided token has expired|InvalidAccessKeyId|SignatureDoesNotMatch|Unable to load credentials",
              ErrorCode.STORAGE_REFUSED,
              "is not let in by the store of the tables",
              "look at the keys or the role that the machines of cluster %s have"),
          Sign.of(
              "All masters are unresponsive|Failed to connect to master|Could not parse Master URL|Invalid master URL|Retrying connect to server|UnknownHostException|Connection refused|NoRouteToHost",
              ErrorCode.CLUSTER_UNREACHABLE,
              "does not reach its cluster",
              "look whether the address in clusters.%s of ecluse.yaml is right and the cluster runs"),
          Sign.of(
              "Forbidden!|is forbidden: |Unauthorized! |code=40[13]",
              ErrorCode.CLUSTER_REFUSED,
              "is not allowed what it needs",
              "look at the account and its rights in the namespace of cluster %s (docs/spark.md has them), and whether its token has run out"),
          Sign.of(
              "AccessControlException|Permission denied|SaslException|token .* (is expired|can't be found)|Client cannot authenticate",
              ErrorCode.CLUSTER_REFUSED,
              "is not let in",
              "look at who may use cluster %s, and sign in anew if a ticket has run out"));

  private static final Pattern MATTERS =
      Pattern.compile("(?i)\\b(ERROR|FATAL|Exception|Error)\\b|Caused by|Failure");

  private static final Pattern NO_ROOM =
      Pattern.compile(
          "has not accepted any resources| waits for room |Application report .*state: ACCEPTED");

  /** What programs of others print of a request, or of what they were given. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)(Bearer\\s+)\\S+|(ecluse_[a-z]_)[\\w-]+");

  /** What Spark says while nobody works for it. */
  static final String STARVES = "has not accepted any resources";

  private LastWords() {}

  /**
   * Why an application has ended, as far as its log tells.
   *
   * @param cluster the name of the cluster
   */
  public static EcluseException of(String cluster, Path log) {
    List<String> lines = tail(log);
    for (Sign sign : SIGNS) {
      Optional<String> found = last(lines, sign.line());
      if (found.isPresent()) {
        return new EcluseException(
            sign.code(),
            "The application on cluster %s %s: %s; %s. All that it said is in %s"
                .formatted(
                    cluster,
                    sign.what(),
                    shown(found.get()),
                    sign.advice().formatted(cluster),
                    log));
      }
    }
    String line = last(lines, MATTERS).or(() -> last(lines, Pattern.compile("\\S"))).orElse("");
    return new EcluseException(
        ErrorCode.CLUSTER_LOST,
        "The application on cluster %s has ended before its work was done%s. All that it said is in %s"
            .formatted(cluster, line.isEmpty() ? "" : ", and said last: " + shown(line), log));
  }

  /** What an application says while its cluster has no room for it; empty if it has. */
  static Optional<String> waits(Path log) {
    return last(tail(log), NO_ROOM).map(LastWords::shown);
  }

  private static Optional<String> last(List<String> lines, Pattern pattern) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (pattern.matcher(lines.get(i)).find()) {
        return Optional.of(lines.get(i));
      }
    }
    return Optional.empty();
  }

  private static String shown(String line) {
    String text = SECRET.matcher(line.strip()).replaceAll("$1$2…");
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private static List<String> tail(Path log) {
    try (SeekableByteChannel file = Files.newByteChannel(log)) {
      file.position(Math.max(0, file.size() - READ));
      ByteBuffer bytes = ByteBuffer.allocate(READ);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        continue;
      }
      return new ArrayList<>(
          new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      return List.of();
    }
  }
}
