package io.ecluse.project;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/** A value that keeps to its {@link Shape}: whatever did not is reported, and absent here. */
public sealed interface Value {
  Position at();

  /** What a single word, number or flag says; empty for all else. */
  default Optional<String> asText() {
    if (this instanceof Text text) {
      return Optional.of(text.text());
    } else if (this instanceof Decimal decimal) {
      return Optional.of(decimal.number().toPlainString());
    }
    return this instanceof Flag flag ? Optional.of(String.valueOf(flag.flag())) : Optional.empty();
  }

  /** Text, checked. */
  record Text(Position at, String text) implements Value {}

  /** A number. */
  record Decimal(Position at, BigDecimal number) implements Value {}

  /** True or false. */
  record Flag(Position at, boolean flag) implements Value {}

  /** Nothing, where that is a value: the null of JSON. */
  record Nothing(Position at) implements Value {}

  /** A list. */
  record Items(Position at, List<Value> items) implements Value {
    public List<Text> texts() {
      return items.stream().filter(Text.class::isInstance).map(Text.class::cast).toList();
    }
  }

  /** A map, in the order of the file. */
  record Entries(Position at, Map<String, Value> values, Map<String, Position> keys)
      implements Value {

    public Entries {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    public static Entries none(Position at) {
      return new Entries(at, Map.of(), Map.of());
    }

    public boolean has(String key) {
      return values.containsKey(key);
    }

    public Optional<Value> value(String key) {
      return Optional.ofNullable(values.get(key));
    }

    /** Where the key stands, or where the map starts if it has no such key. */
    public Position keyAt(String key) {
      return keys.getOrDefault(key, at);
    }

    public Optional<Text> text(String key) {
      return of(key, Text.class);
    }

    public String text(String key, String otherwise) {
      return text(key).map(Text::text).orElse(otherwise);
    }

    public Optional<BigDecimal> number(String key) {
      return of(key, Decimal.class).map(Decimal::number);
    }

    public OptionalInt whole(String key) {
      return number(key).map(n -> OptionalInt.of(n.intValue())).orElse(OptionalInt.empty());
    }

    /** The map under the key; an empty one if there is none. */
    public Entries entries(String key) {
      return of(key, Entries.class).orElseGet(() -> none(at));
    }

    /**
     * The list under the key, or the single text there as a list of one; empty if there is none.
     */
    public Items items(String key) {
      return of(key, Items.class)
          .or(() -> text(key).map(text -> new Items(text.at(), List.of(text))))
          .orElseGet(() -> new Items(at, List.of()));
    }

    /** What the text under the key says. */
    public Optional<String> word(String key) {
      return text(key).map(Text::text);
    }

    public Optional<Boolean> flag(String key) {
      return of(key, Flag.class).map(Flag::flag);
    }

    /** The duration under the key, as {@link Format#DURATION} has it. */
    public Duration duration(String key, Duration otherwise) {
      return word(key).map(Format::duration).orElse(otherwise);
    }

    /** The amount under the key, as {@link Format#SIZE} has it, in bytes. */
    public Optional<Long> bytes(String key) {
      return word(key).map(Format::bytes);
    }

    /** A word, number or flag in which references may stand. */
    public Optional<Template> template(String key) {
      return value(key).flatMap(Value::asText).map(Template::new);
    }

    /** The constant that a file spells in lower case. */
    public <E extends Enum<E>> E choice(String key, E otherwise) {
      return word(key)
          .map(w -> Enum.valueOf(otherwise.getDeclaringClass(), w.toUpperCase(Locale.ROOT)))
          .orElse(otherwise);
    }

    /** What is made of each map under the key, by its name and in the order of the file. */
    public <T> Map<String, T> each(String key, BiFunction<String, Entries, T> made) {
      Entries maps = entries(key);
      Map<String, T> each = new LinkedHashMap<>();
      maps.values().keySet().forEach(name -> each.put(name, made.apply(name, maps.entries(name))));
      return each;
    }

    private <T extends Value> Optional<T> of(String key, Class<T> type) {
      return value(key).filter(type::isInstance).map(type::cast);
    }
  }
}
