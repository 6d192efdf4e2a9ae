package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import io.ecluse.source.PersonalGuess;
import io.ecluse.source.postgres.PostgresRelation.CommentedColumn;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at a few hundred rows of a table for what looks like personal data. The server does the
 * looking and answers with counts: no value ever comes here.
 */
record PostgresSample(Connection connection, String schema) {
  private static final int ROWS = 500;
  private static final int LONGEST_TEXT = 400;

  /** A SELECT may have 1,664 expressions. */
  private static final int COLUMNS_AT_ONCE = 200;

  private static final long WHOLE_BYTES = 8L << 20;
  private static final double SAMPLED_BYTES = 1L << 20;
  private static final long ENOUGH = 3;
  private static final double SHARE = 0.6;

  /** Types whose text may hold anything. */
  private static final Set<String> FREE_TYPES = Set.of("json", "jsonb", "xml", "citext", "hstore");

  /** What whole values look like, as PostgreSQL's regular expressions. */
  private enum Look {
    EMAIL("contact", "e-mail addresses", "^[^@[:space:]]+@[^@[:space:]]+[.][A-Za-z]{2,}$"),
    PHONE(
        "contact",
        "telephone numbers",
        "^([+]33|0033|0) ?[(]?0?[)]?[ .-]?[1-9]([ .-]?[0-9]{2}){4}$|^[+][0-9][0-9 .()-]{7,17}$"),
    NATIONAL_ID(
        "national_id",
        "numbers of the French social security",
        "^[12] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3}( ?[0-9]{2})?$"),
    IBAN("bank", "IBANs", "^[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){3,7}( ?[A-Z0-9]{1,4})?$"),
    IP("online", "IP addresses", "^([0-9]{1,3}[.]){3}[0-9]{1,3}$"),
    /** Not the whole value: free text that speaks of somebody. */
    EMAIL_INSIDE(
        "contact",
        "an e-mail address",
        "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*[.][A-Za-z]{2,}");

    private final String category;
    private final String what;
    private final String pattern;

    Look(String category, String what, String pattern) {
      this.category = category;
      this.what = what;
      this.pattern = pattern;
    }
  }

  /** Guesses by column name, of the columns whose type may hold text of any kind. */
  Map<String, PersonalGuess> guesses(PostgresRelation table) throws SQLException {
    List<String> columns =
        table.columns().stream()
            .filter(PostgresSample::mayHoldAnything)
            .map(CommentedColumn::name)
            .toList();
    Map<String, PersonalGuess> guesses = new HashMap<>();
    for (int i = 0; i < columns.size(); i += COLUMNS_AT_ONCE) {
      look(table, columns.subList(i, Math.min(columns.size(), i + COLUMNS_AT_ONCE)), guesses);
    }
    return guesses;
  }

  private static boolean mayHoldAnything(CommentedColumn column) {
    return column.column().wire() == PostgresColumn.Wire.TEXT
        || FREE_TYPES.contains(column.column().staged().sourceType());
  }

  private void look(
      PostgresRelation table, List<String> columns, Map<String, PersonalGuess> guesses)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql(table, columns))) {
      row.next();
      int at = 1;
      for (String column : columns) {
        long values = row.getLong(at++);
        for (Look look : Look.values()) {
          long alike = row.getLong(at++);
          if (look == Look.EMAIL_INSIDE && alike > 0) {
            guesses.putIfAbsent(
                column, new PersonalGuess(look.category, "some values hold " + look.what));
          } else if (alike >= ENOUGH && alike >= SHARE * values) {
            guesses.putIfAbsent(
                column, new PersonalGuess(look.category, "its values look like " + look.what));
          }
        }
      }
    }
  }

  private String sql(PostgresRelation table, List<String> columns) {
    String counts =
        columns.stream()
            .map(Column::quote)
            .flatMap(
                c ->
                    Stream.concat(
                        Stream.of("count(%s)".formatted(c)),
                        Arrays.stream(Look.values())
                            .map(
                                look ->
                                    "count(*) FILTER (WHERE %s ~ '%s')"
                                        .formatted(c, look.pattern))))
            .collect(Collectors.joining(", "));
    String texts =
        columns.stream()
            .map(Column::quote)
            .map(c -> "nullif(btrim(left(%s::text, %d)), '') AS %s".formatted(c, LONGEST_TEXT, c))
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM (SELECT %s FROM %s%s LIMIT %d) sample"
        .formatted(counts, texts, table.quoted(schema), sampling(table), ROWS);
  }

  /** Pages from all over a big table, whose first rows may be of long ago. */
  private static String sampling(PostgresRelation table) {
    return table.bytes() <= WHOLE_BYTES
        ? ""
        : " TABLESAMPLE SYSTEM (%s)"
            .formatted(BigDecimal.valueOf(100 * SAMPLED_BYTES / table.bytes()).toPlainString());
  }
}
