package io.ecluse.duckdb;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Merge;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.TableSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The SELECT that makes the next state of a table from the state before and some batches. */
final class MergeSql {
  private static final Set<String> VALIDITY = Set.of(Merge.VALID_FROM, Merge.VALID_TO);

  private final Merge merge;
  private final List<Column> all;
  private final List<Column> data;
  private final Optional<String> from;
  private final List<String> marks;
  private final List<String> parts = new ArrayList<>();

  /**
   * @param columns of the table that is made
   * @param from what gives the rows of the base
   * @param marks more columns of the base, which tell where its rows are; NULL for new rows
   */
  private MergeSql(Merge merge, List<Column> columns, Optional<String> from, List<String> marks) {
    this.merge = merge;
    this.all = columns;
    this.data = data(merge, columns);
    this.from = from;
    this.marks = marks;
  }

  /** What gives all rows of the table. */
  static String whole(Merge merge, List<Column> columns) {
    return new MergeSql(merge, columns, merge.base().map(Scan::rows), List.of()).text();
  }

  /** What gives the rows that batches bring, were there no table yet. */
  static String brought(Merge merge, List<Column> columns) {
    return new MergeSql(merge, columns, Optional.empty(), List.of()).text();
  }

  /**
   * What gives the versions that begin, and those that end with the place where they are.
   *
   * @param open gives versions in force with the columns of {@link Scan#numbered}
   */
  static String changed(Merge merge, List<Column> columns, String open) {
    return "SELECT * FROM (%s) WHERE %s IS NULL OR %s IS NOT NULL"
        .formatted(
            new MergeSql(merge, columns, Optional.of(open), List.of(Scan.FILE, Scan.ROW)).text(),
            Scan.ROW,
            Column.quote(Merge.VALID_TO));
  }

  /** Those that come from batches. */
  static List<Column> data(Merge merge, List<Column> columns) {
    return merge.versions() == Merge.Versions.ALL
        ? columns.stream().filter(c -> !VALIDITY.contains(c.name())).toList()
        : columns;
  }

  private String text() {
    parts.add("s0 AS (" + from.map(this::base).orElseGet(this::nothing) + ")");
    for (int i = 1; i <= merge.steps().size(); i++) {
      Merge.Step step = merge.steps().get(i - 1);
      parts.add("b%d AS (%s)".formatted(i, batch(merge, step, data)));
      if (step.keys().isPresent()) {
        parts.add(
            "k%d AS (SELECT %s FROM %s)"
                .formatted(i, keyList(), files(step.keys().get(), keyColumns(merge, step))));
      }
      parts.add(
          "s%d AS (%s)"
              .formatted(
                  i, merge.versions() == Merge.Versions.ALL ? versions(i, step) : latest(i, step)));
    }
    return "WITH %s\nSELECT %s FROM s%d"
        .formatted(String.join(",\n", parts), names(all, "") + marks(""), merge.steps().size());
  }

  /** How many rows of a batch have a key that another row of it has too. */
  static String repeated(Merge merge, Merge.Step step) {
    String key = merge.key().stream().map(Column::quote).collect(Collectors.joining(", "));
    return "SELECT coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) - 1 AS n FROM %s GROUP BY %s HAVING count(*) > 1)"
        .formatted(rows(merge, step, keyColumns(merge, step)), key);
  }

  /** The rows of a batch, changed ones in the place of those of the same key. */
  static String rows(Merge merge, Merge.Step step, List<Column> columns) {
    String rows = files(step.rows(), columns);
    if (step.changes().isEmpty()) {
      return rows;
    }
    String changes = files(step.changes(), columns);
    return "(SELECT r.* FROM %s r ANTI JOIN %s c ON %s UNION ALL SELECT * FROM %s)"
        .formatted(rows, changes, same(merge, "r", "c"), changes);
  }

  static List<Column> keyColumns(Merge merge, Merge.Step step) {
    return step.columns().stream().filter(c -> merge.key().contains(c.name())).toList();
  }

  static String files(List<BatchFile> files, List<Column> columns) {
    return StagedFiles.relation(BatchFile.paths(files), columns);
  }

  private String base(String rows) {
    return select(all, names(merge.base().orElseThrow())) + marks("") + " FROM (" + rows + ")";
  }

  /** What gives rows of a base, in these columns. */
  static String base(TableSnapshot base, List<Column> columns, String rows) {
    return select(columns, names(base)) + " FROM (" + rows + ")";
  }

  private static Set<String> names(TableSnapshot base) {
    return base.columns().stream()
        .map(c -> c.column().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** What gives the keys of all batches, each once. */
  static String allKeys(Merge merge, List<Column> key) {
    String keys =
        merge.steps().stream()
            .map(s -> batch(merge, s, key))
            .collect(Collectors.joining(" UNION ALL "));
    return keys.isEmpty()
        ? select(key, Set.of()) + " WHERE false"
        : "SELECT DISTINCT * FROM (" + keys + ")";
  }

  /** What gives the keys that the source had each time that all were read; empty if none was. */
  static Optional<String> seen(Merge merge) {
    return merge.steps().stream()
        .filter(s -> s.keys().isPresent())
        .map(s -> files(s.keys().get(), keyColumns(merge, s)))
        .reduce(
            (all, more) ->
                "(SELECT s.* FROM %s s SEMI JOIN %s b ON %s)"
                    .formatted(all, more, same(merge, "s", "b")))
        .map(all -> "SELECT * FROM " + all);
  }

  private String marks(String prefix) {
    return marks.stream().map(m -> ", " + prefix + m).collect(Collectors.joining());
  }

  private String nothing() {
    return select(all, Set.of()) + " WHERE false";
  }

  /** The rows of a batch with these columns. */
  static String batch(Merge merge, Merge.Step step, List<Column> columns) {
    Set<String> there =
        step.columns().stream()
            .map(c -> c.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return select(columns, there) + " FROM " + rows(merge, step, step.columns());
  }

  /**
   * Each column in its type; those that are not there yet, or no more, are unknown.
   *
   * @param there names in small letters
   */
  private static String select(List<Column> columns, Set<String> there) {
    return columns.stream()
        .map(
            c ->
                "CAST(%s AS %s) AS %s"
                    .formatted(
                        there.contains(c.name().toLowerCase(Locale.ROOT)) ? c.quoted() : "NULL",
                        c.type().sql(),
                        c.quoted()))
        .collect(Collectors.joining(", ", "SELECT ", ""));
  }

  private String latest(int i, Merge.Step step) {
    if (step.whole()) {
      return "SELECT * FROM b" + i;
    }
    String kept = "SELECT s.* FROM s%d s ANTI JOIN b%d b ON %s".formatted(i - 1, i, same("s", "b"));
    if (step.keys().isPresent()) {
      kept = "SELECT s.* FROM (%s) s SEMI JOIN k%d k ON %s".formatted(kept, i, same("s", "k"));
    }
    return kept + " UNION ALL SELECT * FROM b" + i;
  }

  /**
   * Versions in force that the batch changes or the source has lost end; new ones begin. Which are
   * in force is no condition of the joins: with one of the left side alone, the engine (1.5) would
   * compare each row with each.
   */
  private String versions(int i, Merge.Step step) {
    String at = "TIMESTAMPTZ " + Sql.text(step.at().toString());
    String open = "s." + Column.quote(Merge.VALID_TO) + " IS NULL";
    String changed = "(%s) IS DISTINCT FROM (%s)".formatted(names(data, "s."), names(data, "b."));
    String there = "b.here";
    String gone =
        step.whole() ? there + " IS NULL" : step.keys().isPresent() ? "k.here IS NULL" : "false";
    String keys =
        step.keys().isPresent() && !step.whole()
            ? " LEFT JOIN (SELECT DISTINCT *, true AS here FROM k%d) k ON %s"
                .formatted(i, same("s", "k"))
            : "";
    String before =
        "SELECT %s, s.%s, CASE WHEN %s AND ((%s AND %s) OR %s) THEN %s ELSE s.%s END%s FROM s%d s LEFT JOIN (SELECT *, true AS here FROM b%d) b ON %s%s"
            .formatted(
                names(data, "s."),
                Column.quote(Merge.VALID_FROM),
                open,
                there,
                changed,
                gone,
                at,
                Column.quote(Merge.VALID_TO),
                marks("s."),
                i - 1,
                i,
                same("s", "b"),
                keys);
    String after =
        "SELECT %s, %s, NULL::TIMESTAMPTZ%s FROM b%d b LEFT JOIN (SELECT *, true AS here FROM s%d s WHERE %s) s ON %s WHERE s.here IS NULL OR %s"
            .formatted(
                names(data, "b."),
                at,
                ", NULL".repeat(marks.size()),
                i,
                i - 1,
                open,
                same("s", "b"),
                changed);
    return "SELECT * FROM (%s UNION ALL %s) AS u(%s)"
        .formatted(
            before,
            after,
            names(data, "")
                + ", "
                + Column.quote(Merge.VALID_FROM)
                + ", "
                + Column.quote(Merge.VALID_TO)
                + marks(""));
  }

  private String same(String left, String right) {
    return same(merge, left, right);
  }

  static String same(Merge merge, String left, String right) {
    return merge.key().stream()
        .map(
            k ->
                left
                    + "."
                    + Column.quote(k)
                    + " IS NOT DISTINCT FROM "
                    + right
                    + "."
                    + Column.quote(k))
        .collect(Collectors.joining(" AND "));
  }

  private String keyList() {
    return merge.key().stream().map(Column::quote).collect(Collectors.joining(", "));
  }

  static String names(List<Column> columns, String prefix) {
    return columns.stream().map(c -> prefix + c.quoted()).collect(Collectors.joining(", "));
  }
}
