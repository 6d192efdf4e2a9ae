package io.ecluse.source;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What an extract cost the source, as far as the source tells.
 *
 * @param bytes that the source sent; empty if nobody counts them
 * @param throttledSeconds that readers waited, all together, to spare the source
 * @param felt how quickly the source answered
 * @param server what the server counts of that time: its other work included, but for what is
 *     sampled of our own sessions
 * @param lag by how much replicas were behind; empty if there is none, or none that tells
 */
public record ImpactReceipt(
    Hold hold,
    OptionalLong bytes,
    double throttledSeconds,
    Felt felt,
    Map<String, Long> server,
    Optional<ReplicaLag> lag) {
  public ImpactReceipt {
    server = Map.copyOf(server);
  }

  /** Of a source that is read by one connection, and that nobody feels. */
  public static ImpactReceipt of(double seconds, long bytes) {
    return new ImpactReceipt(
        new Hold(seconds, 0, 1),
        OptionalLong.of(bytes),
        0,
        Felt.NOTHING,
        Map.of(),
        Optional.empty());
  }

  /**
   * How long the source was held.
   *
   * @param seconds from the first connection to the last batch
   * @param snapshotSeconds how long the transaction that holds the snapshot was open: so long the
   *     source could not clean up; 0 without one
   * @param connections at once, the probe's included
   */
  public record Hold(double seconds, double snapshotSeconds, int connections) {}

  /** Latency of a tiny query before reading began, while it went on, and once it had ended. */
  public record Felt(Latency before, Latency during, Latency after) {
    static final Felt NOTHING =
        new Felt(Latency.of(List.of()), Latency.of(List.of()), Latency.of(List.of()));
  }

  /** Milliseconds; 0 if nothing was measured. */
  public record Latency(double median, double p95) {
    /** Of samples in milliseconds. */
    public static Latency of(List<Double> samples) {
      double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return new Latency(at(sorted, 0.5), at(sorted, 0.95));
    }

    /** Empty if nothing was measured. */
    private Optional<String> told() {
      return p95 == 0 ? Optional.empty() : Optional.of(toString());
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

  /** Seconds by which the slowest replica was behind; the most while reading. */
  public record ReplicaLag(double before, double during, double after) {}

  /** As facts of a task, with names that say the unit. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("impact_seconds", number(hold.seconds()));
    facts.put("impact_snapshot_seconds", number(hold.snapshotSeconds()));
    facts.put("impact_connections", String.valueOf(hold.connections()));
    bytes.ifPresent(b -> facts.put("impact_bytes_sent", String.valueOf(b)));
    facts.put("impact_throttled_seconds", number(throttledSeconds));
    felt.before().told().ifPresent(l -> facts.put("impact_probe_before_ms", l));
    felt.during().told().ifPresent(l -> facts.put("impact_probe_during_ms", l));
    felt.after().told().ifPresent(l -> facts.put("impact_probe_after_ms", l));
    lag.ifPresent(
        l -> {
          facts.put("impact_replica_lag_before_s", number(l.before()));
          facts.put("impact_replica_lag_during_s", number(l.during()));
          facts.put("impact_replica_lag_after_s", number(l.after()));
        });
    new TreeMap<>(server)
        .forEach((name, value) -> facts.put("impact_" + name, String.valueOf(value)));
    return facts;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
