package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;

/**
 * What values a parameter takes: those of the kind of its default. Models get all of them as text.
 */
public enum ParamKind {
  FLAG("true or false"),
  NUMBER("a number, as in 12 or 0.5"),
  DATE("a date, as in 2024-09-01"),
  TEXT("a text");

  private final String example;

  ParamKind(String example) {
    this.example = example;
  }

  static ParamKind of(Value value) {
    if (value instanceof Value.Flag) {
      return FLAG;
    } else if (value instanceof Value.Decimal) {
      return NUMBER;
    }
    return value instanceof Value.Text text && isDate(text.text()) ? DATE : TEXT;
  }

  /** As the API says it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Lets pass what is of this kind.
   *
   * @throws EcluseException INVALID_USAGE if the value is of another
   */
  void check(String name, String value) {
    boolean fits =
        switch (this) {
          case FLAG -> value.equals("true") || value.equals("false");
          case NUMBER -> value.matches("-?\\d{1,30}(\\.\\d{1,30})?");
          case DATE -> isDate(value);
          case TEXT -> true;
        };
    if (!fits) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE,
          "The parameter %s is %s, like its default, but is given as '%s'"
              .formatted(name, example, value.length() > 50 ? value.substring(0, 50) + "…" : value),
          name);
    }
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text).toString().equals(text);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
