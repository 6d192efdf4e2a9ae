package io.ecluse.spark;

import io.ecluse.spark.BothEngines.Answers;
import io.ecluse.spark.Corpus.Outcome;
import io.ecluse.spark.RandomSql.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Asks both engines random queries and makes those that differ as small as they still differ. As a
 * program: {@code --seconds N} (60), {@code --seed S} (by the clock, and told).
 */
final class RandomParity implements AutoCloseable {
  private static final int MOST_TRIES = 300;
  private static final int DEFAULT_SECONDS = 60;

  private final BothEngines engines;

  private RandomParity(BothEngines engines) {
    this.engines = engines;
  }

  /**
   * What came of it.
   *
   * @param failures how many neither engine ran
   */
  record Report(int asked, int failures, List<String> differences) {}

  /**
   * Makes the tables.
   *
   * @param engines are closed with this
   * @param folder for their files
   */
  static RandomParity over(BothEngines engines, Path folder) throws SQLException, IOException {
    Path files = Files.createDirectories(folder.resolve("erp"));
    SmallErp.write(engines.duckDb().connection(), files);
    engines.spark().sql("CREATE SCHEMA IF NOT EXISTS erp");
    for (String table : SmallErp.TABLES) {
      engines
          .spark()
          .sql(
              "CREATE TABLE erp.%s USING parquet LOCATION '%s'"
                  .formatted(table, files.resolve(table + ".parquet")));
    }
    engines.spark().sparkContext().setLogLevel("OFF"); // what fails on both is no news
    return new RandomParity(engines);
  }

  BothEngines engines() {
    return engines;
  }

  /** Asks the queries of a seed, as long as the count of those before is to go on. */
  Report ask(long seed, IntPredicate goOn) {
    RandomQuery queries = new RandomQuery(new Random(seed));
    List<String> differences = new ArrayList<>();
    int asked = 0;
    int failures = 0;
    while (goOn.test(asked)) {
      asked++;
      Node query = queries.next();
      Outcome outcome = engines.ask(query.sql()).outcome();
      if (outcome == Outcome.DIFFERS) {
        Node small = shrink(query);
        Answers answers = engines.ask(small.sql());
        differences.add(
            "query %d of seed %d: %s%n  DuckDB %s%n  Spark  %s"
                .formatted(asked, seed, small.sql(), answers.duckDb(), answers.spark()));
      } else if (outcome == Outcome.FAIL) {
        failures++;
      }
    }
    return new Report(asked, failures, differences);
  }

  private Node shrink(Node query) {
    Node smallest = query;
    int tries = 0;
    Optional<Node> next = Optional.of(query);
    while (next.isPresent()) {
      smallest = next.get();
      next = Optional.empty();
      Iterator<Node> smaller = smallest.smaller().iterator();
      while (next.isEmpty() && smaller.hasNext() && tries++ < MOST_TRIES) {
        Node candidate = smaller.next();
        if (candidate.sql().length() < smallest.sql().length()
            && engines.ask(candidate.sql()).outcome() == Outcome.DIFFERS) {
          next = Optional.of(candidate);
        }
      }
    }
    return smallest;
  }

  @Override
  public void close() throws SQLException {
    engines.close();
  }

  public static void main(String[] arguments) throws SQLException, IOException {
    long seconds = DEFAULT_SECONDS;
    long seed = System.nanoTime();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--seconds" -> seconds = Long.parseLong(arguments[i + 1]);
        case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
        default -> {
          System.err.println("usage: bench/parity [--seconds N] [--seed S]");
          System.exit(2);
        }
      }
    }
    Path folder = Files.createTempDirectory("ecluse-bench-");
    Report report;
    try (RandomParity parity = RandomParity.over(BothEngines.open(folder), folder)) {
      long end = System.nanoTime() + seconds * 1_000_000_000L; // both have started
      report = parity.ask(seed, asked -> System.nanoTime() < end);
      report.differences().forEach(System.out::println);
      System.out.printf(
          "seed %d: %d queries, %d differ, %d fail on both%n",
          seed, report.asked(), report.differences().size(), report.failures());
    } finally {
      delete(folder);
    }
    System.exit(report.differences().isEmpty() ? 0 : 1);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
