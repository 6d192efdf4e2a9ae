package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.spark.BothEngines.Answers;
import io.ecluse.spark.Corpus.Outcome;
import io.ecluse.spark.Corpus.Snippet;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The snippets on both engines, value by value and type by type. What differs and should not is a
 * mistake, and so is what should differ and does not: {@code validate} refuses it for nothing. The
 * page of the differences is made of what is seen here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {
  private static final int FEWEST = 400;

  private final List<Snippet> snippets = Corpus.read();
  private final Map<Snippet, Answers> answers = new LinkedHashMap<>();

  @BeforeAll
  void ask(@TempDir Path folder) throws SQLException {
    try (BothEngines both = BothEngines.interpreted(folder)) {
      Lab.open(both.duckDb(), both.spark());
      both.spark().sparkContext().setLogLevel("OFF"); // what fails is expected to
      snippets.forEach(snippet -> answers.put(snippet, both.ask(snippet.sql())));
    }
  }

  @Test
  void everySnippetDoesWhatIsExpectedOfIt() {
    List<String> mistakes = new ArrayList<>();
    answers.forEach(
        (snippet, seen) -> {
          if (seen.outcome() != snippet.expected()) {
            mistakes.add(
                "%s %s: expected %s, but it is %s%n  DuckDB %s%n  Spark  %s"
                    .formatted(
                        snippet,
                        snippet.sql(),
                        snippet.expected(),
                        seen.outcome(),
                        seen.duckDb(),
                        seen.spark()));
          }
        });
    assertThat(mistakes).isEmpty();
  }

  @Test
  void thereAreEnoughOfThemAndMostAreTheSame() {
    Map<Outcome, Long> counts =
        snippets.stream().collect(Collectors.groupingBy(Snippet::expected, Collectors.counting()));
    assertThat(snippets).hasSizeGreaterThanOrEqualTo(FEWEST).doesNotHaveDuplicates();
    assertThat(counts.get(Outcome.SAME)).isGreaterThan(FEWEST);
  }

  @Test
  void thePageOfDifferencesIsWhatWasSeen() throws IOException {
    new DifferencesPage(answers).check();
  }
}
