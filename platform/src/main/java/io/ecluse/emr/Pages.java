package io.ecluse.emr;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns the pages of a list, and none of them twice, though EMR may give the same one again. */
final class Pages {
  private final Set<String> turned = new HashSet<>();

  /**
   * @param page reads the page after a marker, or the first, and says where the next one is
   */
  void turn(Function<Optional<String>, Optional<String>> page) {
    Optional<String> next = page.apply(Optional.empty());
    while (next.isPresent() && turned.add(next.get())) {
      next = page.apply(next);
    }
  }
}
