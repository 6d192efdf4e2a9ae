package io.ecluse.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Times for people, in their zone, which is told: a log is read elsewhere, too. */
record Times(ZoneId zone) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx");

  String text(Instant time) {
    return TIME.withZone(zone).format(time);
  }

  String text(Optional<Instant> time) {
    return time.map(this::text).orElse("-");
  }
}
