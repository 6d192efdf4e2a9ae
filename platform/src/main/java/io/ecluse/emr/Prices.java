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
 * What machines cost an hour, in dollars. The list that is built in is a beginning, with its date;
 * a project's own replaces it.
 */
final class Prices {
  private static final String LIST = "prices.csv";
  private static final List<String> HEAD = List.of("region", "type", "machine", "emr");

  private final Map<String, Hour> hours;
  private final String remark;

  /**
   * An hour of a machine.
   *
   * @param machine on demand
   * @param emr EMR's share, which is the same for spot
   */
  record Hour(BigDecimal machine, BigDecimal emr) {}

  private Prices(Map<String, Hour> hours, String remark) {
    this.hours = Map.copyOf(hours);
    this.remark = remark;
  }

  static Prices builtIn() {
    return of(Lists.text(LIST), "the platform's list");
  }

  /**
   * Of a file of the project.
   *
   * @throws EcluseException INVALID_PROJECT with the line that is wrong
   */
  static Prices of(Path file) {
    return of(Lists.text(file), file.toString());
  }

  private static Prices of(String text, String name) {
    Map<String, Hour> hours = new HashMap<>();
    List<List<String>> lines = Lists.lines(text);
    if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
      throw invalid(name, "its first line must be " + String.join(",", HEAD));
    }
    for (List<String> line : lines.subList(1, lines.size())) {
      try {
        if (line.size() != HEAD.size()) {
          throw new NumberFormatException();
        }
        hours.put(
            key(line.get(0), line.get(1)),
            new Hour(new BigDecimal(line.get(2)), new BigDecimal(line.get(3))));
      } catch (NumberFormatException e) {
        throw invalid(
            name, "'%s' is no region, type and two amounts".formatted(String.join(",", line)));
      }
    }
    return new Prices(hours, Lists.remark(text));
  }

  private static EcluseException invalid(String name, String what) {
    return ErrorCode.INVALID_PROJECT.error(
        "The prices in %s cannot be used: %s".formatted(name, what));
  }

  private static String key(String region, String type) {
    return region + " " + type;
  }

  Optional<Hour> hour(String region, String type) {
    return Optional.ofNullable(hours.get(key(region, type)));
  }

  /** Of when they are, as the list says it. */
  String remark() {
    return remark;
  }
}
