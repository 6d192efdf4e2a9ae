package io.ecluse.duckdb;

import io.ecluse.error.EcluseException;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.SqlParser;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import tools.jackson.databind.JsonNode;

/** DuckDB's own parser, for files: started when first used, with nothing in it. */
public final class EngineParser implements SqlParser {
  private final Queue<DuckDBConnection> idle = new ConcurrentLinkedQueue<>();
  private Optional<DuckDBConnection> root = Optional.empty();

  @Override
  public Reading read(String sql) {
    try {
      ParsedQuery query = ParsedQuery.of(sql, ask(sql));
      return new Reading(
          query.references().stream()
              .map(
                  r ->
                      new Name(
                          r.written().catalog(),
                          r.written().schema(),
                          r.written().name(),
                          r.position().line(),
                          r.position().column()))
              .toList(),
          Optional.empty());
    } catch (EcluseException e) {
      Position at = e.position().orElse(new Position(1, 1));
      return new Reading(
          List.of(),
          Optional.of(new Mistake(String.valueOf(e.getMessage()), at.line(), at.column())));
    }
  }

  @Override
  public List<Unportable> unportable(String sql) {
    JsonNode root = ParsedQuery.tree(ask(sql));
    return root.path("error").asBoolean()
        ? List.of()
        : Portability.in(root, offset -> ParsedQuery.position(sql, offset));
  }

  @Override
  public Set<String> functions(String sql) {
    return ParsedQuery.tree(ask(sql)).findValues("function_name").stream()
        .map(name -> name.asString("").toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private String ask(String sql) {
    try {
      DuckDBConnection connection = take();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(ParsedQuery.question(sql))) {
        rows.next();
        return rows.getString(1);
      } finally {
        idle.add(connection);
      }
    } catch (SQLException e) {
      throw ErrorCode.SQL_INVALID.error("The engine cannot read this: " + e.getMessage(), e);
    }
  }

  private DuckDBConnection take() throws SQLException {
    DuckDBConnection known = idle.poll();
    return known == null ? (DuckDBConnection) root().duplicate() : known;
  }

  private synchronized DuckDBConnection root() throws SQLException {
    if (root.isEmpty()) {
      DuckDBConnection started = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = started.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("SET enable_external_access = false");
        statement.execute("SET lock_configuration = true");
      }
      root = Optional.of(started);
    }
    return root.orElseThrow();
  }

  @Override
  public synchronized void close() {
    try {
      for (DuckDBConnection connection = idle.poll();
          connection != null;
          connection = idle.poll()) {
        connection.close();
      }
      if (root.isPresent()) {
        root.get().close();
      }
      root = Optional.empty();
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error("The parser did not close: " + e.getMessage(), e);
    }
  }
}
