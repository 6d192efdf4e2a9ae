package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.warehouse.FileReach;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the files of a table that may hold some keys: by the bounds of the key's columns, and by
 * the buckets of a table that is partitioned by some. A file that holds one is always among them.
 *
 * @param key columns of the key, as the table has them
 */
record Touched(DuckDbSession session, List<Column> key, List<FileReach> files) {
  /** Keys next to each other are looked for together, so that many keys cost as few do. */
  private static final int MOST_RANGES = 4096;

  /**
   * @param keys a table of the session with the key's columns
   */
  List<FileReach> by(String keys) {
    if (files.isEmpty()) {
      return List.of();
    }
    List<String> tests = new ArrayList<>();
    List<List<String>> facts = new ArrayList<>();
    files.forEach(f -> facts.add(new ArrayList<>(List.of(String.valueOf(facts.size())))));
    List<String> names = new ArrayList<>(List.of("number"));
    tests.add(inBounds(names, facts, keys));
    buckets().forEach(part -> tests.add(inBucket(part, names, facts, keys)));
    String sql =
        "SELECT f.number FROM (VALUES %s) f(%s) WHERE %s"
            .formatted(
                facts.stream()
                    .map(f -> "(" + String.join(", ", f) + ")")
                    .collect(Collectors.joining(", ")),
                String.join(", ", names),
                String.join(" AND ", tests));
    Set<Integer> found =
        session.query(
            sql,
            0,
            rows -> {
              Set<Integer> numbers = new TreeSet<>();
              while (rows.next()) {
                numbers.add(rows.getInt(1));
              }
              return numbers;
            });
    return found.stream().map(files::get).toList();
  }

  private String inBounds(List<String> names, List<List<String>> facts, String keys) {
    List<String> ranges = new ArrayList<>();
    List<String> tests = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      Column column = key.get(i);
      ranges.add(
          "min(%1$s) AS l%2$d, max(%1$s) AS u%2$d, bool_or(%1$s IS NULL) AS n%2$d"
              .formatted(column.quoted(), i));
      tests.add(
          "(coalesce((f.l%1$d IS NULL OR r.u%1$d >= f.l%1$d) AND (f.u%1$d IS NULL OR r.l%1$d <= f.u%1$d), false) OR (r.n%1$d AND f.n%1$d))"
              .formatted(i));
      names.addAll(List.of("l" + i, "u" + i, "n" + i));
      for (int f = 0; f < files.size(); f++) {
        Optional<FileReach.Bounds> bounds = bounds(files.get(f), column);
        facts
            .get(f)
            .addAll(
                List.of(
                    literal(column, bounds.flatMap(FileReach.Bounds::least)),
                    literal(column, bounds.flatMap(FileReach.Bounds::most)),
                    String.valueOf(
                        bounds.filter(b -> b.nulls() == FileReach.Bounds.Nulls.NONE).isEmpty())));
      }
    }
    String columns = key.stream().map(Column::quoted).collect(Collectors.joining(", "));
    return "EXISTS (SELECT 1 FROM (SELECT %s FROM (SELECT *, ntile(%d) OVER (ORDER BY %s) AS range FROM %s) GROUP BY range) r WHERE %s)"
        .formatted(
            String.join(", ", ranges), MOST_RANGES, columns, keys, String.join(" AND ", tests));
  }

  /** Other engines may have another order of UUIDs than we. */
  private static Optional<FileReach.Bounds> bounds(FileReach reach, Column column) {
    return Optional.ofNullable(reach.bounds().get(column.name()))
        .filter(b -> column.type().kind() != DataType.Kind.UUID || reach.file().fit());
  }

  private static String literal(Column column, Optional<String> text) {
    return "CAST(%s AS %s)".formatted(text.map(Sql::text).orElse("NULL"), column.type().sql());
  }

  /** What else is known of a part than its bounds tell. */
  private List<Layout.Part> buckets() {
    return files.stream()
        .flatMap(f -> f.parts().keySet().stream())
        .filter(p -> p.transform() == Layout.Transform.BUCKET)
        .filter(p -> column(p).isPresent())
        .distinct()
        .toList();
  }

  private Optional<Column> column(Layout.Part part) {
    return key.stream().filter(c -> c.name().equals(part.column())).findFirst();
  }

  private String inBucket(
      Layout.Part part, List<String> names, List<List<String>> facts, String keys) {
    String name = "b" + names.size();
    names.add(name);
    for (int i = 0; i < files.size(); i++) {
      Optional<String> bucket = files.get(i).parts().getOrDefault(part, Optional.empty());
      facts.get(i).add("CAST(" + bucket.orElse("NULL") + " AS INTEGER)"); // NULL: any
    }
    Column column = column(part).orElseThrow();
    return "(f.%1$s IS NULL OR f.%1$s IN (SELECT DISTINCT %2$s FROM %3$s))"
        .formatted(name, "coalesce(" + PartSql.of(part, column, column.quoted()) + ", -1)", keys);
  }
}
