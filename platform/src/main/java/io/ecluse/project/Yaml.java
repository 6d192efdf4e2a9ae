package io.ecluse.project;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A YAML document as it stands in the file, each node with its position. */
sealed interface Yaml {
  Position at();

  /** What is there, for messages. */
  String found();

  /** How YAML 1.2's core schema reads a scalar. */
  enum Type {
    TEXT,
    WHOLE,
    DECIMAL,
    FLAG,
    NOTHING
  }

  /** A single value. */
  record Scalar(Position at, String text, Type type) implements Yaml {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern DECIMAL =
        Pattern.compile("[-+]?(\\.[0-9]{1,40}|[0-9]{1,40}(\\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,3})?");
    private static final Pattern FLAG = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
    private static final int SHOWN = 40;

    static Scalar quoted(Position at, String text) {
      return new Scalar(at, text, Type.TEXT);
    }

    static Scalar plain(Position at, String text) {
      return new Scalar(at, text, type(text));
    }

    private static Type type(String text) {
      if (!text.isEmpty() && "+-.~0123456789tTfFnN".indexOf(text.charAt(0)) < 0) {
        return Type.TEXT; // most scalars, without trying four patterns
      }
      if (NOTHING.matcher(text).matches()) {
        return Type.NOTHING;
      } else if (FLAG.matcher(text).matches()) {
        return Type.FLAG;
      } else if (WHOLE.matcher(text).matches()) {
        return Type.WHOLE;
      }
      return DECIMAL.matcher(text).matches() ? Type.DECIMAL : Type.TEXT;
    }

    boolean flag() {
      return text.toLowerCase(Locale.ROOT).equals("true");
    }

    @Override
    public String found() {
      String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
      return switch (type) {
        case TEXT -> "the text '" + shown.replace("\n", " ") + "'";
        case WHOLE, DECIMAL -> "the number " + shown;
        case FLAG -> "the flag " + shown;
        case NOTHING -> "nothing";
      };
    }
  }

  /** A list. */
  record Items(Position at, List<Yaml> items) implements Yaml {
    @Override
    public String found() {
      return "a list";
    }
  }

  /** A map; a key may come twice, which is for the reader to refuse. */
  record Entries(Position at, List<Entry> entries) implements Yaml {
    @Override
    public String found() {
      return "a map";
    }
  }

  /** A key of a map and its value. */
  record Entry(Scalar key, Yaml value) {}
}
