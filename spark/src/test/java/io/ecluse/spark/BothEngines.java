package io.ecluse.spark;

import io.ecluse.spark.Corpus.Outcome;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Both engines with the product's settings. A model's table is made with the types that DuckDB
 * finds, so what counts is what Spark's rows are in those.
 */
final class BothEngines implements AutoCloseable {
  private final DuckDb duckDb;
  private final SparkSession spark;

  private BothEngines(DuckDb duckDb, SparkSession spark) {
    this.duckDb = duckDb;
    this.spark = spark;
  }

  /** What a query came to on one engine: types and rows in words, or why it failed. */
  record Answer(List<String> types, List<List<String>> rows, String error) {
    static Answer failed(String error) {
      return new Answer(List.of(), List.of(), error);
    }

    boolean isFailure() {
      return !error.isEmpty();
    }

    /** For people, and short. */
    @Override
    public String toString() {
      if (isFailure()) {
        return "error: " + error;
      }
      String shown =
          String.join(" ; ", rows.stream().limit(6).map(row -> String.join(", ", row)).toList());
      return shown + " (" + String.join(", ", types) + ")";
    }
  }

  /** What both said of a query. */
  record Answers(Outcome outcome, Answer duckDb, Answer spark) {}

  static BothEngines open(Path folder) throws SQLException {
    SparkSession session = Spark.local(folder).newSession();
    Dialect.SETTINGS.forEach(session.conf()::set);
    session.conf().set("spark.sql.datetime.java8API.enabled", "true");
    session.conf().set("spark.sql.shuffle.partitions", "1");
    return new BothEngines(DuckDb.open(), session);
  }

  /**
   * Reads expressions as they stand: for queries that run once over few rows, to compile them is
   * most of the time.
   */
  static BothEngines interpreted(Path folder) throws SQLException {
    BothEngines both = open(folder);
    both.spark.conf().set("spark.sql.codegen.wholeStage", "false");
    both.spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    return both;
  }

  DuckDb duckDb() {
    return duckDb;
  }

  SparkSession spark() {
    return spark;
  }

  Answers ask(String sql) {
    Answer left = askDuckDb(sql);
    Answer right = askSpark(sql, left.types());
    return new Answers(outcome(sql, left, right), left, right);
  }

  private Answer askDuckDb(String sql) {
    try {
      List<String> types = duckDb.types(sql).stream().map(TableTypes::ofDuckDb).toList();
      return new Answer(types, duckDb.rows(sql, types), "");
    } catch (SQLException e) {
      return Answer.failed(firstLine(e));
    }
  }

  @SuppressWarnings("CatchingUnchecked") // Spark throws checked exceptions that it does not declare
  private Answer askSpark(String sql, List<String> wanted) {
    try {
      Dataset<Row> found = spark.sql(sql);
      List<String> types =
          java.util.Arrays.stream(found.schema().fields())
              .map(f -> TableTypes.ofSpark(f.dataType().simpleString()))
              .toList();
      Dataset<Row> rows = TableTypes.areWider(types, wanted) ? inTypes(found, wanted) : found;
      return new Answer(types, rows.collectAsList().stream().map(TableTypes::words).toList(), "");
    } catch (Exception e) {
      return Answer.failed(firstLine(e));
    }
  }

  private static Dataset<Row> inTypes(Dataset<Row> found, List<String> types) {
    String[] names = IntStream.range(0, types.size()).mapToObj(i -> "c" + i).toArray(String[]::new);
    Dataset<Row> named = found.toDF(names);
    return named.select(
        IntStream.range(0, types.size())
            .mapToObj(i -> named.col(names[i]).cast(TableTypes.toSpark(types.get(i))))
            .toArray(Column[]::new));
  }

  private static Outcome outcome(String sql, Answer left, Answer right) {
    if (left.isFailure() || right.isFailure()) {
      return left.isFailure() && right.isFailure() ? Outcome.FAIL : Outcome.DIFFERS;
    }
    if (!inOrder(sql, left.rows()).equals(inOrder(sql, right.rows()))) {
      return Outcome.DIFFERS;
    }
    if (left.types().equals(right.types())) {
      return Outcome.SAME;
    }
    return TableTypes.areWider(right.types(), left.types()) ? Outcome.WIDER : Outcome.DIFFERS;
  }

  /** A query's rows in an order that is the same each time. */
  static List<List<String>> steady(String sql, Answer answer) {
    return inOrder(sql, answer.rows());
  }

  /** Rows have an order only where the query says which. */
  private static List<List<String>> inOrder(String sql, List<List<String>> rows) {
    String last = sql.substring(sql.lastIndexOf(')') + 1).toLowerCase(Locale.ROOT);
    if (last.contains("order by")) {
      return rows;
    }
    List<List<String>> sorted = new ArrayList<>(rows);
    sorted.sort(java.util.Comparator.comparing(List::toString));
    return sorted;
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage()).strip();
    return message.lines().filter(l -> !l.isBlank()).findFirst().orElse(e.toString());
  }

  @Override
  public void close() throws SQLException {
    duckDb.close();
    spark.stop();
  }
}
