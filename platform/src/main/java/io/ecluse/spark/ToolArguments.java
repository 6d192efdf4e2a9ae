package io.ecluse.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was typed for one of Spark's tools: its options, then a program with arguments of its own.
 */
record ToolArguments(List<String> words) {
  private static final Set<String> SWITCHES =
      Set.of(
          "--help",
          "-h",
          "--supervise",
          "--usage-error",
          "--verbose",
          "-v",
          "--version",
          "--load-spark-defaults");

  ToolArguments {
    words = List.copyOf(words);
  }

  /** What is to be run, if anything is. */
  Optional<String> program() {
    int end = end();
    return end < words.size() ? Optional.of(words.get(end)) : Optional.empty();
  }

  /** How many words are options and their values. */
  private int end() {
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-")) {
      at += SWITCHES.contains(words.get(at)) || words.get(at).contains("=") ? 1 : 2;
    }
    return Math.min(at, words.size());
  }

  /** Where the value of an option is, as it counts: the last one. */
  private Optional<Integer> place(String option) {
    Optional<Integer> place = Optional.empty();
    for (int i = 0; i < end(); i++) {
      String word = words.get(i);
      if (word.startsWith(option + "=")) {
        place = Optional.of(i);
      } else if (word.equals(option) && i + 1 < words.size()) {
        place = Optional.of(++i);
      }
    }
    return place;
  }

  Optional<String> value(String option) {
    return place(option)
        .map(i -> i > 0 && words.get(i - 1).equals(option) ? words.get(i) : after(words.get(i)));
  }

  private static String after(String word) {
    return word.substring(word.indexOf('=') + 1);
  }

  /** The same, where an option that was given has more behind its value. */
  ToolArguments with(String option, String more) {
    List<String> changed = new ArrayList<>(words);
    place(option).ifPresent(i -> changed.set(i, words.get(i) + more));
    return new ToolArguments(changed);
  }

  /** The same without an option. */
  ToolArguments without(String option) {
    List<String> left = new ArrayList<>(words);
    place(option)
        .ifPresent(
            i -> {
              boolean apart = i > 0 && words.get(i - 1).equals(option);
              left.remove((int) i);
              if (apart) {
                left.remove(i - 1);
              }
            });
    return place(option).isPresent() ? new ToolArguments(left).without(option) : this;
  }
}
