package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Rule;
import io.ecluse.project.Yaml.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads YAML as a {@link Shape}: keeps what fits, reports all that does not. */
record ShapeReader(Problems.OfFile problems) {
  /** The value as far as it fits; empty if nothing of it does. */
  Optional<Value> read(Yaml yaml, Shape shape) {
    if (shape instanceof Shape.AnyOf any) {
      return readAny(yaml, any);
    } else if (shape instanceof Shape.Fields fields) {
      return readMap(yaml, shape).map(map -> readFields(map, fields));
    } else if (shape instanceof Shape.Variants variants) {
      return readMap(yaml, shape).flatMap(map -> readVariant(map, variants));
    } else if (shape instanceof Shape.MapOf map) {
      return readMap(yaml, shape).map(entries -> readMapOf(entries, map));
    } else if (shape instanceof Shape.ListOf list) {
      return readList(yaml, list);
    } else if (shape instanceof Shape.Json) {
      return yaml instanceof Scalar ? mismatch(yaml, shape) : readJson(yaml);
    } else if (yaml instanceof Scalar scalar) {
      return readScalar(scalar, shape);
    }
    return mismatch(yaml, shape);
  }

  private Optional<Value> readAny(Yaml yaml, Shape.AnyOf any) {
    for (Shape shape : any.shapes()) {
      if (fits(yaml, shape)) {
        return read(yaml, shape);
      }
    }
    return mismatch(yaml, any);
  }

  /** Whether the kind of value is right, whatever may be wrong inside it. */
  private static boolean fits(Yaml yaml, Shape shape) {
    if (shape instanceof Shape.Fields
        || shape instanceof Shape.Variants
        || shape instanceof Shape.MapOf) {
      return yaml instanceof Yaml.Entries;
    } else if (shape instanceof Shape.ListOf) {
      return yaml instanceof Yaml.Items;
    } else if (shape instanceof Shape.Json) {
      return !(yaml instanceof Scalar);
    }
    return yaml instanceof Scalar scalar && fits(scalar.type(), shape);
  }

  private static boolean fits(Yaml.Type type, Shape shape) {
    if (shape instanceof Shape.Flag) {
      return type == Yaml.Type.FLAG;
    } else if (shape instanceof Shape.Whole) {
      return type == Yaml.Type.WHOLE;
    } else if (shape instanceof Shape.Decimal) {
      return type == Yaml.Type.WHOLE || type == Yaml.Type.DECIMAL;
    }
    return type == Yaml.Type.TEXT;
  }

  private Optional<Yaml.Entries> readMap(Yaml yaml, Shape shape) {
    if (yaml instanceof Yaml.Entries map) {
      return Optional.of(map);
    }
    boolean mayBeEmpty = shape instanceof Shape.Fields fields ? fields.mayBeEmpty() : true;
    if (yaml instanceof Scalar scalar && scalar.type() == Yaml.Type.NOTHING && mayBeEmpty) {
      return Optional.of(new Yaml.Entries(yaml.at(), List.of()));
    }
    mismatch(yaml, shape);
    return Optional.empty();
  }

  private Value readFields(Yaml.Entries map, Shape.Fields shape) {
    Map<String, Field> fields = new LinkedHashMap<>();
    shape.fields().forEach(field -> fields.put(field.name(), field));
    Map<String, Value> values = new LinkedHashMap<>();
    Map<String, Position> keys = new LinkedHashMap<>();
    for (Yaml.Entry entry : map.entries()) {
      String name = entry.key().text();
      Field field = fields.get(name);
      if (field == null) {
        problems.error(
            entry.key().at(),
            "Unknown key '%s' in %s".formatted(name, shape.what()),
            Nearest.hint(name, shape.names()));
      } else if (isNew(entry.key(), keys)) {
        keys.put(name, entry.key().at());
        read(entry.value(), field.shape()).ifPresent(value -> values.put(name, value));
      }
    }
    Value.Entries read = new Value.Entries(map.at(), values, keys);
    checkRequired(read, shape);
    shape.rules().forEach(rule -> check(read, rule, shape.what()));
    return read;
  }

  private Optional<Value> readVariant(Yaml.Entries map, Shape.Variants shape) {
    Optional<Yaml> word =
        map.entries().stream()
            .filter(e -> e.key().text().equals(shape.key()))
            .map(Yaml.Entry::value)
            .findFirst();
    if (word.isEmpty()) {
      problems.error(
          map.at(),
          "The key '%s' is missing in %s".formatted(shape.key(), shape.what()),
          "it is " + shape.choice().expected());
      return Optional.empty();
    }
    return read(word.get(), shape.choice())
        .map(Value.Text.class::cast)
        .map(text -> readFields(map, Objects.requireNonNull(shape.byWord().get(text.text()))));
  }

  private void checkRequired(Value.Entries map, Shape.Fields shape) {
    for (Field field : shape.fields()) {
      if (field.required() && !map.keys().containsKey(field.name())) {
        problems.error(
            map.at(),
            "The key '%s' is missing in %s".formatted(field.name(), shape.what()),
            "it is " + field.shape().expected());
      }
    }
  }

  private void check(Value.Entries map, Rule rule, String what) {
    if (rule instanceof Rule.RequiredWhen when) {
      String word = map.text(when.key(), "");
      for (String key : when.words().contains(word) ? when.required() : List.<String>of()) {
        if (!map.keys().containsKey(key)) {
          problems.error(map.at(), "The key '%s' is missing: a %s needs it".formatted(key, word));
        }
      }
    } else if (rule instanceof Rule.AtMostOne one) {
      List<String> there = one.keys().stream().filter(map.keys()::containsKey).toList();
      if (there.size() > 1) {
        problems.error(
            map.keyAt(there.get(1)),
            "Only one of %s may stand in %s".formatted(String.join(", ", there), what));
      }
    } else if (rule instanceof Rule.AtLeastOne one) {
      if (one.keys().stream().noneMatch(map.keys()::containsKey)) {
        problems.error(
            map.at(), "One of %s is missing in %s".formatted(String.join(", ", one.keys()), what));
      }
    } else if (rule instanceof Rule.OnlyWith only) {
      if (map.keys().containsKey(only.key())
          && only.others().stream().noneMatch(map.keys()::containsKey)) {
        problems.error(
            map.keyAt(only.key()),
            "The key '%s' means nothing without %s"
                .formatted(only.key(), String.join(" or ", only.others())));
      }
    } else if (rule instanceof Rule.OnlyWhen only) {
      if (map.keys().containsKey(only.key()) && !map.text(only.other(), "").equals(only.word())) {
        problems.error(
            map.keyAt(only.key()),
            "The key '%s' means nothing without %s: %s"
                .formatted(only.key(), only.other(), only.word()));
      }
    } else {
      throw new AssertionError("Unhandled " + rule);
    }
  }

  private Value readMapOf(Yaml.Entries map, Shape.MapOf shape) {
    Map<String, Value> values = new LinkedHashMap<>();
    Map<String, Position> keys = new LinkedHashMap<>();
    for (Yaml.Entry entry : map.entries()) {
      String name = entry.key().text();
      Optional<String> mistake = shape.keys().mistake(name);
      mistake.ifPresent(message -> problems.error(entry.key().at(), capital(message)));
      if (mistake.isEmpty() && isNew(entry.key(), keys)) {
        keys.put(name, entry.key().at());
        read(entry.value(), shape.value()).ifPresent(value -> values.put(name, value));
      }
    }
    return new Value.Entries(map.at(), values, keys);
  }

  private boolean isNew(Scalar key, Map<String, Position> seen) {
    Position first = seen.get(key.text());
    if (first != null) {
      problems.error(
          key.at(),
          "The key '%s' comes a second time".formatted(key.text()),
          "it first stands on line " + first.line());
    }
    return first == null;
  }

  private Optional<Value> readList(Yaml yaml, Shape.ListOf shape) {
    if (!(yaml instanceof Yaml.Items list)) {
      return mismatch(yaml, shape);
    }
    if (list.items().isEmpty() && shape.size() == Shape.ListOf.Size.NOT_EMPTY) {
      problems.error(list.at(), "This list must not be empty");
    }
    List<Value> items = new ArrayList<>();
    list.items().forEach(item -> read(item, shape.item()).ifPresent(items::add));
    return Optional.of(new Value.Items(list.at(), List.copyOf(items)));
  }

  private Optional<Value> readJson(Yaml yaml) {
    if (yaml instanceof Yaml.Items list) {
      List<Value> items = new ArrayList<>();
      list.items().forEach(item -> readJson(item).ifPresent(items::add));
      return Optional.of(new Value.Items(list.at(), List.copyOf(items)));
    } else if (yaml instanceof Yaml.Entries map) {
      Map<String, Value> values = new LinkedHashMap<>();
      Map<String, Position> keys = new LinkedHashMap<>();
      for (Yaml.Entry entry : map.entries()) {
        List<String> mistakes = Template.mistakes(entry.key().text());
        mistakes.forEach(mistake -> problems.error(entry.key().at(), capital(mistake)));
        if (mistakes.isEmpty() && isNew(entry.key(), keys)) {
          keys.put(entry.key().text(), entry.key().at());
          readJson(entry.value()).ifPresent(value -> values.put(entry.key().text(), value));
        }
      }
      return Optional.of(new Value.Entries(map.at(), values, keys));
    } else if (yaml instanceof Scalar scalar) {
      return switch (scalar.type()) {
        case TEXT ->
            scalar.text().isBlank()
                ? Optional.of(new Value.Text(scalar.at(), scalar.text()))
                : readText(scalar, Format.TEMPLATE);
        case WHOLE, DECIMAL ->
            Optional.of(new Value.Decimal(scalar.at(), new BigDecimal(scalar.text())));
        case FLAG -> Optional.of(new Value.Flag(scalar.at(), scalar.flag()));
        case NOTHING -> Optional.of(new Value.Nothing(scalar.at()));
      };
    }
    throw new AssertionError("Unhandled " + yaml);
  }

  private Optional<Value> readScalar(Scalar scalar, Shape shape) {
    if (shape instanceof Shape.Text text && text.format() == Format.SECRET) {
      // Whatever stands there may be a password, so no message may repeat it.
      return readText(scalar, text.format());
    }
    if (!fits(scalar, shape)) {
      return mismatch(scalar, shape);
    } else if (shape instanceof Shape.Text text) {
      return readText(scalar, text.format());
    } else if (shape instanceof Shape.Choice choice) {
      return readChoice(scalar, choice);
    } else if (shape instanceof Shape.Flag) {
      return Optional.of(new Value.Flag(scalar.at(), scalar.flag()));
    }
    return readNumber(scalar, shape);
  }

  private Optional<Value> readText(Scalar scalar, Format format) {
    Optional<String> mistake = format.mistake(scalar.text());
    if (mistake.isPresent()) {
      problems.error(scalar.at(), capital(mistake.get()), format.hint(scalar.text()));
      return Optional.empty();
    }
    return Optional.of(new Value.Text(scalar.at(), scalar.text()));
  }

  private Optional<Value> readChoice(Scalar scalar, Shape.Choice choice) {
    if (!choice.words().contains(scalar.text())) {
      problems.error(
          scalar.at(),
          "Expected %s, found %s".formatted(choice.expected(), scalar.found()),
          Nearest.of(scalar.text(), choice.words()).map(word -> "did you mean " + word + "?"));
      return Optional.empty();
    }
    return Optional.of(new Value.Text(scalar.at(), scalar.text()));
  }

  private Optional<Value> readNumber(Scalar scalar, Shape shape) {
    BigDecimal number = new BigDecimal(scalar.text());
    boolean within =
        shape instanceof Shape.Whole whole
            ? number.compareTo(BigDecimal.valueOf(whole.min())) >= 0
                && number.compareTo(BigDecimal.valueOf(whole.max())) <= 0
            : shape instanceof Shape.Decimal decimal
                && decimal
                    .min()
                    .map(min -> number.compareTo(BigDecimal.valueOf(min)) >= 0)
                    .orElse(true);
    return within ? Optional.of(new Value.Decimal(scalar.at(), number)) : mismatch(scalar, shape);
  }

  private Optional<Value> mismatch(Yaml yaml, Shape shape) {
    boolean quotable =
        yaml instanceof Scalar scalar
            && (scalar.type() == Yaml.Type.WHOLE
                || scalar.type() == Yaml.Type.DECIMAL
                || scalar.type() == Yaml.Type.FLAG)
            && shape instanceof Shape.Text;
    problems.error(
        yaml.at(),
        "Expected %s, found %s".formatted(shape.expected(), yaml.found()),
        quotable ? Optional.of("quote it") : Optional.empty());
    return Optional.empty();
  }

  private static String capital(String message) {
    return Character.toUpperCase(message.charAt(0)) + message.substring(1);
  }
}
