package io.ecluse.spark;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Keeps out of what people read what a program of theirs, or somebody's library, has printed:
 * tokens of the platform, and the secrets that this process was started with.
 */
final class Secrets {
  private static final Pattern TOKEN = Pattern.compile("ecluse_[a-z]_[\\w-]+|(?<=Bearer )\\S+");
  private static final Pattern NAME = Pattern.compile("(?i)(secret|password|token|credential)");

  /** What is shorter is no secret, and would be found in many words. */
  private static final int SHORTEST = 8;

  private static final String HIDDEN = "…";
  private static final List<String> OURS = of(System.getenv());

  private Secrets() {}

  /** The secrets among variables; those that name a file have none. */
  static List<String> of(Map<String, String> variables) {
    return variables.entrySet().stream()
        .filter(v -> NAME.matcher(v.getKey()).find() && !v.getKey().endsWith("_FILE"))
        .map(Map.Entry::getValue)
        .filter(value -> value.length() >= SHORTEST)
        .toList();
  }

  static String hidden(String text) {
    return hidden(text, OURS);
  }

  static String hidden(String text, List<String> secrets) {
    String hidden = TOKEN.matcher(text).replaceAll(HIDDEN);
    for (String secret : secrets) {
      hidden = hidden.replace(secret, HIDDEN);
    }
    return hidden;
  }
}
