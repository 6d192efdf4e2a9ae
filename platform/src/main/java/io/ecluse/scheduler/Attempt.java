package io.ecluse.scheduler;

import java.time.Instant;
import java.util.Optional;

/**
 * One try of a task. {@code state}: running, success, failed, cancelled, or lost with its process.
 */
public record Attempt(
    int number,
    String state,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> error) {}
