package io.ecluse.scheduler;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;

/**
 * Names runs: the DAG, the time in UTC, and four random digits, as in {@code
 * erp_daily-20260131T030000-4f2a}.
 */
record RunIds(Clock clock, RandomGenerator random) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  String next(String dagId) {
    return "%s-%s-%04x".formatted(dagId, TIME.format(clock.instant()), random.nextInt(0x10000));
  }
}
