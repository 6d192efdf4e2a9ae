package io.ecluse.source;

import io.ecluse.schema.DriftPolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * On which terms a project wants a source read.
 *
 * @param plans of streams, by name; those not named are read in full
 * @param drift what to do when columns have changed
 * @param limits how much reading may disturb the source, see {@link Throttle}
 * @param maxRejected rows of a stream that may be left out because they cannot land
 * @param compare how what is staged is compared to the source
 */
public record Terms(
    Map<String, StreamPlan> plans,
    DriftPolicy drift,
    ImpactLimits limits,
    long maxRejected,
    Compare compare) {
  /** Everything, as fast as it comes. */
  public static final Terms USUAL =
      new Terms(Map.of(), DriftPolicy.EVOLVE, ImpactLimits.NONE, 0, Compare.COUNTS);

  public Terms {
    plans = Collections.unmodifiableMap(new LinkedHashMap<>(plans));
  }

  /** How what is staged is compared to the source. */
  public enum Compare {
    /** Rows are counted, there and here. */
    COUNTS,
    /** Every value is summed up, there and here. */
    CHECKSUMS
  }

  /** As a project's file says it. */
  public static Terms of(Declared source) {
    return new Terms(
        source.plans(),
        source.file().drift(),
        source.limits(),
        source.file().maxRejected(),
        source.file().extract().choice("compare", Compare.COUNTS));
  }
}
