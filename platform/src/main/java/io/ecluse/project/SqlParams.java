package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parameters in the SQL of models and audits: {@code ${param:NAME}} stands for the value that the
 * run was started with, as a text in quotes. It is found as SQL is read, so neither in comments nor
 * in strings.
 */
public final class SqlParams {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{param:([a-z][a-z0-9_]{0,62})\\}");

  private SqlParams() {}

  /** A place where a value goes; both offsets in the SQL, the end behind it. */
  record Reference(String name, int start, int end) {}

  /** Finds the references, and says what looks like one and is none. */
  static List<Reference> in(String sql, List<Token> tokens, Problems.OfFile problems) {
    List<Reference> references = new ArrayList<>();
    Matcher reference = REFERENCE.matcher(sql);
    for (Token token : tokens) {
      boolean quoted = token.kind() == SqlLexer.Kind.STRING || token.kind() == SqlLexer.Kind.QUOTED;
      if (quoted && token.text().contains("${param:")) {
        problems.error(
            token.at(),
            "A parameter stands in quotes here, where it is not replaced",
            "write ${param:NAME} without them: its value comes as a text in quotes");
      } else if (token.isSymbol('$') && sql.startsWith("${", token.start())) {
        if (reference.region(token.start(), sql.length()).lookingAt()) {
          references.add(new Reference(reference.group(1), reference.start(), reference.end()));
        } else {
          problems.error(token.at(), "'${' begins no parameter here", "write ${param:NAME}");
        }
      }
    }
    return references;
  }

  /** Whether something was reported that no parser could read either. */
  static boolean isBroken(List<Token> tokens, List<Reference> references) {
    return tokens.stream()
        .filter(t -> t.isSymbol('$'))
        .anyMatch(t -> references.stream().noneMatch(r -> r.start() == t.start()));
  }

  /** The SQL as a parser reads it: a text of the same length stands for each parameter. */
  static String withTexts(String sql, List<Reference> references) {
    StringBuilder text = new StringBuilder(sql);
    references.forEach(
        r -> text.replace(r.start(), r.end(), "'" + "x".repeat(r.end() - r.start() - 2) + "'"));
    return text.toString();
  }

  /** The parameters that the SQL of a model or audit names. */
  public static Set<String> names(String sql) {
    Set<String> names = new TreeSet<>();
    in(sql).forEach(r -> names.add(r.name()));
    return names;
  }

  /**
   * The SQL with every parameter replaced. Lines stay as they are.
   *
   * @throws EcluseException INVALID_USAGE if one has no value, or one that cannot be
   */
  public static String bind(String sql, Map<String, String> values) {
    StringBuilder bound = new StringBuilder();
    int done = 0;
    for (Reference reference : in(sql)) {
      String value = values.get(reference.name());
      if (value == null) {
        throw ErrorCode.INVALID_USAGE.error(
            "The run was started without the parameter %s; start another"
                .formatted(reference.name()));
      }
      check(reference.name(), value);
      bound.append(sql, done, reference.start()).append('\'');
      bound.append(value.replace("'", "''")).append('\'');
      done = reference.end();
    }
    return bound.append(sql.substring(done)).toString();
  }

  /** Lets pass what is one and the same text in quotes for every engine. */
  static void check(String name, String value) {
    boolean wrong =
        value.length() > 1_000
            || value.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\');
    if (wrong) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE,
          "The parameter %s must be one line of at most 1,000 characters, without backslashes and control characters"
              .formatted(name),
          name);
    }
  }

  private static List<Reference> in(String sql) {
    Problems.OfFile nowhere = new Problems().in("");
    return SqlLexer.read(sql, nowhere).map(tokens -> in(sql, tokens, nowhere)).orElse(List.of());
  }
}
