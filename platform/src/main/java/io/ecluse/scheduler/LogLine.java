package io.ecluse.scheduler;

import java.time.Instant;

/** A line of an attempt's log; {@code number} counts from 1 without gaps. */
public record LogLine(int number, Instant at, String level, String text) {}
