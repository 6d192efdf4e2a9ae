package io.ecluse.source;

import io.ecluse.project.Value;
import java.time.Duration;
import java.util.Optional;

/**
 * How much an extract may disturb the source.
 *
 * @param maxSlowdown by what share the source's own latency may grow, 0.1 for 10 %; empty for no
 *     limit
 * @param maxRate most bytes a second that the source sends; empty for no limit
 * @param snapshotLife how long one snapshot may be held: so long the source cannot clean up
 */
public record ImpactLimits(
    Optional<Double> maxSlowdown, Optional<Long> maxRate, Duration snapshotLife) {
  public static final Duration USUAL_LIFE = Duration.ofMinutes(30);

  public static final ImpactLimits NONE = new ImpactLimits(Optional.empty(), Optional.empty());

  /**
   * As a project says it.
   *
   * @param extract of a source's file
   */
  public static ImpactLimits of(Value.Entries extract) {
    return new ImpactLimits(
        extract.number("max_slowdown").map(percent -> percent.doubleValue() / 100.0),
        extract.bytes("max_rate"),
        extract.duration("snapshot_life", USUAL_LIFE));
  }

  /** The snapshot may be held as long as is usual. */
  public ImpactLimits(Optional<Double> maxSlowdown, Optional<Long> maxRate) {
    this(maxSlowdown, maxRate, USUAL_LIFE);
  }

  /** Whether reading has a speed to keep. */
  public boolean isSlowed() {
    return maxSlowdown.isPresent() || maxRate.isPresent();
  }
}
