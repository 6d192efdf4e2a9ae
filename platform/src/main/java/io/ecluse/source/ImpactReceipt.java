package io.ecluse.source;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an extract cost the source, as far as the source tells.
 *
 * @param seconds from the first connection to the last batch
 * @param snapshotSeconds how long the transaction that holds the snapshot was open: so long the
 *     source could not clean up
 * @param connections at once, the probe's included
 * @param bytes that the source sent
 * @param throttledSeconds that readers waited, all together, to spare the source
 * @param before latency of a tiny query before reading began
 * @param during the same, while reading
 * @param after the same, once reading had ended
 * @param server the server's own counters over that time, its other work included
 */
public record ImpactReceipt(
    double seconds,
    double snapshotSeconds,
    int connections,
    long bytes,
    double throttledSeconds,
    Latency before,
    Latency during,
    Latency after,
    Map<String, Long> server) {
  public ImpactReceipt {
    server = Map.copyOf(server);
  }

  /** Milliseconds; 0 if nothing was measured. */
  public record Latency(double median, double p95) {
    /** Of samples in milliseconds. */
    public static Latency of(List<Double> samples) {
      double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return new Latency(at(sorted, 0.5), at(sorted, 0.95));
    }

    private static double at(double[] sorted, double share) {
      return sorted.length == 0
          ? 0
          : Arrays.stream(sorted).skip((long) ((sorted.length - 1) * share)).findFirst().orElse(0);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f (p95 %.2f)", median, p95);
    }
  }

  /** As facts of a task, with names that say the unit. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("impact_seconds", number(seconds));
    facts.put("impact_snapshot_seconds", number(snapshotSeconds));
    facts.put("impact_connections", String.valueOf(connections));
    facts.put("impact_bytes_sent", String.valueOf(bytes));
    facts.put("impact_throttled_seconds", number(throttledSeconds));
    facts.put("impact_probe_before_ms", before.toString());
    facts.put("impact_probe_during_ms", during.toString());
    facts.put("impact_probe_after_ms", after.toString());
    server.forEach((name, value) -> facts.put("impact_" + name, String.valueOf(value)));
    return facts;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
