package io.ecluse.duckdb;

import io.ecluse.error.EcluseException;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.ViewQuery;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One SELECT as DuckDB's own parser sees it: which tables it reads. What is not a single SELECT, or
 * reaches for files, is refused here, before anything runs.
 *
 * @param words functions and the like, of which some tell another thing at another time
 * @param columns names of all columns that it may read, in lower case; empty if that may be any
 * @param rows which rows it can see, at each place where it names a table
 */
public record ParsedQuery(
    List<Reference> references,
    Set<String> words,
    Optional<Set<String>> columns,
    List<AskedRows> rows) {
  /** Deeper than any statement that DuckDB takes: it stops at a thousand expressions. */
  private static final int DEEPEST = 20_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(10_000)
                          .build())
                  .build())
          .build();

  public ParsedQuery {
    references = List.copyOf(references);
    words = Set.copyOf(words);
    columns = columns.map(Set::copyOf);
    rows = List.copyOf(rows);
  }

  /**
   * Whether it has the same result on the same tables, whenever it runs.
   *
   * @param unsteady as {@link DuckDbWords#unsteady} has it
   */
  public boolean isSteady(Set<String> unsteady) {
    return Collections.disjoint(words, unsteady);
  }

  /** A table named in FROM, lower case, and where in the text. */
  public record Reference(String schema, String name, Position position, Written written) {}

  /** A name as the text has it; what is not there is empty. */
  public record Written(String catalog, String schema, String name) {}

  /** What asks DuckDB's parser, for {@link #of}. */
  public static String question(String sql) {
    return "SELECT json_serialize_sql(" + Sql.text(sql) + ")";
  }

  /**
   * @param serialized what DuckDB answered to {@link #question}
   * @throws EcluseException SQL_INVALID, with the position where there is one
   */
  public static ParsedQuery of(String sql, String serialized) {
    JsonNode root = tree(serialized);
    if (root.path("error").asBoolean()) {
      throw refused(sql, root);
    }
    int statements = root.path("statements").size();
    if (statements == 0) {
      throw ErrorCode.SQL_INVALID.error("The query is empty");
    }
    if (statements > 1) {
      throw ErrorCode.SQL_INVALID.error(
          "Exactly one SELECT can be run at a time, but there are %d statements"
              .formatted(statements));
    }
    return new ParsedQuery(
        QueryNames.in(root, offset -> position(sql, offset)),
        Steadiness.words(root),
        NeededColumns.in(root),
        AskedRows.in(root));
  }

  /**
   * A query, and those of the views among the tables that it reads.
   *
   * @param parser asked for each
   */
  public static List<ParsedQuery> withViews(
      String sql, Map<TableName, TableSnapshot> tables, Function<String, ParsedQuery> parser) {
    return Stream.concat(
            Stream.of(sql),
            tables.values().stream().flatMap(t -> t.view().stream()).map(ViewQuery::sql))
        .map(parser)
        .toList();
  }

  /** The columns of several statements together. */
  public static Optional<Set<String>> columns(List<ParsedQuery> all) {
    return all.stream().allMatch(query -> query.columns().isPresent())
        ? Optional.of(
            all.stream()
                .flatMap(query -> query.columns().orElseThrow().stream())
                .collect(Collectors.toSet()))
        : Optional.empty();
  }

  static JsonNode tree(String serialized) {
    try {
      return JSON.readTree(serialized);
    } catch (StreamConstraintsException e) {
      throw ErrorCode.SQL_INVALID.error(
          "The query is nested more than %d levels deep; split it by WITH".formatted(DEEPEST), e);
    }
  }

  private static EcluseException refused(String sql, JsonNode root) {
    String message = root.path("error_message").asString("");
    if (message.startsWith("Only SELECT")) {
      return new EcluseException(
          ErrorCode.SQL_INVALID,
          "Only SELECT can be run here; tables are made by loads and models (a PIVOT needs its values: PIVOT … ON column IN (…))",
          new Position(1, 1));
    }
    if (root.has("position")) {
      int offset = Integer.parseInt(root.path("position").asString());
      return new EcluseException(ErrorCode.SQL_INVALID, message, position(sql, offset));
    }
    return ErrorCode.SQL_INVALID.error(message);
  }

  /** Line and column of a byte of the text in UTF-8, as DuckDB counts. */
  static Position position(String sql, long offset) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int end = (int) Math.max(0, Math.min(offset, bytes.length));
    String before = new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Position(line, before.length() - before.lastIndexOf('\n'));
  }
}
