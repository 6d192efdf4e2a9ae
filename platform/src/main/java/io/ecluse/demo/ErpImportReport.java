package io.ecluse.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What became of CSV files: every row and value that did not arrive as it stood is in here. */
public record ErpImportReport(List<Table> tables, List<Finding> findings) {

  public ErpImportReport {
    tables = List.copyOf(tables);
    findings = List.copyOf(findings);
  }

  /**
   * What became of one file.
   *
   * @param read rows of the file, without the header
   * @param loaded rows of the table
   * @param changed values that were loaded otherwise than they stood
   * @param rejected rows that were left out
   */
  public record Table(String table, long read, long loaded, long changed, long rejected) {}

  /** What became of the thing that was found. */
  public enum Kind {
    REJECTED,
    CHANGED,
    NOTE
  }

  /**
   * One kind of mistake in one column, however often.
   *
   * @param column empty if the mistake is not of one column
   * @param count how many rows or values
   * @param examples the first few
   */
  public record Finding(
      Kind kind,
      String table,
      Optional<String> column,
      String reason,
      long count,
      List<Example> examples) {
    public Finding {
      examples = List.copyOf(examples);
    }

    String where() {
      return column.map(c -> table + "." + c).orElse(table);
    }
  }

  /**
   * Where a mistake is.
   *
   * @param line of the file, counted from 1
   * @param value what stands there; of personal data only how long it is
   */
  public record Example(long line, String value) {}

  public long rejected() {
    return tables.stream().mapToLong(Table::rejected).sum();
  }

  public long changed() {
    return tables.stream().mapToLong(Table::changed).sum();
  }

  /** For people, several lines without a closing line break. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(line("table", "read", "loaded", "changed", "rejected"));
    for (Table table : tables) {
      text.append('\n')
          .append(
              line(
                  table.table(),
                  number(table.read()),
                  number(table.loaded()),
                  number(table.changed()),
                  number(table.rejected())));
    }
    for (Finding finding : findings) {
      text.append('\n').append(sentence(finding));
    }
    return text.toString();
  }

  /** For programs: snake_case keys. */
  public String toJson() {
    try {
      return JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build()
          .writeValueAsString(
              Map.of(
                  "tables",
                  tables,
                  "findings",
                  findings,
                  "changed",
                  changed(),
                  "rejected",
                  rejected()));
    } catch (JacksonException e) {
      throw new AssertionError("A report of records is always JSON", e);
    }
  }

  private static String sentence(Finding finding) {
    String kind = finding.kind().name().toLowerCase(Locale.ROOT);
    if (finding.count() == 0) {
      return "%-8s %s: %s".formatted(kind, finding.where(), finding.reason());
    }
    String examples =
        finding.examples().stream()
            .map(e -> e.value().isEmpty() ? "" + e.line() : e.line() + " (" + e.value() + ")")
            .collect(Collectors.joining(", "));
    return "%-8s %s: %s, %s times, in line %s%s"
        .formatted(
            kind,
            finding.where(),
            finding.reason(),
            number(finding.count()),
            examples,
            finding.count() > finding.examples().size() ? ", …" : "");
  }

  private static String line(String table, String read, String loaded, String changed, String out) {
    return "%-16s %10s %10s %10s %10s".formatted(table, read, loaded, changed, out);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
