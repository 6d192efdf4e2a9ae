package io.ecluse.scheduler;

import java.time.Instant;
import java.util.Optional;

/**
 * One try of a task, as it was when it was read. {@code state}: running, success, failed,
 * cancelled, or lost with its process.
 */
public record AttemptState(
    int number,
    String state,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> error) {}
