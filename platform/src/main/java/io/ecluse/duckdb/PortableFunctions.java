package io.ecluse.duckdb;

import io.ecluse.duckdb.Portability.Place;
import io.ecluse.duckdb.PortableKinds.Kind;
import io.ecluse.schema.PortabilityRules;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What Spark makes otherwise of a function, an operator or a window. */
final class PortableFunctions {
  private static final Set<String> TRANSCENDENTAL =
      Set.of(
          "exp", "ln", "log", "log10", "log2", "power", "pow", "sin", "cos", "tan", "asin", "acos",
          "atan", "atan2", "cbrt", "degrees", "radians", "cot", "sinh", "cosh", "tanh");
  private static final Set<String> PARTS =
      Set.of("year", "quarter", "month", "week", "day", "doy", "hour", "minute");
  private static final Set<String> LISTS =
      Set.of(
          "list_value",
          "struct_pack",
          "map",
          "array_value",
          "unnest",
          "list",
          "range",
          "generate_series",
          "array_agg",
          "split",
          "string_split");
  private static final Set<String> NUMBERING =
      Set.of(
          "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead");

  /** Of these signs both engines make the same; no class by name, no look-around, no escape. */
  private static final Pattern PATTERN =
      Pattern.compile("(?:[^\\\\(\\[]|\\((?!\\?)|\\(\\?:|\\[\\^?\\]?[^\\[\\]\\\\&]*\\])*");

  private final Portability portability;
  private final Place place;
  private final JsonNode children;
  private final String name;

  PortableFunctions(Portability portability, Place place) {
    this.portability = portability;
    this.place = place;
    this.children = place.node().path("children");
    this.name = place.function();
  }

  /** Whether the arguments are to be looked at too. */
  boolean check() {
    if (Portability.INTERVALS.contains(name)) {
      if (!PortableCasts.isAdded(place)) {
        portability.tell("interval", "INTERVAL", place);
      }
      return false; // of the engine's own making
    }
    if (place.outer().map(Place::type).orElse("").equals("TABLE_FUNCTION")) {
      return true; // looked at as such
    }
    boolean isOrdered = !place.node().path("order_bys").path("orders").isEmpty();
    if (name.equals("quantile_cont") && isOrdered) {
      return true; // percentile_cont, as the tree has it
    }
    if (isOrdered) {
      portability.tell("aggregate-order", name, place);
    }
    if (TRANSCENDENTAL.contains(name) && !name.equals("log")) {
      if (!isInCast("DECIMAL")) {
        portability.tell("transcendental", name, place);
      }
    } else if (LISTS.contains(name)) {
      portability.tell("list", name, place);
    } else if (!PortabilityRules.isSame(name)) {
      portability.tellFunction(name, place);
    } else {
      arguments();
    }
    return true;
  }

  private void arguments() {
    switch (name) {
      case "/" -> division();
      case "%", "mod" -> {
        if (!isNeverZero(children.path(1))) {
          portability.tell("remainder-zero", name, place);
        }
      }
      case "+", "-" -> sum();
      case "avg" -> average();
      case "floor", "ceil", "ceiling" -> {
        if (PortableKinds.of(children.path(0)) != Kind.DECIMAL
            && !isInCast("BIGINT")
            && !isInCast("INTEGER")) {
          portability.tell("cast-floor", name, place);
        }
      }
      case "round" -> round();
      case "chr" -> {
        if (!PortableKinds.isAtLeast(children.path(0), 0)
            || PortableKinds.isAtLeast(children.path(0), 128)) {
          portability.tell("chr", name, place);
        }
      }
      case "left", "right" -> {
        if (!isAlwaysAtLeast(children.path(1), 0)) {
          portability.tell("left-negative", name, place);
        }
      }
      case "substr", "substring" -> substr();
      case "date_trunc" -> {
        if (!isInCast("DATE") && !isInCast("TIMESTAMP")) {
          portability.tell("date-trunc", name, place);
        }
      }
      case "date_part", "datepart" -> part();
      case "regexp_extract", "regexp_replace" -> regexp();
      case "split_part" -> {
        if (PortableKinds.isAtLeast(children.path(2), 0)
            && !PortableKinds.isAtLeast(children.path(2), 1)) {
          portability.tell("split-part-zero", name, place);
        }
      }
      case "date_add" -> {
        if (PortableKinds.of(children.path(1)) == Kind.INTERVAL) {
          portability.tellFunction(name, place);
        }
      }
      case "||" -> {
        for (JsonNode child : children) {
          if (PortableKinds.of(child) == Kind.NOTHING) {
            portability.tell("nothing-compared", "NULL", place);
          }
        }
      }
      default -> {}
    }
  }

  private boolean isInCast(String type) {
    JsonNode around = place.around();
    return around.path("class").asString("").equals("CAST")
        && around.path("cast_type").path("id").asString("").equals(type);
  }

  private void division() {
    Kind left = PortableKinds.of(children.path(0));
    Kind right = PortableKinds.of(children.path(1));
    if (!isNeverZero(children.path(1))) {
      portability.tell("zero-division", "/", place);
    } else if (!isWholeQuotient()
        && left != Kind.DOUBLE
        && right != Kind.DOUBLE
        && !(left == Kind.WHOLE && right == Kind.WHOLE)) {
      portability.tell("division", "/", place);
    }
  }

  /** {@code CAST((a - a % b) / b AS bigint)}, of which nothing is left to round. */
  private boolean isWholeQuotient() {
    return PortableKinds.isWholeQuotient(place.node())
        && (isInCast("BIGINT") || isInCast("INTEGER"));
  }

  private static boolean isNeverZero(JsonNode divisor) {
    JsonNode bare =
        divisor.path("class").asString("").equals("CAST") ? divisor.path("child") : divisor;
    boolean constant =
        bare.path("class").asString("").equals("CONSTANT")
            && bare.path("value").path("value").isNumber()
            && bare.path("value").path("value").asDouble() != 0;
    boolean checked =
        PortableKinds.isFunction(bare, "nullif")
            && bare.path("children").path(1).path("value").path("value").asDouble(1) == 0;
    return constant || checked || isAlwaysAtLeast(bare, 1);
  }

  private static boolean isAlwaysAtLeast(JsonNode number, long least) {
    if (PortableKinds.isFunction(number, "greatest")) {
      for (JsonNode child : number.path("children")) {
        if (PortableKinds.isAtLeast(child, least)) {
          return true;
        }
      }
    }
    return PortableKinds.isAtLeast(number, least);
  }

  private void sum() {
    if (children.size() < 2) {
      return;
    }
    Kind left = PortableKinds.of(children.path(0));
    Kind right = PortableKinds.of(children.path(1));
    if (left == Kind.INTERVAL || right == Kind.INTERVAL) {
      boolean timed = left == Kind.TIMESTAMP || right == Kind.TIMESTAMP;
      if (!timed && !isInCast("DATE") && !isInCast("TIMESTAMP")) {
        portability.tell("date-interval", name, place);
      }
    } else if (name.equals("-") && isTime(left) && isTime(right)
        || name.equals("-") && isTime(right)
        || name.equals("-") && left == Kind.TIMESTAMP) {
      boolean counted =
          left != Kind.TIMESTAMP
              && right != Kind.TIMESTAMP
              && (isInCast("INTEGER") || isInCast("BIGINT"));
      if (!counted) {
        portability.tell("date-difference", name, place);
      }
    }
  }

  private static boolean isTime(Kind kind) {
    return kind == Kind.DATE || kind == Kind.TIMESTAMP || kind == Kind.ZONED;
  }

  private void average() {
    Kind kind = PortableKinds.of(children.path(0));
    if (kind != Kind.DOUBLE && kind != Kind.WHOLE && kind != Kind.REAL) {
      portability.tell("avg", name, place);
    }
  }

  private void round() {
    Kind kind = PortableKinds.of(children.path(0));
    boolean digits = children.size() > 1 && !isNotAbove(children.path(1));
    if (digits && kind != Kind.DECIMAL && kind != Kind.WHOLE) {
      portability.tell("round-double", name, place);
    }
  }

  /** A number in the text that is not above 0; {@code -2} is a sign and a number. */
  private static boolean isNotAbove(JsonNode number) {
    return PortableKinds.isFunction(number, "-") && number.path("children").size() == 1
        || PortableKinds.isAtLeast(number, Long.MIN_VALUE) && !PortableKinds.isAtLeast(number, 1);
  }

  private void substr() {
    JsonNode start = children.path(1);
    boolean isNegative =
        PortableKinds.isFunction(start, "-") && start.path("children").size() == 1
            || PortableKinds.isAtLeast(start, Long.MIN_VALUE) && !PortableKinds.isAtLeast(start, 0);
    boolean isBehind =
        PortableKinds.isFunction(start, "+")
            && Set.of("instr", "position", "length")
                .contains(start.path("children").path(0).path("function_name").asString(""))
            && PortableKinds.isAtLeast(start.path("children").path(1), 1);
    if (!isNegative && !isBehind && !isAlwaysAtLeast(start, 1)) {
      portability.tell("substr-zero", name, place);
    }
  }

  private void part() {
    String part =
        children
            .path(0)
            .path("value")
            .path("value")
            .asString("")
            .toLowerCase(java.util.Locale.ROOT);
    if (part.equals("dow") || part.equals("dayofweek")) {
      boolean subtracted = place.outer().map(Place::function).orElse("").equals("-");
      for (JsonNode side : place.around().path("children")) {
        subtracted &= PortableKinds.isFunction(side, "date_part");
      }
      if (!subtracted) {
        portability.tell("dow", "dow", place);
      }
    } else if (part.equals("second")) {
      if (!place.outer().map(Place::function).orElse("").equals("floor")) {
        portability.tell("second", part, place);
      }
    } else if (!PARTS.contains(part)) {
      portability.tell("date-part", part, place);
    }
  }

  private void regexp() {
    JsonNode value = children.path(1).path("value").path("value");
    String pattern = value.asString("");
    if (!value.isString() || !PATTERN.matcher(pattern).matches()) {
      portability.tell("regexp-pattern", name, place);
    } else if (name.equals("regexp_extract")) {
      if (children.size() != 3) {
        portability.tell("regexp-extract", name, place);
      }
    } else if (children.size() != 3
        || !(pattern.startsWith("^") || pattern.endsWith("$"))
        || pattern.contains("|")
        || children.path(2).path("value").path("value").asString("$").matches("(?s).*[$\\\\].*")) {
      portability.tell("regexp-replace", name, place);
    }
  }

  void checkWindow() {
    JsonNode node = place.node();
    if (node.path("filter_expr").isObject()
        || node.path("ignore_nulls").asBoolean(false)
        || node.path("distinct").asBoolean(false)
        || !node.path("exclude_clause").asString("NO_OTHER").equals("NO_OTHER")
        || !node.path("arg_orders").isEmpty()
        || node.path("start").asString("").endsWith("_GROUPS")
        || node.path("end").asString("").endsWith("_GROUPS")) {
      portability.tell("window-filter", name, place);
    }
    if (NUMBERING.contains(name) && node.path("orders").isEmpty()) {
      portability.tell("window-order", name, place);
    }
    if (!PortabilityRules.isSame(name)) {
      portability.tellFunction(name, place);
    } else if (name.equals("avg")) {
      average();
    }
  }
}
