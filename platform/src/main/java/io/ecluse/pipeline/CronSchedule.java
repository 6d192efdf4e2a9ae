package io.ecluse.pipeline;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The times of a {@link Schedule}. Immutable and thread-safe.
 *
 * <p>When clocks change: a schedule at fixed hours fires once a day whatever the clock does. A time
 * that the clock skips fires at the moment of the change, a time that comes twice fires the first
 * time. A schedule of every hour ({@code *} as its hour) follows elapsed time instead: it skips
 * nothing and keeps its pace through a repeated hour. This is what Vixie cron does.
 */
public final class CronSchedule {
  private static final int FIELDS = 5;
  private static final int SEARCH_LIMIT = 200;

  private final Schedule schedule;
  private final ExecutionTime times;

  public CronSchedule(Schedule schedule) {
    this.schedule = schedule;
    this.times = ExecutionTime.forCron(parse(schedule.cron()));
  }

  /** The first time strictly after the given one; empty if there is none, as for 30 February. */
  public Optional<Instant> next(Instant after) {
    return followsElapsedTime() ? nextElapsed(after) : nextOnTheClock(after);
  }

  /** The last time strictly before the given one; empty if there is none. */
  public Optional<Instant> previous(Instant before) {
    // A search backwards would need its own rules for clock changes, and must never disagree with
    // next(). So: step back until a next() lies before the limit, then walk forward to the last
    // one.
    LocalDateTime cursor = local(before, rules().getOffset(before)).plusHours(3);
    for (int i = 0; i < SEARCH_LIMIT; i++) {
      Optional<LocalDateTime> earlier = lastLocal(cursor);
      if (earlier.isEmpty()) {
        return Optional.empty();
      }
      cursor = earlier.get();
      Optional<Instant> found = next(resolve(cursor).minusSeconds(2 * 3600L));
      if (found.isPresent() && found.get().isBefore(before)) {
        return Optional.of(lastBefore(before, found.get()));
      }
    }
    return Optional.empty();
  }

  static void check(String cron) {
    parse(cron);
  }

  private Instant lastBefore(Instant before, Instant first) {
    Instant last = first;
    Optional<Instant> candidate = next(last);
    while (candidate.isPresent() && candidate.get().isBefore(before)) {
      last = candidate.get();
      candidate = next(last);
    }
    return last;
  }

  private Optional<Instant> nextOnTheClock(Instant after) {
    LocalDateTime cursor = local(after, rules().getOffset(after));
    for (int i = 0; i < SEARCH_LIMIT; i++) {
      Optional<LocalDateTime> candidate = nextLocal(cursor);
      if (candidate.isEmpty()) {
        return Optional.empty();
      }
      cursor = candidate.get();
      Instant instant = resolve(cursor);
      if (instant.isAfter(after)) {
        return Optional.of(instant);
      }
    }
    return Optional.empty();
  }

  /** Walks stretches of constant offset, in each of which the clock runs as time does. */
  private Optional<Instant> nextElapsed(Instant after) {
    Instant from = after;
    for (int i = 0; i < SEARCH_LIMIT; i++) {
      ZoneOffset offset = rules().getOffset(from);
      Optional<LocalDateTime> candidate = nextLocal(local(from, offset));
      Optional<ZoneOffsetTransition> change =
          Optional.ofNullable(rules().nextTransition(from)); // null where clocks never change again
      Optional<Instant> instant = candidate.map(at -> at.toInstant(offset));
      boolean beyondChange =
          change.isPresent()
              && instant.map(at -> !at.isBefore(change.get().getInstant())).orElse(true);
      if (!beyondChange) {
        return instant;
      }
      Optional<Instant> atChange = firstFrom(change.orElseThrow());
      if (atChange.isPresent()) {
        return atChange;
      }
      from = change.orElseThrow().getInstant();
    }
    return Optional.empty();
  }

  /** The moment of the change itself, when the clock it changes to shows a scheduled time. */
  private Optional<Instant> firstFrom(ZoneOffsetTransition change) {
    LocalDateTime shown = change.getDateTimeAfter();
    return nextLocal(shown.minusNanos(1)).filter(shown::equals).map(at -> change.getInstant());
  }

  private boolean followsElapsedTime() {
    return fields(schedule.cron()).get(1).equals("*");
  }

  private Instant resolve(LocalDateTime at) {
    ZoneOffsetTransition change = rules().getTransition(at);
    return change != null && change.isGap()
        ? change.getInstant()
        : at.atZone(schedule.zone()).withEarlierOffsetAtOverlap().toInstant();
  }

  private ZoneRules rules() {
    return schedule.zone().getRules();
  }

  private static LocalDateTime local(Instant at, ZoneOffset offset) {
    return LocalDateTime.ofInstant(at, offset);
  }

  private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
    return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(at -> at.toLocalDateTime());
  }

  private Optional<LocalDateTime> lastLocal(LocalDateTime before) {
    return times.lastExecution(before.atZone(ZoneOffset.UTC)).map(at -> at.toLocalDateTime());
  }

  private static List<String> fields(String cron) {
    return Pattern.compile("\\s+").splitAsStream(cron).filter(f -> !f.isEmpty()).toList();
  }

  private static Cron parse(String cron) {
    int fields = fields(cron).size();
    if (fields != FIELDS) {
      throw Checks.invalid(
          "A cron schedule has 5 fields (minute hour day month weekday), but '%s' has %d"
              .formatted(cron, fields));
    }
    try {
      CronParser parser =
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
      return parser.parse(cron).validate();
    } catch (IllegalArgumentException e) {
      throw Checks.invalid("'%s' is no cron schedule: %s".formatted(cron, reason(e)));
    }
  }

  private static String reason(IllegalArgumentException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }
}
