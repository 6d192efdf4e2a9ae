package io.ecluse.project;

import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code models/SCHEMA/NAME.sql}: one SELECT that makes one table or view.
 *
 * @param path relative to the project folder
 * @param layout of its table
 * @param compute by what it is built
 * @param columns by name, in the order of the header; the query may have more
 * @param sql the query without a closing semicolon, its lines numbered as in the file
 * @param references the tables it reads, as written, each once
 * @param upstream the tables it reads, spelled as the source or model spells itself
 */
public record ModelFile(
    TableName name,
    String path,
    String description,
    Materialized materialized,
    Layout layout,
    Compute compute,
    Map<String, Column> columns,
    String sql,
    List<TableReference> references,
    Set<TableName> upstream) {

  public ModelFile {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    references = List.copyOf(references);
    upstream = Collections.unmodifiableSet(new TreeSet<>(upstream));
  }

  /** The same model with other SQL. */
  public ModelFile withSql(String other) {
    return new ModelFile(
        name,
        path,
        description,
        materialized,
        layout,
        compute,
        columns,
        other,
        references,
        upstream);
  }

  /** Whether the model has any test of a column. */
  public boolean hasTests() {
    return columns.values().stream().anyMatch(column -> !column.tests().isEmpty());
  }

  /**
   * What a model becomes in the warehouse.
   *
   * @param kind the word of its materialisation
   * @param texts what the header says under the keys of that kind
   * @param lists the same, where that is a list
   */
  public record Materialized(
      String kind, Map<String, String> texts, Map<String, List<String>> lists) {
    public Materialized {
      texts = Map.copyOf(texts);
      lists = Map.copyOf(lists);
    }

    /** Of a kind that is told nothing. */
    public static Materialized of(String kind) {
      return new Materialized(kind, Map.of(), Map.of());
    }
  }

  /** What the header says about a column. */
  public record Column(String name, String description, List<ColumnTest> tests) {
    public Column {
      tests = List.copyOf(tests);
    }
  }
}
