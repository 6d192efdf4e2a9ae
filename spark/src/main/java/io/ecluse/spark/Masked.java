package io.ecluse.spark;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;

/**
 * What may be said of an error of Spark's where others read it: its texts quote values of rows.
 * Only what is known to speak of the statement, the cluster and its machines is passed on.
 */
final class Masked {
  private static final String WHERE =
      "; values of rows are not told here: run the SELECT with ecluse query to see which, or use TRY_CAST";

  private static final Set<String> CONVERSIONS =
      Set.of(
          "CAST_INVALID_INPUT",
          "CAST_OVERFLOW",
          "CAST_OVERFLOW_IN_TABLE_INSERT",
          "CANNOT_PARSE_TIMESTAMP",
          "CONVERSION_INVALID_INPUT",
          "INVALID_NUMERIC_LITERAL_RANGE");

  private static final Pattern CONDITION =
      Pattern.compile("\\[([A-Z][A-Z0-9_]+(?:\\.[A-Z0-9_]+)*)\\]");

  /** An exception with its text, in a line of a log. */
  private static final Pattern THROWN = Pattern.compile("([\\w.$]+(?:Exception|Error)): ");

  /** Whose exceptions tell of machines, files and networks. */
  private static final Pattern OF_MACHINES =
      Pattern.compile(
          "java\\.(io|net|nio|util\\.concurrent)\\..*|java\\.lang\\.\\w*Error|org\\.apache\\.(iceberg|hadoop)\\..*|org\\.apache\\.spark\\.(rpc|network|shuffle|storage|memory)\\..*|(IO|Connect|UnknownHost|SocketTimeout|NoSuchFile|FileNotFound)Exception");

  private Masked() {}

  /** Whether a condition is of the rows that a statement meets, and not of Spark itself. */
  static boolean isOfValues(String condition) {
    return !condition.startsWith("INTERNAL_ERROR")
        && !condition.startsWith("FAILED_READ_FILE")
        && !condition.startsWith("TASK_WRITE_FAILED")
        && !condition.startsWith("_LEGACY");
  }

  /** What failed, with the type if it is named, and no value. */
  static String masked(SparkThrowable e) {
    String condition = e.getCondition();
    Map<String, String> told = e.getMessageParameters();
    if (CONVERSIONS.contains(condition)) {
      return "A value cannot be converted"
          + Optional.ofNullable(told.get("targetType"))
              .map(t -> " to " + t.replace("\"", ""))
              .orElse("")
          + WHERE;
    } else if (condition.equals("DIVIDE_BY_ZERO")) {
      return "A number is divided by zero; nullif(divisor, 0) makes it unknown instead";
    }
    String lower = condition.toLowerCase(Locale.ROOT);
    return (lower.contains("overflow") || lower.contains("out_of_range")
            ? "A value is out of range"
            : "The query failed on a value")
        + " (%s)".formatted(condition)
        + WHERE;
  }

  /** A line of a log: what follows the name of an error of rows is left out. */
  static String line(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    Matcher condition = CONDITION.matcher(line);
    if (condition.find() && isOfValues(condition.group(1))) {
      return line.substring(0, condition.end()) + " (values of rows are not told here)";
    }
    Matcher thrown = THROWN.matcher(line);
    while (thrown.find()) {
      if (!OF_MACHINES.matcher(thrown.group(1)).matches()) {
        return line.substring(0, thrown.end(1)) + " (values of rows are not told here)";
      }
    }
    return line;
  }
}
