package io.ecluse.duckdb;

import io.ecluse.engine.Merge;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.WrittenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Whether files that were written for a table hold the rows of its batches: each key of a batch
 * once, with the values that the last batch gives it.
 *
 * <p>Both sides are read once, and only the keys of the batches are held in memory: a column's sum
 * is of hashes over key and value, so a value in the wrong row shows too. Which rows differ is
 * looked for only if some do.
 */
final class MergeCheck {
  private static final String THERE = "merge_there";

  private final DuckDbSession session;
  private final Merge merge;
  private final List<Column> columns;
  private boolean looked;

  /**
   * @param columns of the table, without those of the validity
   */
  MergeCheck(DuckDbSession session, Merge merge, List<Column> columns) {
    this.session = session;
    this.merge = merge;
    this.columns = columns;
  }

  /**
   * What files hold that continue or replace a table: versions that have ended are left alone, and
   * so is what no batch speaks of, unless the last one holds everything.
   *
   * @return how many rows of the batches were found
   * @throws EcluseException INTERNAL if they differ
   */
  long requireMerged(TableName table, List<WrittenFile> files) {
    return requireMerged(table, files, Optional.empty());
  }

  /**
   * The same of files that change a part of a table.
   *
   * @param kept gives rows in force that stay in other files; empty if none is of a batch
   */
  long requireMerged(TableName table, List<WrittenFile> files, Optional<String> kept) {
    if (merge.steps().isEmpty()) {
      return 0;
    }
    String written = written(files);
    if (merge.versions() == Merge.Versions.ALL && !files.isEmpty()) {
      written =
          "(SELECT * FROM %s WHERE %s IS NULL)".formatted(written, Column.quote(Merge.VALID_TO));
    }
    if (kept.isPresent()) {
      written =
          "(SELECT %s FROM %s UNION ALL %s)"
              .formatted(MergeSql.names(columns, ""), written, kept.get());
    }
    if (!merge.steps().get(merge.steps().size() - 1).whole()) {
      written =
          "(SELECT w.* FROM %s w SEMI JOIN %s e ON %s)"
              .formatted(written, expected(), MergeSql.same(merge, "w", "e"));
    }
    return require(table, expected(), written);
  }

  /**
   * The same of files that are added to a table.
   *
   * @throws EcluseException INTERNAL if they differ
   */
  long requireAdded(TableName table, List<WrittenFile> files) {
    return require(table, added(), written(files));
  }

  /** The rows of the batches whose keys the table does not have yet. */
  String added() {
    if (merge.base().isEmpty()) {
      return expected();
    }
    if (!looked) {
      String key =
          merge.key().stream().map(k -> "e." + Column.quote(k)).collect(Collectors.joining(", "));
      AtomicInteger part = new AtomicInteger();
      session
          .files()
          .inParts(
              merge.base().get(),
              here ->
                  session.execute(
                      "%s SELECT %s FROM %s e SEMI JOIN (%s) t ON %s"
                          .formatted(
                              part.getAndIncrement() == 0
                                  ? "CREATE TABLE " + THERE + " AS"
                                  : "INSERT INTO " + THERE,
                              key,
                              expected(),
                              Scan.rows(here),
                              MergeSql.same(merge, "e", "t"))));
      looked = true;
    }
    return "(SELECT e.* FROM %s e ANTI JOIN %s t ON %s)"
        .formatted(expected(), THERE, MergeSql.same(merge, "e", "t"));
  }

  /** How many rows of the batches the table has with other values. */
  long changed() {
    if (merge.base().isEmpty()) {
      return 0;
    }
    Set<String> there =
        merge.base().get().columns().stream()
            .map(c -> c.column().name())
            .collect(Collectors.toSet());
    List<Column> compared = columns.stream().filter(c -> there.contains(c.name())).toList();
    AtomicLong changed = new AtomicLong();
    session
        .files()
        .inParts(
            merge.base().get(),
            here ->
                changed.addAndGet(
                    session.number(
                        "SELECT count(*) FROM %s e JOIN (%s) t ON %s WHERE (%s) IS DISTINCT FROM (%s)"
                            .formatted(
                                expected(),
                                Scan.rows(here),
                                MergeSql.same(merge, "e", "t"),
                                MergeSql.names(compared, "e."),
                                MergeSql.names(compared, "t.")))));
    return changed.get();
  }

  private String written(List<WrittenFile> files) {
    return StagedFiles.relation(files.stream().map(WrittenFile::path).toList(), columns);
  }

  private long require(TableName table, String expected, String written) {
    List<String> wanted = sums(expected);
    if (!wanted.equals(sums(written))) {
      throw ErrorCode.INTERNAL.error(
          "%s would not hold what its batches do: %s. Nothing was changed; load again, and if this comes back, roll back to a run before (ecluse rollback), for the table's files are not what was loaded"
              .formatted(table, String.join(", ", differences(expected, written))));
    }
    return Long.parseLong(wanted.get(0));
  }

  /** The rows of the batches, but for those that a later one replaces or has seen deleted. */
  private String expected() {
    List<Merge.Step> steps = merge.steps();
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      List<Merge.Step> later = steps.subList(i + 1, steps.size());
      if (later.stream().noneMatch(Merge.Step::whole)) {
        String rows = rows(steps.get(i));
        for (Merge.Step after : later) {
          rows =
              "SELECT e.* FROM (%s) e ANTI JOIN %s a ON %s"
                  .formatted(
                      rows,
                      MergeSql.rows(merge, after, MergeSql.keyColumns(merge, after)),
                      MergeSql.same(merge, "e", "a"));
          if (after.keys().isPresent()) {
            rows =
                "SELECT e.* FROM (%s) e SEMI JOIN %s k ON %s"
                    .formatted(
                        rows,
                        MergeSql.files(after.keys().get(), MergeSql.keyColumns(merge, after)),
                        MergeSql.same(merge, "e", "k"));
          }
        }
        parts.add(rows);
      }
    }
    return "(" + String.join(" UNION ALL ", parts) + ")";
  }

  private String rows(Merge.Step step) {
    return MergeSql.batch(merge, step, columns);
  }

  /** How many rows, then of each column what its values come to. */
  private List<String> sums(String from) {
    String key = merge.key().stream().map(Column::quote).collect(Collectors.joining(", "));
    String sums =
        columns.stream()
            .map(c -> ", coalesce(sum(hash(%s, %s)), 0)::VARCHAR".formatted(key, c.quoted()))
            .collect(Collectors.joining());
    return session.query(
        "SELECT count(*)::VARCHAR" + sums + " FROM " + from,
        0,
        rows -> {
          rows.next();
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= columns.size() + 1; i++) {
            values.add(rows.getString(i));
          }
          return values;
        });
  }

  private List<String> differences(String expected, String written) {
    String counts =
        columns.stream()
            .map(
                c ->
                    ", count(*) FILTER (w.here AND e.%1$s IS DISTINCT FROM w.%1$s)"
                        .formatted(c.quoted()))
            .collect(Collectors.joining());
    String sql =
        "SELECT (SELECT count(*) FROM %1$s), (SELECT count(*) FROM %2$s), count(*) FILTER (w.here IS NULL)%3$s FROM %1$s e LEFT JOIN (SELECT *, true AS here FROM %2$s) w ON %4$s"
            .formatted(expected, written, counts, MergeSql.same(merge, "e", "w"));
    return session.query(
        sql,
        0,
        rows -> {
          rows.next();
          long wanted = rows.getLong(1);
          long missing = rows.getLong(3);
          long surplus = rows.getLong(2) - (wanted - missing);
          List<String> found = new ArrayList<>();
          for (int i = 0; i < columns.size(); i++) {
            long differ = rows.getLong(i + 4);
            if (differ > 0) {
              found.add(
                  "%s differs in %d of %d rows".formatted(columns.get(i).name(), differ, wanted));
            }
          }
          if (missing > 0) {
            found.add("missing are %d of %d rows".formatted(missing, wanted));
          }
          if (surplus > 0) {
            found.add("too many are %d rows".formatted(surplus));
          }
          return found.isEmpty() ? List.of("the sums of their columns differ") : found;
        });
  }
}
