package io.ecluse.scheduler;

import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * What time it is, and how much has passed: a clock on the wall, which may be set, and nanoseconds
 * that only ever grow, of which differences mean something.
 */
public record Time(Clock clock, LongSupplier nanos) {}
