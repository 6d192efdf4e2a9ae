package io.ecluse.query;

import io.ecluse.access.Caller;
import io.ecluse.engine.Cancellation;
import java.time.Duration;

/**
 * Who asks, for what, and how to end it.
 *
 * @param caller whose quota it counts against
 * @param patience how long it waits for a place, before TOO_MANY_REQUESTS
 */
public record Ticket(Caller caller, Lane lane, Duration patience, Cancellation cancellation) {
  private static final Duration PAGE = Duration.ofSeconds(20);
  private static final Duration FOR_LONG = Duration.ofHours(1);

  public static Ticket quick(Caller caller, Cancellation cancellation) {
    return new Ticket(caller, Lane.QUICK, PAGE, cancellation);
  }

  public static Ticket patient(Caller caller, Cancellation cancellation) {
    return new Ticket(caller, Lane.LONG, FOR_LONG, cancellation);
  }
}
