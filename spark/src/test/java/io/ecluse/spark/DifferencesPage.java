package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.spark.BothEngines.Answer;
import io.ecluse.spark.BothEngines.Answers;
import io.ecluse.spark.Corpus.Outcome;
import io.ecluse.spark.Corpus.Snippet;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code docs/sql-portability.md}, of what both engines answered. */
final class DifferencesPage {
  private static final Path PAGE = Path.of("..", "docs", "sql-portability.md");
  private static final Path RULES =
      Path.of(
          "..",
          "platform",
          "src",
          "main",
          "resources",
          "io",
          "ecluse",
          "schema",
          "portability.properties");
  private static final String FUNCTION = "function/";
  private static final String DATA = "data/";
  private static final int LONGEST = 80;
  private static final Pattern CONDITION = Pattern.compile("\\[([A-Z_.]+)]");

  private final Map<Snippet, Answers> answers;
  private final Properties rules = new Properties();

  DifferencesPage(Map<Snippet, Answers> answers) throws IOException {
    this.answers = answers;
    try (Reader file = Files.newBufferedReader(RULES)) {
      rules.load(file);
    }
  }

  /** Compares with the file, or writes it when asked to with {@code -Decluse.golden=write}. */
  void check() throws IOException {
    String page = text();
    if ("write".equals(System.getProperty("ecluse.golden"))) {
      Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    }
    assertThat(page)
        .as("rewrite with -Decluse.golden=write: %s", PAGE)
        .isEqualTo(Files.readString(PAGE));
  }

  private String text() {
    Map<String, Snippet> examples = new TreeMap<>();
    answers.forEach(
        (snippet, seen) -> {
          if (seen.outcome() == Outcome.DIFFERS) {
            snippet.rule().ifPresent(rule -> examples.putIfAbsent(rule, snippet));
          }
        });
    StringBuilder page = new StringBuilder(introduction());
    page.append("\n## What is refused\n\nIn brackets are the types, in Iceberg's words.\n\n");
    page.append(
        "| DuckDB's | DuckDB | Spark | how they differ | write instead |\n|---|---|---|---|---|\n");
    examples.forEach(
        (rule, snippet) -> {
          if (!rule.startsWith(FUNCTION) && !rule.startsWith(DATA) && !rule.equals("duckdb")) {
            row(
                page,
                snippet,
                "%s | %s".formatted(rules.get(rule + ".differs"), rules.get(rule + ".instead")));
          }
        });
    page.append("\n## Functions\n\nThese are the same: ").append(functions()).append(".\n");
    page.append(
        "\nAny other is refused; of these it is known what it would be, or is on Spark:\n\n");
    page.append("| DuckDB's | DuckDB | Spark | write instead |\n|---|---|---|---|\n");
    examples.forEach(
        (rule, snippet) -> {
          if (rule.startsWith(FUNCTION)) {
            String key = "function." + rule.substring(FUNCTION.length()) + ".instead";
            row(page, snippet, rules.getProperty(key, ""));
          }
        });
    page.append("\n## What no file tells\n\n");
    page.append(
        "Types and values of columns are known when a query runs. These differences nothing refuses:\n\n");
    page.append(
        "| query | DuckDB | Spark | how they differ | write instead |\n|---|---|---|---|---|\n");
    examples.forEach(
        (rule, snippet) -> {
          if (rule.startsWith(DATA)) {
            row(
                page,
                snippet,
                "%s | %s".formatted(rules.get(rule + ".differs"), rules.get(rule + ".instead")));
          }
        });
    return page.append(ending()).toString();
  }

  private String introduction() {
    Map<Outcome, Long> counts =
        answers.values().stream()
            .collect(Collectors.groupingBy(Answers::outcome, TreeMap::new, Collectors.counting()));
    return """
        # SQL that is the same on DuckDB and on Spark

        Models, tests and audits are DuckDB's SQL. The same files run on Spark, with the same answers, if they keep to what both
        engines do alike. `ecluse validate`, the page of problems and every run refuse the rest where it stands, in each model that
        may run on Spark (`engine: spark`, or clusters and `engine: auto`), and in all audits then. A model that says
        `engine: duckdb` in its header stays with DuckDB, and may say what it likes.

        This page is written by the test `CorpusTest` of `spark/`, which asked both engines %,d queries: %d have the same types and
        values, %d the same values in the types of the table (Spark's whole numbers and decimals are narrower), %d fail on both, and %d
        differ. Of those that differ, each is refused, or named below under what no file tells.

        """
            .formatted(
                answers.size(),
                counts.getOrDefault(Outcome.SAME, 0L),
                counts.getOrDefault(Outcome.WIDER, 0L),
                counts.getOrDefault(Outcome.FAIL, 0L),
                counts.getOrDefault(Outcome.DIFFERS, 0L))
        + "Settings remove what they can. Spark has "
        + Dialect.SETTINGS.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> "`%s=%s`".formatted(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "))
        + "; DuckDB has `TimeZone=UTC`, `default_null_order=nulls_last`, `ieee_floating_point_ops=false`.\n";
  }

  private String functions() {
    return Arrays.stream(rules.getProperty("functions").trim().split("\\s+"))
        .map(name -> name.equals("count_star") ? "count(*)" : name)
        .sorted()
        .map(name -> "`" + name.replace("|", "\\|") + "`")
        .collect(Collectors.joining(" "));
  }

  private void row(StringBuilder page, Snippet snippet, String rest) {
    Answers seen = answers.get(snippet);
    page.append(
        "| `%s` | %s | %s | %s |%n"
            .formatted(
                cell(snippet.sql()).replace("`", "\\`"),
                shown(snippet, seen.duckDb()),
                shown(snippet, seen.spark()),
                cell(rest).replace("\\|", "|"))
            .replace(System.lineSeparator(), "\n"));
  }

  private static String cell(String text) {
    return text.replace('\n', ' ').replace("|", "\\|");
  }

  private static String shown(Snippet snippet, Answer answer) {
    if (answer.isFailure()) {
      Matcher condition = CONDITION.matcher(answer.error());
      return condition.lookingAt() ? "error " + condition.group(1) : "error";
    }
    List<String> rows =
        BothEngines.steady(snippet.sql(), answer).stream()
            .map(row -> String.join(", ", row))
            .toList();
    String values = String.join("; ", rows);
    String shown = values.length() > LONGEST ? values.substring(0, LONGEST) + "…" : values;
    return cell(shown + " (" + String.join(", ", answer.types()) + ")");
  }

  private static String ending() {
    return """

        ## Beside the SQL

        - Rows have an order only where the query says which. Sums and averages of doubles depend on the order of their rows, on each
          engine, so last digits may differ from run to run: sum decimals, divide once.
        - A window with ties, and LIMIT without a full order, may take other rows each time: end the order with a column that is unique.
        - A table's types are those that DuckDB finds; Spark's values are cast to them, and what does not fit fails.
        - Random queries look for more, as long as one likes: `bench/parity`.
        """;
  }
}
