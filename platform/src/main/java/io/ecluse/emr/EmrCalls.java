package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Requests to EMR, repeated as far as that is safe: what is throttled or was never sent, always;
 * what got no answer, if it changes nothing the second time. It connects when first used.
 *
 * @param <C> client of the service, which has two: with clusters and without
 */
final class EmrCalls<C extends SdkClient> implements AutoCloseable {
  private final EmrAccount account;
  private final Function<EmrAccount, C> open;
  private final EmrPace pace;
  private final EmrErrors errors;
  private Optional<C> client = Optional.empty();

  EmrCalls(EmrAccount account, Function<EmrAccount, C> open, EmrPace pace) {
    this.account = account;
    this.open = open;
    this.pace = pace;
    this.errors = new EmrErrors(account);
  }

  private enum Kind {
    MAY_BE_REPEATED,
    HAPPENS_EACH_TIME
  }

  /** A request that has the same effect however often it is sent. */
  <T> T ask(String what, Function<C, T> call) {
    return repeat(what, call, Kind.MAY_BE_REPEATED);
  }

  /**
   * A request that has its effect each time.
   *
   * @throws EcluseException OUTCOME_UNKNOWN if it was sent and not answered
   */
  <T> T change(String what, Function<C, T> call) {
    return repeat(what, call, Kind.HAPPENS_EACH_TIME);
  }

  /** Asks about something that may have been made a moment ago: the service may not know it yet. */
  <T> T askNew(String what, Function<C, T> call) {
    Patience settling = new Patience(pace.settle());
    for (int looks = 0; ; looks++) {
      try {
        return ask(what, call);
      } catch (EcluseException e) {
        boolean unknown = e.getCause() instanceof SdkException sdk && EmrErrors.isRefusal(sdk);
        if (!unknown || settling.isOver()) {
          throw e;
        }
        Patience.pause(pace.pause(looks));
      }
    }
  }

  private <T> T repeat(String what, Function<C, T> call, Kind kind) {
    Patience patience = new Patience(pace.patience());
    for (int tries = 0; ; tries++) {
      try {
        return call.apply(client());
      } catch (SdkException e) {
        EmrErrors.Effect effect = EmrErrors.effect(e);
        if (effect == EmrErrors.Effect.NONE) {
          throw errors.of(what, e);
        }
        if (effect == EmrErrors.Effect.UNKNOWN && kind == Kind.HAPPENS_EACH_TIME) {
          throw ErrorCode.OUTCOME_UNKNOWN.error(
              "Nobody knows whether EMR did it: %s; its answer did not come".formatted(what), e);
        }
        if (patience.isOver()) {
          throw errors.of(what, e);
        }
        Patience.pause(scattered(pace.pause(tries)));
      }
    }
  }

  /** So that many who were throttled at once do not come back at once. */
  private static Duration scattered(Duration pause) {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1));
  }

  private synchronized C client() {
    if (client.isEmpty()) {
      client = Optional.of(open.apply(account));
    }
    return client.get();
  }

  @Override
  public synchronized void close() {
    client.ifPresent(SdkClient::close);
    client = Optional.empty();
  }
}
