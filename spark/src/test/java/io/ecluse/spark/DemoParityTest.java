package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.spark.BothEngines.Answers;
import io.ecluse.spark.Corpus.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo's tests and audits, and queries that nobody thought of, have the same rows on both
 * engines; {@code bench/parity} asks more of those. That its models do, {@link ModelParityTest}
 * shows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoParityTest {
  private static final long SEED = 1;
  private static final int QUERIES = 100;
  private static final Path TESTS = Corpus.FOLDER.resolve("demo").resolve("tests-of-columns.sql");

  private RandomParity parity;

  @BeforeAll
  void open(@TempDir Path folder) throws SQLException, IOException {
    parity = RandomParity.over(BothEngines.interpreted(folder), folder);
  }

  @AfterAll
  void close() throws SQLException {
    parity.close();
  }

  private void buildModels() throws SQLException {
    BothEngines both = parity.engines();
    for (DemoModels.Model model : DemoModels.inOrder()) {
      String schema = "CREATE SCHEMA IF NOT EXISTS " + model.name().split("\\.")[0];
      both.duckDb().execute(schema);
      both.duckDb().execute("CREATE TABLE %s AS %s".formatted(model.name(), model.sql()));
      both.spark().sql(schema);
      both.spark().sql("CREATE TABLE %s USING parquet AS %s".formatted(model.name(), model.sql()));
    }
    for (DemoModels.Model model :
        DemoModels.inOrder()) { // every row twice, so that tests find some
      String again = "INSERT INTO %1$s SELECT * FROM %1$s".formatted(model.name());
      both.duckDb().execute(again);
      both.spark().sql(again);
    }
  }

  @Test
  void everyTestAndAuditOfTheDemoFindsTheSameRows() throws SQLException, IOException {
    buildModels();
    List<String> queries = new ArrayList<>(Files.readAllLines(TESTS));
    assertThat(queries).hasSizeGreaterThan(50);
    // of an audit counts who breaks it; what it shows of them may be sums of doubles
    DemoModels.audits()
        .values()
        .forEach(
            sql -> queries.add("SELECT count(*) AS failing FROM (%n%s%n) broken".formatted(sql)));
    List<String> differences = new ArrayList<>();
    int found = 0;
    for (String query : queries) {
      Answers answers = parity.engines().ask(query);
      found += answers.duckDb().rows().size();
      if (answers.outcome() != Outcome.SAME && answers.outcome() != Outcome.WIDER) {
        differences.add(
            "%s%n  DuckDB %s%n  Spark  %s".formatted(query, answers.duckDb(), answers.spark()));
      }
    }
    assertThat(differences).isEmpty();
    assertThat(found).as("a comparison needs rows").isPositive();
  }

  @Test
  void randomQueriesOfThePortableSubsetAreTheSame() {
    RandomParity.Report report = parity.ask(SEED, asked -> asked < QUERIES);
    assertThat(report.differences()).isEmpty();
    assertThat(report.failures()).as("most of them run").isLessThan(QUERIES / 4);
  }
}
