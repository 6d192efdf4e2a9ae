package io.ecluse.emr;

import java.util.Map;
import java.util.Optional;

/**
 * Whose a cluster is, and what for: it is found by this name and known for ours by its tags. EMR
 * has no token that would make a repeated request the same cluster; this name is it.
 *
 * @param owner the installation, unlike all others
 * @param key what the cluster is for; one cluster for each
 */
public record ClusterName(String owner, String key) {
  static final String OWNER_TAG = "ecluse-owner";
  static final String KEY_TAG = "ecluse-key";

  private static final String WORD = "[A-Za-z0-9._:/-]{1,120}";

  public ClusterName {
    if (!owner.matches(WORD) || !key.matches(WORD)) {
      throw new IllegalArgumentException("No name for a cluster: " + owner + " " + key);
    }
  }

  /** What EMR calls it. */
  String text() {
    return prefix(owner) + key;
  }

  static String prefix(String owner) {
    return "ecluse " + owner + " ";
  }

  Map<String, String> tags() {
    return Map.of(OWNER_TAG, owner, KEY_TAG, key);
  }

  /** The key of a cluster with these tags, if it is of this owner. */
  static Optional<String> key(String owner, Map<String, String> tags) {
    return owner.equals(tags.get(OWNER_TAG))
        ? Optional.ofNullable(tags.get(KEY_TAG))
        : Optional.empty();
  }
}
