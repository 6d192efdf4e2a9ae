package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.DataType;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.StagedColumn;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** From where on an API is asked for what is new, in the words in which it writes the cursor. */
record Since(String source, String stream, HttpSettings.Since spec) {
  private static final Set<DataType.Kind> NUMBERS =
      EnumSet.of(
          DataType.Kind.INTEGER,
          DataType.Kind.BIGINT,
          DataType.Kind.REAL,
          DataType.Kind.DOUBLE,
          DataType.Kind.DECIMAL);

  /**
   * The parameter that asks for what is new since a batch that saw a value, as a number if the
   * column is one.
   */
  Map<String, JsonNode> parameter(BatchManifest batch) {
    String seen = batch.increment().flatMap(Increment::to).orElseThrow();
    String from = before(seen);
    boolean number =
        batch.columns().stream()
            .map(StagedColumn::column)
            .anyMatch(c -> c.name().equals(spec.cursor()) && NUMBERS.contains(c.type().kind()));
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return Map.of(
        spec.parameter(), number ? nodes.numberNode(new BigDecimal(from)) : nodes.stringNode(from));
  }

  /** The value that comes so long before one that was seen. */
  String before(String seen) {
    if (spec.lookBack().isEmpty()) {
      return seen;
    }
    String back = spec.lookBack().get();
    if (back.matches("\\d+")) {
      try {
        return new BigDecimal(seen).subtract(new BigDecimal(back)).toPlainString();
      } catch (NumberFormatException e) {
        throw wrong("a whole number", e);
      }
    }
    Duration time = Duration.parse(back);
    List<Function<String, String>> ways =
        List.of(
            t -> utc(OffsetDateTime.parse(t).minus(time)),
            t -> LocalDateTime.parse(t).minus(time).toString(),
            t -> LocalDate.parse(t).atStartOfDay().minus(time).toLocalDate().toString());
    Optional<RuntimeException> first = Optional.empty();
    for (Function<String, String> way : ways) {
      try {
        return way.apply(seen.replace(' ', 'T'));
      } catch (DateTimeException e) {
        first = first.or(() -> Optional.of(e));
      }
    }
    throw wrong("a duration", first.orElseThrow());
  }

  private static String utc(OffsetDateTime moment) {
    return moment.getOffset().equals(ZoneOffset.UTC)
        ? moment.toInstant().toString()
        : moment.toString();
  }

  private EcluseException wrong(String what, RuntimeException cause) {
    return new EcluseException(
        ErrorCode.INVALID_PROJECT,
        "sources/%s.yaml: look_back of stream %s is %s, but the values of column %s are not as ISO 8601 or numbers ask for it; say one that fits, or none"
            .formatted(source, stream, what, spec.cursor()),
        new IllegalArgumentException(cause.getClass().getSimpleName()));
  }
}
