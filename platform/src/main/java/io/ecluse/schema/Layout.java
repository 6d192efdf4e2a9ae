package io.ecluse.schema;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the rows of a table are laid out over its files.
 *
 * @param partition rows that differ in one of these are in different files
 * @param sort the order of rows within what is written at once
 */
public record Layout(List<Part> partition, List<Order> sort) {
  /** Wherever rows come to lie. */
  public static final Layout NONE = new Layout(List.of(), List.of());

  /** What {@link #partition(String)} reads, as a regular expression that ECMA-262 reads alike. */
  public static final String PARTITION = list(Part.SYNTAX);

  /** What {@link #sort(String)} reads, likewise. */
  public static final String SORT = list(Order.SYNTAX);

  private static final Pattern ITEM = Pattern.compile("\\G *" + Part.SYNTAX + " *(,|$)");

  public Layout {
    partition = List.copyOf(partition);
    sort = List.copyOf(sort);
  }

  /** What is made of a value to tell parts apart, in Iceberg's words. */
  public enum Transform {
    IDENTITY,
    YEAR,
    MONTH,
    DAY,
    HOUR,
    BUCKET,
    TRUNCATE;

    private boolean hasWidth() {
      return this == BUCKET || this == TRUNCATE;
    }
  }

  /**
   * Something that tells parts of a table apart.
   *
   * @param width how many buckets there are, or to what is truncated; 1 for what has none
   */
  public record Part(Transform transform, String column, int width) {
    static final String SYNTAX =
        "((year|month|day|hour) *\\( *([^,()\"]+) *\\)|(bucket|truncate) *\\( *([1-9][0-9]{0,8}) *, *([^,()\"]+) *\\)|([^,()\"]+))";

    public Part {
      if (width < 1) {
        throw new IllegalArgumentException("The width of a transform is at least 1");
      }
    }

    private static Part of(Matcher item) {
      if (item.group(2) != null) {
        return new Part(transform(item.group(2)), item.group(3).strip(), 1);
      } else if (item.group(4) != null) {
        return new Part(
            transform(item.group(4)), item.group(6).strip(), Integer.parseInt(item.group(5)));
      }
      return new Part(Transform.IDENTITY, item.group(7).strip(), 1);
    }

    private static Transform transform(String word) {
      return Transform.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** As it is written in a project. */
    @Override
    public String toString() {
      String word = transform.name().toLowerCase(Locale.ROOT);
      return transform == Transform.IDENTITY
          ? column
          : word + "(" + (transform.hasWidth() ? width + ", " : "") + column + ")";
    }
  }

  /** One of the things that rows are sorted by; NULL comes last. */
  public record Order(String column, Direction direction) {
    static final String SYNTAX = "([^,()\"]+)";

    /** Whether the least comes first. */
    public enum Direction {
      ASC,
      DESC
    }

    private static Order of(String text) {
      Matcher down = Pattern.compile("(.*\\S) +(asc|desc)").matcher(text);
      return down.matches()
          ? new Order(down.group(1), Direction.valueOf(down.group(2).toUpperCase(Locale.ROOT)))
          : new Order(text, Direction.ASC);
    }
  }

  private static String list(String item) {
    return " *" + item + " *(, *" + item + " *)*";
  }

  /** Rows in the order of these columns. */
  public static Layout sorted(List<String> columns) {
    return new Layout(
        List.of(), columns.stream().map(c -> new Order(c, Order.Direction.ASC)).toList());
  }

  /** Reads a list as {@code month(day), bucket(16, id), campus}, of the form {@link #PARTITION}. */
  public static List<Part> partition(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher items = ITEM.matcher(text);
    while (items.find()) {
      parts.add(Part.of(items));
    }
    return parts;
  }

  /** Reads a list as {@code student_id, at desc}, of the form {@link #SORT}. */
  public static List<Order> sort(String text) {
    List<Order> orders = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      orders.add(Order.of(item.strip()));
    }
    return orders;
  }

  /**
   * The same with the columns as a table spells them.
   *
   * @throws EcluseException INVALID_PROJECT for a column that is not there, or one that is of no
   *     type for the transform
   */
  public Layout of(TableName table, List<Column> columns) {
    return new Layout(
        partition.stream()
            .map(
                p -> {
                  Column column = column(table, "partition", p.column(), columns);
                  Part part = new Part(p.transform(), column.name(), p.width());
                  if (!fits(part.transform(), column.type().kind())) {
                    throw ErrorCode.INVALID_PROJECT.error(
                        "%s cannot be partitioned by %s: %s is %s; %s"
                            .formatted(
                                table, part, column.name(), column.type(), wanted(p.transform())));
                  }
                  return part;
                })
            .toList(),
        sort.stream()
            .map(s -> new Order(column(table, "sort", s.column(), columns).name(), s.direction()))
            .toList());
  }

  private static Column column(TableName table, String key, String name, List<Column> columns) {
    Optional<Column> exact = columns.stream().filter(c -> c.name().equals(name)).findFirst();
    return exact
        .or(() -> columns.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst())
        .orElseThrow(
            () ->
                ErrorCode.INVALID_PROJECT.error(
                    "%s has no column %s, which its %s names; it has %s"
                        .formatted(
                            table,
                            name,
                            key,
                            String.join(", ", columns.stream().map(Column::name).toList()))));
  }

  private static boolean fits(Transform transform, DataType.Kind kind) {
    return switch (transform) {
      case IDENTITY ->
          kind != DataType.Kind.BLOB && kind != DataType.Kind.REAL && kind != DataType.Kind.DOUBLE;
      case YEAR, MONTH, DAY ->
          kind == DataType.Kind.DATE
              || kind == DataType.Kind.TIMESTAMP
              || kind == DataType.Kind.TIMESTAMPTZ;
      case HOUR -> kind == DataType.Kind.TIMESTAMP || kind == DataType.Kind.TIMESTAMPTZ;
      case BUCKET ->
          switch (kind) {
            case INTEGER, BIGINT, DATE, TIMESTAMP, TIMESTAMPTZ, UUID, VARCHAR -> true;
            case BOOLEAN, REAL, DOUBLE, DECIMAL, BLOB -> false;
          };
      case TRUNCATE ->
          kind == DataType.Kind.INTEGER
              || kind == DataType.Kind.BIGINT
              || kind == DataType.Kind.DECIMAL
              || kind == DataType.Kind.VARCHAR;
    };
  }

  private static String wanted(Transform transform) {
    return switch (transform) {
      case IDENTITY -> "take a column that is no DOUBLE, REAL or BLOB";
      case YEAR, MONTH, DAY -> "take a DATE or a TIMESTAMP";
      case HOUR -> "take a TIMESTAMP";
      case BUCKET -> "take a whole number, a text, a date, a time or a UUID";
      case TRUNCATE -> "take a whole number, a DECIMAL or a text";
    };
  }
}
