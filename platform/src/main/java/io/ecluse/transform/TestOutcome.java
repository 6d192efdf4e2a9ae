package io.ecluse.transform;

import java.util.List;
import java.util.Optional;

/**
 * How a test of a table went.
 *
 * @param test {@code unique(student_id)}, or the name of an audit
 * @param column the column under test; empty for an audit
 * @param failingRows how many rows break it; 0 if it holds
 * @param failingKeys keys of the first of them, as in {@code student_id = 17}: never another
 *     column, as these are people's data
 */
public record TestOutcome(
    String test, Optional<String> column, long failingRows, List<String> failingKeys) {
  public TestOutcome {
    failingKeys = List.copyOf(failingKeys);
  }

  public boolean passed() {
    return failingRows == 0;
  }

  /** One line for people. */
  public String describe() {
    return passed()
        ? test + " holds"
        : "%s is broken by %d %s%s"
            .formatted(
                test,
                failingRows,
                failingRows == 1 ? "row" : "rows",
                failingKeys.isEmpty()
                    ? ""
                    : ": "
                        + String.join(", ", failingKeys)
                        + (failingRows > failingKeys.size() ? ", …" : ""));
  }
}
