package io.ecluse.schema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the rows of a file or table come to, column by column: how many values are not NULL, and the
 * sum of a number that each stands for. Sums do not depend on the order of rows and add up over
 * files, so what a source, a batch and a table hold can be compared without sorting.
 *
 * <p>The number of a value: a whole number itself; 1 for true; days since 1970 of a date and
 * microseconds of a timestamp; of a float its bits as a signed integer; of all else the first 60
 * bits of the MD5 of its text in UTF-8, or of its bytes.
 *
 * @param columns by name
 */
public record ContentSums(Map<String, Sum> columns) {
  /** The sum of one column. */
  public record Sum(long values, BigInteger total) {
    /** Reads what {@link #toString} writes. */
    public static Sum parse(String text) {
      int colon = text.indexOf(':');
      return new Sum(
          Long.parseLong(text.substring(0, colon)), new BigInteger(text.substring(colon + 1)));
    }

    Sum plus(Sum other) {
      return new Sum(values + other.values, total.add(other.total));
    }

    @Override
    public String toString() {
      return values + ":" + total;
    }
  }

  public static final ContentSums NONE = new ContentSums(Map.of());

  public ContentSums {
    columns = Map.copyOf(columns);
  }

  /** The sums of both. */
  public ContentSums plus(ContentSums other) {
    Map<String, Sum> both = new LinkedHashMap<>(columns);
    other.columns.forEach((name, sum) -> both.merge(name, sum, Sum::plus));
    return new ContentSums(both);
  }

  /** Which columns differ, and how; those that only one side knows are left alone. */
  public List<String> differences(ContentSums other, String here, String there) {
    List<String> differences = new ArrayList<>();
    new TreeMap<>(columns)
        .forEach(
            (name, sum) -> {
              Sum theirs = other.columns.get(name);
              if (theirs != null && !theirs.equals(sum)) {
                differences.add("%s is %s %s, %s %s".formatted(name, sum, here, theirs, there));
              }
            });
    return differences;
  }
}
