package io.ecluse.pipeline;

import java.time.ZoneId;

/** When a DAG runs by itself: a 5-field UNIX cron expression, read in a time zone. */
public record Schedule(String cron, ZoneId zone) {
  /** Refuses an expression that is not 5-field cron, saying what is wrong with it. */
  public Schedule {
    cron = cron.strip();
    CronSchedule.check(cron);
  }
}
