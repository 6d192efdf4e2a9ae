package io.ecluse.project;

import java.util.Optional;

/** The bounds of a range as they are written: numbers, or dates and times. */
record RangeBounds(Optional<ColumnTest.Literal> min, Optional<ColumnTest.Literal> max) {
  static RangeBounds of(Value.Entries range) {
    return new RangeBounds(bound(range, "min"), bound(range, "max"));
  }

  private static Optional<ColumnTest.Literal> bound(Value.Entries range, String key) {
    Optional<ColumnTest.Literal> number = range.number(key).map(ColumnTest.Literal.Numeric::new);
    return number.or(() -> range.text(key).map(t -> ColumnTest.Literal.Moment.of(t.text())));
  }

  ColumnTest.Range range() {
    return new ColumnTest.Range(min, max);
  }

  /** What is wrong, and what to do. */
  record Mistake(String message, String hint) {}

  /** What is wrong with the two together, if anything is. */
  Optional<Mistake> mistake() {
    if (min.isEmpty() || max.isEmpty()) {
      return Optional.empty();
    }
    Optional<Integer> order = order(min.get(), max.get());
    if (order.isEmpty()) {
      return Optional.of(
          new Mistake(
              "A number and a date are no bounds of one range", "write two numbers or two dates"));
    }
    return order.get() > 0
        ? Optional.of(
            new Mistake(
                "No value lies between %s and %s".formatted(shown(min.get()), shown(max.get())),
                "exchange min and max"))
        : Optional.empty();
  }

  private static Optional<Integer> order(ColumnTest.Literal one, ColumnTest.Literal other) {
    if (one instanceof ColumnTest.Literal.Numeric a
        && other instanceof ColumnTest.Literal.Numeric b) {
      return Optional.of(a.value().compareTo(b.value()));
    }
    if (one instanceof ColumnTest.Literal.Moment a
        && other instanceof ColumnTest.Literal.Moment b) {
      boolean wholeDay = b.time().isEmpty() && a.day().equals(b.day());
      return Optional.of(wholeDay ? 0 : a.begin().compareTo(b.begin()));
    }
    return Optional.empty();
  }

  private static String shown(ColumnTest.Literal bound) {
    return bound instanceof ColumnTest.Literal.Moment moment
        ? moment.time().map(t -> moment.day() + " " + t).orElse(moment.day().toString())
        : bound.sql();
  }
}
