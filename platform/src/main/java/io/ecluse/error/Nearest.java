package io.ecluse.error;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the name that a person most likely meant, for messages. */
public final class Nearest {
  private static final int LISTED = 8;

  private Nearest() {}

  /**
   * The nearest of the names by edit distance, if one is near enough to be a slip of the fingers.
   */
  public static Optional<String> of(String name, Collection<String> names) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int best = (name.length() < 5 ? 1 : Math.max(2, name.length() / 3)) + 1;
    Optional<String> nearest = Optional.empty();
    for (String candidate : names) {
      if (Math.abs(candidate.length() - name.length()) >= best) {
        continue;
      }
      int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
      if (distance < best) {
        best = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /** A hint for an unknown name: the nearest one, else the ones there are. */
  public static Optional<String> hint(String name, Collection<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return of(name, names)
        .map(nearest -> "did you mean " + nearest + "?")
        .or(() -> Optional.of("there " + (names.size() == 1 ? "is only " : "are ") + list(names)));
  }

  /** The value of a name, or EcluseException NOT_FOUND with the nearest name. */
  public static <T> T require(String what, String name, Map<String, T> named) {
    T found = named.get(name);
    if (found == null) {
      String hint = hint(name, named.keySet()).map(h -> ": " + h).orElse(": it has none");
      throw ErrorCode.NOT_FOUND.error("The project has no %s '%s'%s".formatted(what, name, hint));
    }
    return found;
  }

  /** The first few names. */
  public static String list(Collection<String> names) {
    String listed = names.stream().limit(LISTED).collect(Collectors.joining(", "));
    return names.size() > LISTED ? listed + ", …" : listed;
  }

  /**
   * Levenshtein's distance, with a swap of neighbours counted as one (optimal string alignment).
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
