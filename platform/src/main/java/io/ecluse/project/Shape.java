package io.ecluse.project;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a value of a project's file may be. One description serves twice: {@link ShapeReader} checks
 * files with it, {@link JsonSchemas} publishes it for editors.
 */
public sealed interface Shape {
  /** What is expected, for messages: {@code a list}. */
  String expected();

  /** Text of a format. */
  record Text(Format format) implements Shape {
    @Override
    public String expected() {
      return format.expected();
    }
  }

  /** One of a few words. */
  record Choice(List<String> words) implements Shape {
    @Override
    public String expected() {
      return "one of " + String.join(", ", words);
    }
  }

  /** A whole number within bounds, which belong to the range. */
  record Whole(long min, long max) implements Shape {
    @Override
    public String expected() {
      return max == Integer.MAX_VALUE || max == Long.MAX_VALUE
          ? "a whole number of at least " + min
          : "a whole number from " + min + " to " + max;
    }
  }

  /** Any number of at least a bound, if there is one. */
  record Decimal(Optional<Integer> min) implements Shape {
    @Override
    public String expected() {
      return "a number" + min.map(m -> " of at least " + m).orElse("");
    }
  }

  /** True or false. */
  record Flag() implements Shape {
    @Override
    public String expected() {
      return "true or false";
    }
  }

  /** A list. */
  record ListOf(Shape item, Size size) implements Shape {
    /** How many items a list needs. */
    public enum Size {
      ANY,
      NOT_EMPTY
    }

    @Override
    public String expected() {
      return size == Size.NOT_EMPTY ? "a list that is not empty" : "a list";
    }
  }

  /** Any map or list, with whatever JSON may hold; its texts are templates. */
  record Json() implements Shape {
    @Override
    public String expected() {
      return "a map or a list";
    }
  }

  /** A map whose keys are names that the project chooses. */
  record MapOf(Format keys, Shape value) implements Shape {
    @Override
    public String expected() {
      return "a map";
    }
  }

  /** A map whose keys are given. */
  record Fields(String what, List<Field> fields, List<Rule> rules) implements Shape {
    /** The same keys, which ask this of each other. */
    public Fields with(Rule... more) {
      return new Fields(what, fields, List.of(more));
    }

    List<String> names() {
      return fields.stream().map(Field::name).toList();
    }

    /** Whether a map of this shape may be left empty. */
    boolean mayBeEmpty() {
      return rules.stream().noneMatch(Rule.AtLeastOne.class::isInstance)
          && fields.stream().noneMatch(Field::required);
    }

    @Override
    public String expected() {
      return "a map";
    }
  }

  /** A map whose keys depend on the word under one of them. */
  record Variants(String what, String key, Map<String, Fields> byWord) implements Shape {
    public Variants {
      byWord = Collections.unmodifiableMap(new LinkedHashMap<>(byWord));
    }

    Choice choice() {
      return new Choice(List.copyOf(byWord.keySet()));
    }

    @Override
    public String expected() {
      return "a map";
    }
  }

  /**
   * One of several shapes; the first that fits the kind of value that is there is the one that
   * counts.
   */
  record AnyOf(List<Shape> shapes) implements Shape {
    @Override
    public String expected() {
      return shapes.stream().map(Shape::expected).distinct().collect(Collectors.joining(" or "));
    }
  }

  /** A key of {@link Fields}. */
  record Field(String name, Shape shape, Need need, String doc) {
    /** A key that a map may leave out. */
    public static Field optional(String name, Shape shape, String doc) {
      return new Field(name, shape, Need.OPTIONAL, doc);
    }

    /** A key that a map must have. */
    public static Field required(String name, Shape shape, String doc) {
      return new Field(name, shape, Need.REQUIRED, doc);
    }

    /** Whether a map must have the key. */
    public enum Need {
      REQUIRED,
      OPTIONAL
    }

    boolean required() {
      return need == Need.REQUIRED;
    }
  }

  /** What keys of one map ask of each other. */
  sealed interface Rule {
    /** When a key has this value, these keys must be there. */
    record RequiredWhen(String key, List<String> words, List<String> required) implements Rule {}

    /** No two of these keys together. */
    record AtMostOne(List<String> keys) implements Rule {}

    /** One of these keys at least. */
    record AtLeastOne(List<String> keys) implements Rule {}

    /** A key that has a meaning only beside one of these. */
    record OnlyWith(String key, List<String> others) implements Rule {}

    /** A key that has a meaning only when another one has this value. */
    record OnlyWhen(String key, String other, String word) implements Rule {}
  }
}
