package io.ecluse.project;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The hours of the day in which a source may be read, by the clock of a place.
 *
 * @param from when they begin
 * @param to when they end; on the next day if that is not after {@code from}
 */
public record ReadingHours(LocalTime from, LocalTime to, ZoneId zone) {
  /** Whether the moment lies in them. */
  public boolean isOpen(Instant moment) {
    LocalTime time = moment.atZone(zone).toLocalTime();
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : !time.isBefore(from) || time.isBefore(to);
  }

  /** How long it is from the moment until they end. */
  public Duration untilEnd(Instant moment) {
    return until(moment, to);
  }

  /** When they begin next after the moment. */
  public ZonedDateTime begins(Instant moment) {
    return moment.plus(until(moment, from)).atZone(zone);
  }

  private Duration until(Instant moment, LocalTime time) {
    ZonedDateTime now = moment.atZone(zone);
    ZonedDateTime then = now.toLocalDate().atTime(time).atZone(zone);
    return Duration.between(
        now, then.isAfter(now) ? then : now.toLocalDate().plusDays(1).atTime(time).atZone(zone));
  }

  @Override
  public String toString() {
    return "%s to %s (%s)".formatted(from, to, zone);
  }
}
