package io.ecluse.source.http;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Which of two cursors is the higher: by number, by moment, or else by their letters. */
final class Order {
  private Order() {}

  /** Below, at or above zero; what is missing is lower than all else. */
  static int of(JsonNode one, JsonNode other) {
    if (isNothing(one) || isNothing(other)) {
      return Boolean.compare(isNothing(other), isNothing(one));
    } else if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    String left = one.asString();
    String right = other.asString();
    Optional<Instant> from = moment(left);
    Optional<Instant> to = moment(right);
    if (from.isPresent() && to.isPresent()) {
      return from.get().compareTo(to.get());
    }
    Optional<BigDecimal> low = number(left);
    Optional<BigDecimal> high = number(right);
    return low.isPresent() && high.isPresent()
        ? low.get().compareTo(high.get())
        : left.compareTo(right);
  }

  private static boolean isNothing(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> moment(String text) {
    String iso = text.replace(' ', 'T');
    try {
      if (iso.indexOf('T') < 0) {
        return Optional.of(LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC));
      }
      return Optional.of(
          iso.matches(".*(Z|[+-]\\d{2}(:?\\d{2})?)")
              ? OffsetDateTime.parse(iso).toInstant()
              : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
