package io.ecluse.scheduler;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One execution of a DAG, as it was when it was read.
 *
 * @param params what it was started with
 * @param waitsFor why it is queued still, if something keeps it
 * @param error of the first task that failed, or why the run was ended
 */
public record Run(
    String id,
    String dagId,
    String environment,
    RunState state,
    Trigger trigger,
    Instant logicalTime,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Map<String, String> params,
    Optional<String> waitsFor,
    Optional<String> error) {
  public Run {
    params = Map.copyOf(params);
  }
}
