package io.ecluse.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ecluse.error.ErrorCode;
import io.ecluse.text.Sha256;
import io.ecluse.warehouse.MadeRequests;
import io.ecluse.warehouse.OpenCatalog;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Requests that carry the protocol's {@code Idempotency-Key}: whoever has not heard the answer
 * sends one again, and what it asks for is done once.
 */
final class Repetition {
  /** Keys are kept as long as their run goes on, and nothing is asked of it later. */
  static final String LIFETIME = "PT24H";

  private static final String HEADER = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[0-9A-Za-z_-]{16,64}");

  private Repetition() {}

  static Optional<MadeRequests.Keyed> key(Ask ask) {
    return ask.header(HEADER)
        .map(
            key -> {
              if (!KEY.matcher(key).matches()) {
                throw ErrorCode.INVALID_USAGE.error(
                    "Idempotency-Key must be a UUID, but has %d characters"
                        .formatted(key.length()));
              }
              return new MadeRequests.Keyed(key, checksum(ask));
            });
  }

  private static String checksum(Ask ask) {
    MessageDigest sum = Sha256.begin();
    sum.update((ask.method() + " " + ask.path() + "\n").getBytes(UTF_8));
    sum.update(ask.body());
    return Sha256.end(sum);
  }

  /**
   * Answers, whether it was made before or not.
   *
   * @param noting the catalog whose changes note the key
   */
  static Answer once(
      Route route,
      Visit visit,
      MadeRequests.Keyed key,
      Function<MadeRequests.Keyed, OpenCatalog> noting) {
    if (visit.catalog().requests().isMade(key)) {
      return route.again().answer(visit);
    }
    try {
      return route.handler().answer(visit.in(noting.apply(key)));
    } catch (MadeRequests.Repeated e) { // at the same moment
      return visit.catalog().requests().isMade(key)
          ? route.again().answer(visit)
          : route.handler().answer(visit);
    }
  }
}
