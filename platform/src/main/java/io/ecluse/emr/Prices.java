package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What machines cost an hour, in dollars. */
final class Prices {
  private static final PriceList.Columns COLUMNS =
      new PriceList.Columns(List.of("region", "type", "machine", "emr"), 2);

  private final PriceList list;

  /**
   * An hour of a machine.
   *
   * @param machine on demand
   * @param emr EMR's share, which is the same for spot
   */
  record Hour(BigDecimal machine, BigDecimal emr) {}

  private Prices(PriceList list) {
    this.list = list;
  }

  static Prices builtIn() {
    return new Prices(PriceList.builtIn("prices.csv", COLUMNS));
  }

  /**
   * Of a file of the project.
   *
   * @throws EcluseException INVALID_PROJECT with the line that is wrong
   */
  static Prices of(Path file) {
    return new Prices(PriceList.of(file, COLUMNS));
  }

  Optional<Hour> hour(String region, String type) {
    return list.of(region, type).map(a -> new Hour(a.get(0), a.get(1)));
  }

  /** Of when they are, as the list says it. */
  String remark() {
    return list.remark();
  }
}
