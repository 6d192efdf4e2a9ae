package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Which state of the tables a reader sees. */
public sealed interface ReadView {
  /** What is published now. */
  ReadView PUBLISHED = new Published();

  record Published() implements ReadView {}

  /** What a run has written so far, over what is published: for its own steps and its tests. */
  record OfRun(String runId) implements ReadView {}

  /** What was published at a moment. */
  record AsOf(Instant at) implements ReadView {}

  /** One snapshot of the table that has it; the published state of all others. */
  record AtSnapshot(long snapshotId) implements ReadView {}

  /**
   * A moment as a person writes it: a date, which begins in this time zone, a time, or a snapshot's
   * number.
   *
   * @throws EcluseException INVALID_USAGE if it is none of these
   */
  static ReadView parse(String text, ZoneId zone) {
    try {
      if (text.matches("-?\\d{5,}")) {
        return new AtSnapshot(Long.parseLong(text));
      }
      return new AsOf(
          text.length() == "2026-01-31".length()
              ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
              : Instant.parse(text.toUpperCase(Locale.ROOT)));
    } catch (DateTimeParseException | NumberFormatException e) {
      throw ErrorCode.INVALID_USAGE.error(
          "What to read as of must be a date (2026-01-31), a time (2026-01-31T03:00:00Z) or a snapshot's number, but is '%s'"
              .formatted(text),
          e);
    }
  }
}
