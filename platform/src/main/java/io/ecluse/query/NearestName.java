package io.ecluse.query;

import java.util.Collection;
import java.util.Optional;

/** The name that a person probably meant: the least edits away (Levenshtein), if few enough. */
final class NearestName {
  private NearestName() {}

  static Optional<String> of(Collection<String> names, String typed) {
    Optional<String> best = Optional.empty();
    int least = Math.max(2, typed.length() / 3) + 1;
    for (String name : names) {
      String bare = typed.contains(".") ? name : name.substring(name.indexOf('.') + 1);
      int distance = distance(bare, typed);
      if (distance < least) {
        least = distance;
        best = Optional.of(name);
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
