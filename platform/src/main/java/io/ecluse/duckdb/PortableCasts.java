package io.ecluse.duckdb;

import io.ecluse.duckdb.Portability.Place;
import io.ecluse.duckdb.PortableKinds.Kind;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Spark makes otherwise of a cast. */
record PortableCasts(Portability portability, Place place) {
  private static final Set<String> TYPES =
      Set.of(
          "BOOLEAN",
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "FLOAT",
          "DOUBLE",
          "DECIMAL",
          "VARCHAR",
          "DATE",
          "TIMESTAMP",
          "BLOB",
          "INTERVAL");
  private static final Set<String> ROUNDED = Set.of("round", "floor", "ceil", "ceiling");

  /** Whether what is cast is to be looked at too. */
  boolean check() {
    String type = place.node().path("cast_type").path("id").asString("");
    if (!TYPES.contains(type)) {
      boolean isList = type.equals("LIST") || type.equals("STRUCT") || type.equals("MAP");
      portability.tell(isList ? "list" : "type", type, place);
      return true;
    }
    switch (type) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> {
        if (!isWhole()) {
          portability.tell("cast-rounds", type, place);
        }
      }
      case "VARCHAR" -> {
        Kind kind = PortableKinds.of(child());
        if (kind == Kind.DOUBLE || kind == Kind.REAL || kind == Kind.ZONED) {
          portability.tell("text-of-number", type, place);
        }
      }
      case "DATE", "TIMESTAMP" -> {
        String text = child().path("value").path("value").asString("");
        if (text.toLowerCase(Locale.ROOT).contains("infinity")) {
          portability.tell("infinity", text, place);
        }
      }
      case "INTERVAL" -> {
        if (!isAdded(place)) {
          portability.tell("interval", type, place);
        }
      }
      default -> {}
    }
    return true;
  }

  /** Whether it is added to something, or is the width of a window. */
  static boolean isAdded(Place interval) {
    String outer = interval.outer().map(Place::function).orElse("");
    String kind = interval.around().path("class").asString("");
    return outer.equals("+") || outer.equals("-") || kind.equals("WINDOW");
  }

  private boolean isWhole() {
    Kind kind = PortableKinds.of(child());
    String function = child().path("function_name").asString("");
    boolean rounded =
        ROUNDED.contains(function)
            && (child().path("children").size() == 1
                || PortableKinds.isAtLeast(child().path("children").path(1), 0)
                    && !PortableKinds.isAtLeast(child().path("children").path(1), 1));
    return kind == Kind.WHOLE
        || kind == Kind.BOOLEAN
        || kind == Kind.NOTHING
        || rounded
        || isDifferenceOfDates()
        || isWholeText()
        || PortableKinds.isWholeQuotient(child());
  }

  /** {@code day - other}, of which one at least is known to be a date. */
  private boolean isDifferenceOfDates() {
    JsonNode sides = child().path("children");
    return PortableKinds.isFunction(child(), "-")
        && sides.size() == 2
        && (PortableKinds.of(sides.path(0)) == Kind.DATE
            || PortableKinds.of(sides.path(1)) == Kind.DATE);
  }

  private boolean isWholeText() {
    return child().path("class").asString("").equals("CONSTANT")
        && PortableKinds.of(child()) == Kind.TEXT
        && child().path("value").path("value").asString("").strip().matches("[+-]?[0-9]+");
  }

  private JsonNode child() {
    return place.node().path("child");
  }
}
