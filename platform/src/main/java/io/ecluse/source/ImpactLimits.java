package io.ecluse.source;

import java.util.Optional;

/**
 * How much an extract may disturb the source.
 *
 * @param maxSlowdown by what share the source's own latency may grow, 0.1 for 10 %; empty for no
 *     limit
 * @param maxRate most bytes a second that the source sends; empty for no limit
 */
public record ImpactLimits(Optional<Double> maxSlowdown, Optional<Long> maxRate) {
  public static final ImpactLimits NONE = new ImpactLimits(Optional.empty(), Optional.empty());
}
