package io.ecluse.duckdb;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.ColumnFinder;
import io.ecluse.schema.TableName;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Has DuckDB bind queries to tables that are empty and have no types. A table whose columns are not
 * known is given every name that the query has, and one more that marks where it shows in the
 * result. Without the optimizer nothing is computed, whatever the query says.
 */
public final class EngineColumns implements ColumnFinder {
  private static final String OPEN = "\u0001 and others";
  private static final int TRIES = 24;

  private final Connection connection;
  private final StandInFunctions functions;
  private final Set<String> schemas = new HashSet<>();

  /** Columns of the tables as they stand. */
  private final Map<TableName, Set<String>> made = new HashMap<>();

  public EngineColumns() {
    try {
      this.connection = DriverManager.getConnection("jdbc:duckdb:");
      this.functions = new StandInFunctions(this::execute);
      execute("SET threads = 1");
      execute("SET enable_external_access = false");
      execute("PRAGMA disable_optimizer");
      execute("SET lock_configuration = true");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public Found find(String sql, Map<TableName, Optional<List<String>>> tables) {
    try {
      return new Search(sql, tables).found();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static EcluseException failed(SQLException e) {
    return ErrorCode.INTERNAL.error("The engine could not look for columns: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** One query, tried until it binds, or something certain is wrong. */
  private final class Search {
    private final String sql;
    private final Map<TableName, Optional<List<String>>> tables;

    /** Of open tables: all names of the query. Some are taken away to tell tables apart. */
    private final Set<String> guessed;

    /** Names that only the first open table has. */
    private final Set<String> once = new HashSet<>();

    private final Set<String> dropped = new HashSet<>();

    Search(String sql, Map<TableName, Optional<List<String>>> tables) throws SQLException {
      this.sql = sql;
      this.tables = tables;
      boolean anyOpen = tables.values().stream().anyMatch(Optional::isEmpty);
      this.guessed = anyOpen ? identifiers() : Set.of();
    }

    private Set<String> identifiers() throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(ParsedQuery.question(sql))) {
        rows.next();
        return QueryIdentifiers.in(rows.getString(1));
      }
    }

    Found found() throws SQLException {
      makeTables();
      for (int i = 0; i < TRIES; i++) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          return new Found(columns(statement.getMetaData()), Optional.empty());
        } catch (SQLException e) {
          BindingError error = BindingError.of(String.valueOf(e.getMessage()), sql);
          if (error.ambiguous().isPresent() && tellApart(error.ambiguous().get())) {
            makeTables();
          } else if (!error.function().map(functions::standIn).orElse(false)) {
            return new Found(Optional.empty(), error.missing().filter(this::isCertain));
          }
        }
      }
      return Found.NOTHING;
    }

    private Optional<List<String>> columns(ResultSetMetaData result) throws SQLException {
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= result.getColumnCount(); i++) {
        names.add(result.getColumnName(i));
      }
      return names.stream().anyMatch(name -> name.startsWith(OPEN))
          ? Optional.empty()
          : Optional.of(names);
    }

    /** Not where a name may have been taken away from a table that has it. */
    private boolean isCertain(Missing missing) {
      return once.isEmpty() && dropped.isEmpty() && !missing.name().startsWith(OPEN);
    }

    private boolean tellApart(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      return guessed.contains(lower) && (once.add(lower) || dropped.add(lower));
    }

    private void makeTables() throws SQLException {
      boolean isFirst = true;
      for (Map.Entry<TableName, Optional<List<String>>> table : tables.entrySet()) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        if (table.getValue().isPresent()) {
          names.addAll(table.getValue().get());
        } else {
          names.addAll(guessed);
          names.removeAll(dropped);
          if (!isFirst) {
            names.removeAll(once);
          }
          isFirst = false;
          names.add(OPEN);
        }
        makeTable(table.getKey().lower(), names);
      }
    }

    private void makeTable(TableName table, Set<String> names) throws SQLException {
      if (names.equals(made.put(table, names))) {
        return;
      }
      if (schemas.add(table.schema())) {
        execute("CREATE SCHEMA IF NOT EXISTS " + Column.quote(table.schema()));
      }
      List<String> columns = new ArrayList<>();
      names.forEach(name -> columns.add("NULL AS " + Column.quote(name)));
      execute(
          "CREATE OR REPLACE VIEW %s AS SELECT %s"
              .formatted(table.quoted(), String.join(", ", columns)));
    }
  }

  /** Functions whose meaning depends on types, replaced one by one by some that take anything. */
  private static final class StandInFunctions {
    private static final int MOST_ARGUMENTS = 8;

    private final Action create;
    private final Set<String> replaced = new HashSet<>();

    interface Action {
      void execute(String sql) throws SQLException;
    }

    StandInFunctions(Action create) {
      this.create = create;
    }

    /** Whether there is a new stand-in. */
    boolean standIn(String function) {
      if (!replaced.add(function)) {
        return false;
      }
      List<String> forms = new ArrayList<>();
      List<String> arguments = new ArrayList<>();
      List<String> looks = new ArrayList<>();
      for (int i = 1; i <= MOST_ARGUMENTS; i++) {
        arguments.add("a" + i);
        looks.add("a" + i + " IS NULL");
        forms.add(
            "(%s) AS CASE WHEN %s THEN NULL END"
                .formatted(String.join(", ", arguments), String.join(" AND ", looks)));
      }
      try {
        create.execute(
            "CREATE MACRO %s%s".formatted(Column.quote(function), String.join(", ", forms)));
        return true;
      } catch (SQLException e) {
        return false; // then nothing is known of the query
      }
    }
  }

  /**
   * What DuckDB said of a query that it could not bind.
   *
   * @param missing a column that is not there
   * @param ambiguous a column that two tables have
   * @param function one that depends on types
   */
  private record BindingError(
      Optional<Missing> missing, Optional<String> ambiguous, Optional<String> function) {
    private static final String NAME = "\"((?:[^\"]|\"\")+)\"";
    private static final List<Pattern> MISSING =
        List.of(
            Pattern.compile("^Binder Error: Referenced column " + NAME + " not found in FROM"),
            Pattern.compile(
                "^Binder Error: (?:Values list|Table) \".*?\" does not have a column named "
                    + NAME),
            Pattern.compile(
                "^Binder Error: Column " + NAME + " does not exist on (?:left|right) side"));
    private static final Pattern AMBIGUOUS =
        Pattern.compile("^Binder Error: Ambiguous reference to column name " + NAME);
    private static final Pattern FUNCTION =
        Pattern.compile(
            "Could not choose a best candidate function for the function call \"([^(]+)\\(");
    private static final Pattern CANDIDATES = Pattern.compile("Candidate bindings: (.*)");

    static BindingError of(String message, String sql) {
      Optional<Missing> missing =
          MISSING.stream()
              .flatMap(pattern -> first(pattern, message).stream())
              .findFirst()
              .map(name -> missing(name, message, sql));
      return new BindingError(missing, first(AMBIGUOUS, message), first(FUNCTION, message));
    }

    private static Missing missing(String name, String message, String sql) {
      List<String> candidates = new ArrayList<>();
      first(CANDIDATES, message)
          .ifPresent(
              list -> {
                for (String one : list.split(", ", -1)) {
                  String bare = one.replace("\"", "");
                  candidates.add(bare.substring(bare.lastIndexOf('.') + 1));
                }
              });
      candidates.removeIf(candidate -> candidate.startsWith(OPEN));
      EcluseException.Position at = DuckDbErrors.placeOf(name, message, sql);
      return new Missing(name, candidates, at.line(), at.column());
    }

    private static Optional<String> first(Pattern pattern, String message) {
      var matcher = pattern.matcher(message);
      return matcher.find()
          ? Optional.of(matcher.group(1).replace("\"\"", "\""))
          : Optional.empty();
    }
  }
}
