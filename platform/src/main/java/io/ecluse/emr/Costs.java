package io.ecluse.emr;

import io.ecluse.emr.ClusterPlan.Fleet;
import io.ecluse.emr.ClusterPlan.Market;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a cluster costs, before and after, as far as prices are known. Disks, data that is moved and
 * what an account has agreed with Amazon are left out.
 */
final class Costs {
  /** What the cheapest and dearest of spot are taken for, as a share of the price on demand. */
  private static final BigDecimal LEAST_OF_SPOT = new BigDecimal("0.3");

  private static final Duration LEAST_BILLED = Duration.ofMinutes(1);
  private static final BigDecimal SECONDS = BigDecimal.valueOf(Duration.ofHours(1).toSeconds());

  private final Prices prices;
  private final String region;

  Costs(Prices prices, String region) {
    this.prices = prices;
    this.region = region;
  }

  /** A machine that was used. */
  record Used(String type, Market market, Duration time) {}

  private record Span(BigDecimal least, BigDecimal most) {
    static final Span NOTHING = new Span(BigDecimal.ZERO, BigDecimal.ZERO);

    Span plus(Span other) {
      return new Span(least.add(other.least), most.add(other.most));
    }

    Span times(BigDecimal factor) {
      return new Span(least.multiply(factor), most.multiply(factor));
    }

    String words() {
      String low = least.setScale(2, RoundingMode.HALF_UP).toPlainString();
      String high = most.setScale(2, RoundingMode.HALF_UP).toPlainString();
      return low.equals(high) ? low + " USD" : "%s to %s USD".formatted(low, high);
    }
  }

  /** What an hour of a cluster will cost. */
  String before(ClusterPlan plan) {
    Set<String> unknown = new TreeSet<>();
    Span hour = fleet(plan.main(), unknown).plus(fleet(plan.workers(), unknown));
    return told("costs about %s an hour".formatted(hour.words()), unknown);
  }

  /** What it has cost. */
  String after(List<Used> machines) {
    Set<String> unknown = new TreeSet<>();
    Span all = Span.NOTHING;
    for (Used machine : machines) {
      Duration billed = machine.time().compareTo(LEAST_BILLED) < 0 ? LEAST_BILLED : machine.time();
      BigDecimal hours =
          BigDecimal.valueOf(billed.toSeconds()).divide(SECONDS, 6, RoundingMode.HALF_UP);
      all = all.plus(hour(machine.type(), machine.market(), unknown).times(hours));
    }
    return told("has cost about %s".formatted(all.words()), unknown);
  }

  private String told(String what, Set<String> unknown) {
    return "%s (prices %s)%s"
        .formatted(
            what,
            prices.remark(),
            unknown.isEmpty()
                ? ""
                : ", and what %s in %s cost, for which there is no price"
                    .formatted(String.join(", ", unknown), region));
  }

  /** Of a fleet of several types the cheapest and the dearest count. */
  private Span fleet(Fleet fleet, Set<String> unknown) {
    Optional<Span> span =
        fleet.types().stream()
            .map(type -> hour(type, fleet.market(), unknown))
            .reduce((a, b) -> new Span(a.least().min(b.least()), a.most().max(b.most())));
    return span.orElse(Span.NOTHING).times(BigDecimal.valueOf(fleet.count()));
  }

  private Span hour(String type, Market market, Set<String> unknown) {
    Optional<Prices.Hour> hour = prices.hour(region, type);
    if (hour.isEmpty()) {
      unknown.add(type);
      return Span.NOTHING;
    }
    BigDecimal machine = hour.get().machine();
    BigDecimal emr = hour.get().emr();
    BigDecimal least = market == Market.ON_DEMAND ? machine : machine.multiply(LEAST_OF_SPOT);
    return new Span(least.add(emr), machine.add(emr));
  }
}
