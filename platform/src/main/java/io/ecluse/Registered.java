package io.ecluse;

import io.ecluse.access.Policy;
import io.ecluse.engine.Engine;
import java.util.Optional;

/**
 * What is registered with the platform, each kind by its own type.
 *
 * @param policy what callers may do and see
 * @param engine of the runs; empty for DuckDB
 */
public record Registered(Policy policy, Optional<Engine.Type> engine) {
  /** Whoever was let in may do and see everything; DuckDB fills the tables. */
  public static final Registered DEFAULT = new Registered(Policy.OPEN, Optional.empty());
}
