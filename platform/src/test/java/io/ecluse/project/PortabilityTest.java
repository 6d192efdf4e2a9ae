package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.Snippets.Snippet;
import io.ecluse.project.SqlLexer.Token;
import io.ecluse.schema.PortabilityRules;
import io.ecluse.schema.SqlParser;
import io.ecluse.schema.SqlParser.Unportable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What differs on Spark is refused, and what does not is not. That the snippets do differ, or do
 * not, {@code CorpusTest} of {@code spark/} shows by running them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortabilityTest {
  /** Rules of what no file tells, and of what DuckDB itself does not run. */
  private static final String UNTOLD = "data/";

  private static final String NOT_READ = "duckdb";

  private final SqlParser parser = new EngineParser();

  @AfterAll
  void close() {
    parser.close();
  }

  private Set<String> broken(String sql) {
    if (parser.read(sql).mistake().isPresent()) {
      return Set.of(NOT_READ);
    }
    List<Token> tokens = SqlLexer.read(sql, new Problems().in("snippet")).orElseThrow();
    return PortabilityCheck.in(sql, sql, tokens, parser).stream()
        .map(Unportable::rule)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatDiffersIsRefusedAndWhatDoesNotIsNot() {
    List<String> mistakes = new ArrayList<>();
    for (Snippet snippet : Snippets.all()) {
      Set<String> broken = broken(snippet.sql());
      if (snippet.rule().isPresent() && !snippet.rule().get().startsWith(UNTOLD)) {
        if (!broken.contains(snippet.rule().get())) {
          mistakes.add(
              "%s%n  breaks %s, and is refused by %s"
                  .formatted(snippet.at(), snippet.rule().get(), broken));
        }
      } else if (snippet.isSame() && !broken.isEmpty()) {
        mistakes.add("%s%n  is the same, and is refused by %s".formatted(snippet.at(), broken));
      } else if (snippet.outcome().equals("differs") && snippet.rule().isEmpty()) {
        mistakes.add("%s%n  differs, and nothing refuses it".formatted(snippet.at()));
      }
    }
    assertThat(mistakes).isEmpty();
  }

  @Test
  void everyFunctionThatIsLetThroughIsInASnippetOnWhichEnginesAgree() {
    Set<String> used = new TreeSet<>();
    for (Snippet snippet : Snippets.all()) {
      if (snippet.isSame() && snippet.rule().isEmpty()) {
        used.addAll(parser.functions(snippet.sql()));
      }
    }
    Set<String> unproven = new TreeSet<>(PortabilityRules.functions());
    unproven.removeAll(used);
    assertThat(unproven).isEmpty();
  }

  @Test
  void everyRuleIsBrokenByASnippet() {
    Set<String> named = new TreeSet<>();
    Snippets.all().forEach(s -> s.rule().ifPresent(named::add));
    Set<String> rules = new TreeSet<>(PortabilityRules.names());
    rules.remove("function"); // which has a name behind it
    rules.removeAll(named);
    assertThat(rules).isEmpty();
  }
}
