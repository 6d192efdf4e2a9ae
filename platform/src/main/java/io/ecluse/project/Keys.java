package io.ecluse.project;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.ListOf;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Whole;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the keys of a map as people read them, a line each: name, {@code !} if it must be there,
 * colon, what it holds, two spaces or more, what it is for. The keys of a map that a line holds
 * follow it, further in.
 *
 * <pre>
 * path!: path  What is added to the URL, as /lessons.
 * paging: {paging}  How pages are asked for.
 *   size: 1..1000 or template  Records a page.
 * headers: map header template  Headers that every request has.
 * </pre>
 *
 * What it holds is a {@link Format} by its name, {@code flag}, {@code number}, {@code number>=1},
 * {@code 1..64} or {@code 1..}, words with bars between, or behind if it is one, {@code [format]}
 * or {@code [format]+} for lists, the latter not empty, {@code map FORMAT …} with keys of that
 * format, {@code {what}} for a map of given keys, which messages call so, {@code @name} for a shape
 * that is given by this name, or several of these with {@code or} between.
 */
public final class Keys {
  private static final Pattern LINE = Pattern.compile("( *)(\\w+)(!?): (.+?) {2,}(\\S.*)");
  private static final Pattern RANGE = Pattern.compile("(\\d+)\\.\\.(\\d*)");

  private final Deque<Matcher> lines = new ArrayDeque<>();
  private final Map<String, Shape> given;

  private Keys(String text, Map<String, Shape> given) {
    this.given = given;
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("Not as 'name: format  doc': " + line);
      }
      lines.add(matcher);
    }
  }

  /** The keys of a map, which messages call what. */
  public static Fields of(String what, String text) {
    return of(what, text, Map.of());
  }

  /**
   * The same.
   *
   * @param given shapes by the names that stand in the text
   */
  public static Fields of(String what, String text, Map<String, Shape> given) {
    return new Fields(what, list(text, given), List.of());
  }

  /** The keys alone. */
  public static List<Field> list(String text, Map<String, Shape> given) {
    return new Keys(text, given).further(-1);
  }

  /** The lines that are further in. */
  private List<Field> further(int than) {
    List<Field> fields = new ArrayList<>();
    for (Optional<Matcher> line = next(than); line.isPresent(); line = next(than)) {
      Matcher key = line.get();
      Shape shape = shape(key.group(4), key.group(1).length());
      fields.add(
          key.group(3).isEmpty()
              ? Field.optional(key.group(2), shape, key.group(5))
              : Field.required(key.group(2), shape, key.group(5)));
    }
    return fields;
  }

  private Optional<Matcher> next(int than) {
    boolean in = !lines.isEmpty() && lines.element().group(1).length() > than;
    return in ? Optional.of(lines.remove()) : Optional.empty();
  }

  private Shape shape(String text, int at) {
    if (text.startsWith("{")) {
      return new Fields(text.substring(1, text.length() - 1), further(at), List.of());
    } else if (text.startsWith("map ")) {
      String[] words = text.split(" ", 3);
      return new MapOf(format(words[1]), shape(words[2], at));
    } else if (text.startsWith("[")) {
      ListOf.Size size = text.endsWith("+") ? ListOf.Size.NOT_EMPTY : ListOf.Size.ANY;
      return new ListOf(shape(text.substring(1, text.lastIndexOf(']')), at), size);
    } else if (text.contains(" or ")) {
      return new AnyOf(List.of(text.split(" or ")).stream().map(t -> shape(t, at)).toList());
    } else if (text.startsWith("@")) {
      return Optional.ofNullable(given.get(text.substring(1))).orElseThrow();
    } else if (text.contains("|")) {
      return new Choice(List.of(text.split("\\|")));
    }
    Matcher range = RANGE.matcher(text);
    if (range.matches()) {
      String most = range.group(2);
      return new Whole(
          Long.parseLong(range.group(1)), most.isEmpty() ? Long.MAX_VALUE : Long.parseLong(most));
    }
    return switch (text) {
      case "flag" -> new Shape.Flag();
      case "number" -> new Shape.Decimal(Optional.empty());
      case "number>=1" -> new Shape.Decimal(Optional.of(1));
      case "json" -> new Shape.Json();
      default -> new Shape.Text(format(text));
    };
  }

  private static Format format(String word) {
    return Format.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
