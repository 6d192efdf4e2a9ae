package io.ecluse.emr;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job run costs, before and after, as far as prices are known. What an account has agreed
 * with Amazon, data that is moved and capacity that is kept ready are left out.
 */
final class ServerlessCosts {
  static final String LIST = "serverless-prices.csv";
  static final PriceList.Columns KINDS =
      new PriceList.Columns(List.of("region", "vcpu", "gb", "storage"), 1);

  /** What Spark takes beside the memory that it is told: a tenth, and this at least. */
  private static final double LEAST_OVERHEAD = 384;

  private static final double MEGABYTES = 1024;

  private final PriceList prices;
  private final String region;

  ServerlessCosts(PriceList prices, String region) {
    this.prices = prices;
    this.region = region;
  }

  /** Hours of processors, of gigabytes of memory, and of gigabytes of disk beyond what is free. */
  record Used(double vcpu, double memory, double storage) {}

  /** What an hour of a job run with this configuration costs at most. */
  String before(Map<String, String> conf) {
    double executors = number(conf, "spark.dynamicAllocation.maxExecutors");
    double vcpu =
        number(conf, "spark.driver.cores") + executors * number(conf, "spark.executor.cores");
    double memory =
        gigabytes(number(conf, "spark.driver.memory"))
            + executors * gigabytes(number(conf, "spark.executor.memory"));
    return amount(new Used(vcpu, memory, 0))
        .map(a -> "costs %s an hour at most (prices %s)".formatted(a, prices.remark()))
        .orElseGet(this::unknown);
  }

  /** What it has cost. */
  String after(Used used) {
    return amount(used)
        .map(a -> "has cost about %s (prices %s)".formatted(a, prices.remark()))
        .orElseGet(this::unknown)
        .concat(
            ": %.2f vCPU-hours, %.2f GB-hours, %.2f GB-hours of disk"
                .formatted(used.vcpu(), used.memory(), used.storage()));
  }

  private String unknown() {
    return "has a cost for which there is no price in " + region;
  }

  private Optional<String> amount(Used used) {
    return prices
        .of(region)
        .map(
            p ->
                p.get(0)
                    .multiply(BigDecimal.valueOf(used.vcpu()))
                    .add(p.get(1).multiply(BigDecimal.valueOf(used.memory())))
                    .add(p.get(2).multiply(BigDecimal.valueOf(used.storage())))
                    .setScale(2, RoundingMode.HALF_UP)
                    .toPlainString()
                    .concat(" USD"));
  }

  /** A number of the configuration, in which memory is in megabytes. */
  private static double number(Map<String, String> conf, String key) {
    String text = conf.getOrDefault(key, "0").replaceFirst("m$", "");
    return text.matches("[0-9]{1,12}") ? Double.parseDouble(text) : 0;
  }

  private static double gigabytes(double megabytes) {
    return (megabytes + Math.max(LEAST_OVERHEAD, megabytes / 10)) / MEGABYTES;
  }
}
