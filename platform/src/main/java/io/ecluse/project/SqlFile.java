package io.ecluse.project;

import io.ecluse.project.SqlLexer.Token;
import io.ecluse.schema.SqlParser;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of one query with its header.
 *
 * @param header empty if there is none or it is broken
 * @param sql without closing semicolons; the header stays, so that lines count as in the file
 * @param params the parameters that it names
 */
record SqlFile(
    Optional<Value.Entries> header,
    String sql,
    List<TableReference> references,
    Set<String> params) {
  private static final Pattern HEADER =
      Pattern.compile("\\A(\\s*/\\*[ \\t]*ecluse(?![A-Za-z0-9_]))([\\s\\S]*?)\\*/");

  /** What a file is, and so what its header is. */
  enum Kind {
    MODEL,
    /** Its header may be left out. */
    AUDIT
  }

  /** What is expected of a file, and of its header. */
  record Expected(Kind kind, Shape.Fields header) {}

  static SqlFile read(String text, Expected kind, SqlParser parser, Problems.OfFile problems) {
    Optional<Value.Entries> header = readHeader(text, kind, problems);
    Optional<List<Token>> tokens = SqlLexer.read(text, problems);
    if (tokens.isEmpty()) {
      return new SqlFile(header, text, List.of(), Set.of());
    }
    List<Token> query = checkQuery(tokens.get(), problems);
    String sql =
        query.size() < tokens.get().size()
            ? text.substring(0, tokens.get().get(query.size()).start())
            : text;
    List<SqlParams.Reference> places = SqlParams.in(text, query, problems);
    Set<String> params = new TreeSet<>();
    places.forEach(r -> params.add(r.name()));
    List<TableReference> tables =
        query.isEmpty() || SqlParams.isBroken(query, places)
            ? List.of()
            : SqlTables.in(SqlParams.withTexts(sql, places), query.get(0).at(), parser, problems);
    return new SqlFile(header, sql.stripTrailing(), tables, params);
  }

  private static Optional<Value.Entries> readHeader(
      String text, Expected expected, Problems.OfFile problems) {
    Matcher matcher = HEADER.matcher(text);
    if (!matcher.find()) {
      if (expected.kind() == Kind.MODEL) {
        problems.error(
            Position.START,
            "The header is missing",
            "start the file with /* ecluse, then description: …, then */");
      }
      return Optional.empty();
    }
    Position at = new Position((int) matcher.group(1).lines().count(), 1);
    Optional<Yaml> yaml = YamlReader.read(padded(matcher.group(1), matcher.group(2)), problems);
    Yaml found = yaml.orElseGet(() -> new Yaml.Entries(at, List.of()));
    return new ShapeReader(problems)
        .read(found, expected.header())
        .filter(Value.Entries.class::isInstance)
        .map(Value.Entries.class::cast);
  }

  /** The YAML with blanks before it, so that its positions are those of the file. */
  private static String padded(String before, String yaml) {
    String lines = "\n".repeat((int) before.chars().filter(c -> c == '\n').count());
    int column = before.length() - before.lastIndexOf('\n') - 1;
    int end = yaml.indexOf('\n');
    boolean firstLineBlank = end >= 0 && yaml.substring(0, end).isBlank();
    return firstLineBlank ? lines + yaml : lines + " ".repeat(column) + yaml;
  }

  /** The tokens of the query without closing semicolons. */
  private static List<Token> checkQuery(List<Token> tokens, Problems.OfFile problems) {
    int end = 0;
    while (end < tokens.size() && !tokens.get(end).isSymbol(';')) {
      end++;
    }
    tokens.stream()
        .skip(end)
        .filter(token -> !token.isSymbol(';'))
        .findFirst()
        .ifPresent(
            token ->
                problems.error(
                    token.at(), "A second statement starts here", "keep one SELECT per file"));
    if (end == 0) {
      problems.error(Position.START, "The query is missing", "write one SELECT after the header");
      return List.of();
    }
    return tokens.subList(0, end);
  }
}
