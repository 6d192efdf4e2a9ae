package io.ecluse.duckdb;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What kind of value an expression is, as far as the text of a query tells it. */
final class PortableKinds {
  private static final int DEEPEST = 40;
  private static final Set<String> WHOLE =
      Set.of(
          "count",
          "count_star",
          "count_if",
          "length",
          "char_length",
          "instr",
          "position",
          "year",
          "month",
          "day",
          "quarter",
          "hour",
          "minute",
          "dayofmonth",
          "dayofyear",
          "weekofyear",
          "row_number",
          "rank",
          "dense_rank",
          "ntile",
          "levenshtein",
          "ascii",
          "bit_length",
          "octet_length",
          "bit_count",
          "date_part",
          "datepart",
          "second");
  private static final Set<String> TEXTS =
      Set.of(
          "lower",
          "upper",
          "substr",
          "substring",
          "trim",
          "ltrim",
          "rtrim",
          "replace",
          "lpad",
          "rpad",
          "left",
          "right",
          "||",
          "concat_ws",
          "split_part",
          "regexp_extract",
          "regexp_replace",
          "repeat",
          "translate",
          "chr",
          "md5",
          "lcase",
          "ucase");
  private static final Set<String> DOUBLES =
      Set.of(
          "avg",
          "/",
          "sqrt",
          "stddev",
          "stddev_samp",
          "stddev_pop",
          "variance",
          "var_samp",
          "var_pop",
          "corr",
          "pi",
          "radians",
          "degrees",
          "percent_rank",
          "cume_dist",
          "exp",
          "ln",
          "log10",
          "log2",
          "power",
          "pow",
          "sin",
          "cos",
          "tan",
          "median");
  private static final Set<String> OF_FIRST =
      Set.of(
          "sum",
          "min",
          "max",
          "abs",
          "round",
          "floor",
          "ceil",
          "ceiling",
          "lag",
          "lead",
          "first_value",
          "last_value",
          "nth_value",
          "nullif");
  private static final Set<String> OF_ALL = Set.of("*", "%", "mod", "greatest", "least");

  private static final Pattern LOCATION = Pattern.compile("\"query_location\":[0-9]+");

  private PortableKinds() {}

  enum Kind {
    WHOLE,
    DECIMAL,
    DOUBLE,
    REAL,
    TEXT,
    DATE,
    TIMESTAMP,
    ZONED,
    BOOLEAN,
    INTERVAL,
    /** NULL by itself, which is of any. */
    NOTHING,
    UNKNOWN
  }

  static Kind of(JsonNode node) {
    return of(node, 0);
  }

  private static Kind of(JsonNode node, int depth) {
    if (depth > DEEPEST) {
      return Kind.UNKNOWN;
    }
    return switch (node.path("class").asString("")) {
      case "CONSTANT" ->
          node.path("value").path("is_null").asBoolean(false)
              ? Kind.NOTHING
              : ofType(node.path("value").path("type"));
      case "CAST" -> ofType(node.path("cast_type"));
      case "COMPARISON", "CONJUNCTION", "BETWEEN" -> Kind.BOOLEAN;
      case "OPERATOR" ->
          node.path("type").asString("").equals("OPERATOR_COALESCE")
              ? together(node.path("children"), depth)
              : node.path("type").asString("").equals("GROUPING_FUNCTION")
                  ? Kind.WHOLE
                  : Kind.BOOLEAN;
      case "CASE" -> ofCase(node, depth);
      case "FUNCTION", "WINDOW" -> ofFunction(node, depth);
      default -> Kind.UNKNOWN;
    };
  }

  static Kind ofType(JsonNode type) {
    return switch (type.path("id").asString("")) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT" -> Kind.WHOLE;
      case "DECIMAL" -> Kind.DECIMAL;
      case "DOUBLE" -> Kind.DOUBLE;
      case "FLOAT" -> Kind.REAL;
      case "VARCHAR" -> Kind.TEXT;
      case "DATE" -> Kind.DATE;
      case "TIMESTAMP" -> Kind.TIMESTAMP;
      case "TIMESTAMP WITH TIME ZONE" -> Kind.ZONED;
      case "BOOLEAN" -> Kind.BOOLEAN;
      case "INTERVAL" -> Kind.INTERVAL;
      default -> Kind.UNKNOWN;
    };
  }

  private static Kind ofCase(JsonNode node, int depth) {
    Kind kind = of(node.path("else_expr"), depth + 1);
    for (JsonNode check : node.path("case_checks")) {
      kind = together(kind, of(check.path("then_expr"), depth + 1));
    }
    return kind;
  }

  private static Kind ofFunction(JsonNode node, int depth) {
    String name = node.path("function_name").asString("").toLowerCase(Locale.ROOT);
    JsonNode children = node.path("children");
    if (name.equals("date_part") && isText(children.path(0), "second")) {
      return Kind.DECIMAL;
    } else if (WHOLE.contains(name)) {
      return Kind.WHOLE;
    } else if (TEXTS.contains(name)) {
      return Kind.TEXT;
    } else if (DOUBLES.contains(name)) {
      return Kind.DOUBLE;
    } else if (Portability.INTERVALS.contains(name)) {
      return Kind.INTERVAL;
    } else if (OF_FIRST.contains(name)) {
      return of(children.path(0), depth + 1);
    } else if (OF_ALL.contains(name)) {
      return together(children, depth);
    } else if (name.equals("+") || name.equals("-")) {
      return ofSum(children, depth);
    }
    return switch (name) {
      case "date_trunc", "now", "get_current_timestamp" -> Kind.TIMESTAMP;
      case "last_day", "make_date", "date_add", "current_date" -> Kind.DATE;
      case "bool_and", "bool_or", "contains" -> Kind.BOOLEAN;
      default -> Kind.UNKNOWN;
    };
  }

  private static Kind ofSum(JsonNode children, int depth) {
    Kind left = of(children.path(0), depth + 1);
    if (children.size() == 1) {
      return left;
    }
    Kind right = of(children.path(1), depth + 1);
    if (left == Kind.TIMESTAMP || left == Kind.INTERVAL || right == Kind.INTERVAL) {
      return Kind.TIMESTAMP;
    } else if (left == Kind.DATE && right == Kind.WHOLE) {
      return Kind.DATE;
    }
    return left == Kind.DATE ? Kind.UNKNOWN : together(left, right);
  }

  private static Kind together(JsonNode children, int depth) {
    Kind kind = Kind.NOTHING;
    for (JsonNode child : children) {
      kind = together(kind, of(child, depth + 1));
    }
    return kind;
  }

  private static Kind together(Kind left, Kind right) {
    List<Kind> both = List.of(left, right);
    if (left == right || right == Kind.NOTHING) {
      return left;
    } else if (left == Kind.NOTHING) {
      return right;
    } else if (both.contains(Kind.DOUBLE)) {
      return Kind.DOUBLE;
    } else if (both.contains(Kind.WHOLE) && both.contains(Kind.DECIMAL)) {
      return Kind.DECIMAL;
    }
    return Kind.UNKNOWN;
  }

  static boolean isText(JsonNode node, String text) {
    return node.path("value").path("value").asString("").equalsIgnoreCase(text);
  }

  /** Whether it is a number in the text, and not below that. */
  static boolean isAtLeast(JsonNode node, long least) {
    JsonNode value = node.path("value");
    return node.path("class").asString("").equals("CONSTANT")
        && value.path("value").isNumber()
        && ofType(value.path("type")) == Kind.WHOLE
        && value.path("value").asDouble() >= least;
  }

  static boolean isFunction(JsonNode node, String name) {
    return node.path("class").asString("").equals("FUNCTION")
        && node.path("function_name").asString("").equalsIgnoreCase(name);
  }

  /** {@code (a - a % b) / b}, which is whole if a and b are. */
  static boolean isWholeQuotient(JsonNode node) {
    JsonNode above = node.path("children").path(0);
    JsonNode below = node.path("children").path(1);
    JsonNode rest = above.path("children").path(1);
    return isFunction(node, "/")
        && isFunction(above, "-")
        && (isFunction(rest, "%") || isFunction(rest, "mod"))
        && isSame(above.path("children").path(0), rest.path("children").path(0))
        && isSame(below, rest.path("children").path(1));
  }

  /** Whether both are written alike, wherever they stand. */
  private static boolean isSame(JsonNode left, JsonNode right) {
    return LOCATION
        .matcher(left.toString())
        .replaceAll("")
        .equals(LOCATION.matcher(right.toString()).replaceAll(""));
  }
}
