package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prices of a file: what they are of, then amounts in dollars. The lists that are built in are a
 * beginning, with their dates; a project's own replaces one.
 */
final class PriceList {
  private final Map<List<String>, List<BigDecimal>> amounts = new HashMap<>();
  private final String remark;

  /**
   * The columns of a list.
   *
   * @param head all
   * @param keys how many of them say what prices are of
   */
  record Columns(List<String> head, int keys) {}

  private PriceList(String text, String name, Columns columns) {
    this.remark = Lists.remark(text);
    List<List<String>> lines = Lists.lines(text);
    if (lines.isEmpty() || !lines.get(0).equals(columns.head())) {
      throw invalid(name, "its first line must be " + String.join(",", columns.head()));
    }
    for (List<String> line : lines.subList(1, lines.size())) {
      try {
        if (line.size() != columns.head().size()) {
          throw new NumberFormatException();
        }
        amounts.put(
            line.subList(0, columns.keys()),
            line.subList(columns.keys(), line.size()).stream().map(BigDecimal::new).toList());
      } catch (NumberFormatException e) {
        throw invalid(
            name,
            "'%s' does not have the words and amounts of %s"
                .formatted(String.join(",", line), String.join(",", columns.head())));
      }
    }
  }

  static PriceList builtIn(String list, Columns columns) {
    return new PriceList(Lists.text(list), "the platform's list", columns);
  }

  /**
   * Of a file of the project.
   *
   * @throws EcluseException INVALID_PROJECT with the line that is wrong
   */
  static PriceList of(Path file, Columns columns) {
    return new PriceList(Lists.text(file), file.toString(), columns);
  }

  private static EcluseException invalid(String name, String what) {
    return ErrorCode.INVALID_PROJECT.error(
        "The prices in %s cannot be used: %s".formatted(name, what));
  }

  /** The amounts of something, in the order of the columns. */
  Optional<List<BigDecimal>> of(String... keys) {
    return Optional.ofNullable(amounts.get(List.of(keys)));
  }

  /** Of when they are, as the list says it. */
  String remark() {
    return remark;
  }
}
