package io.ecluse.project;

import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of a project's file that may hold {@code ${env:NAME}} and {@code ${secret:NAME}}. It stays
 * as it is written until {@link #resolve}, so neither it nor {@link #toString} ever holds a secret.
 */
public record Template(String text) {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}?");
  private static final Pattern NAME = Pattern.compile("(env|secret):([A-Za-z_][A-Za-z0-9_]*)");

  public Template {
    List<String> mistakes = mistakes(text);
    if (!mistakes.isEmpty()) {
      throw ErrorCode.INVALID_PROJECT.error(mistakes.get(0));
    }
  }

  /** The text with every reference replaced. SECRET_MISSING if one has no value. */
  public String resolve(Secrets secrets) {
    return resolve(secrets, UnaryOperator.identity());
  }

  /**
   * The same.
   *
   * @param written how a value is written in such a text
   */
  public String resolve(Secrets secrets, UnaryOperator<String> written) {
    StringBuilder resolved = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      Matcher name = NAME.matcher(matcher.group(1));
      if (!name.matches()) {
        throw new AssertionError("The constructor let pass " + matcher.group());
      }
      String value =
          name.group(1).equals("env") ? secrets.env(name.group(2)) : secrets.secret(name.group(2));
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(written.apply(value)));
    }
    return matcher.appendTail(resolved).toString();
  }

  /** What is wrong with the references of the text; empty if nothing is. */
  static List<String> mistakes(String text) {
    List<String> mistakes = new ArrayList<>();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      if (!matcher.group().endsWith("}")) {
        mistakes.add("'" + matcher.group() + "' is never closed: write ${env:NAME}");
      } else if (!NAME.matcher(matcher.group(1)).matches()) {
        mistakes.add(
            "'" + matcher.group() + "' is no reference: write ${env:NAME} or ${secret:NAME}");
      }
    }
    return mistakes;
  }

  @Override
  public String toString() {
    return text;
  }
}
