package io.ecluse.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a table becomes when batches continue it, as the platform's other engine makes it: the last
 * version of each row, or all of them with the time for which they held.
 */
final class MergeRows {
  private static final String VALID_FROM = "valid_from";
  private static final String VALID_TO = "valid_to";
  private static final Set<String> VALIDITY = Set.of(VALID_FROM, VALID_TO);
  private static final String HERE = "\u0001here";
  private static final String GONE = "\u0001gone";

  private final RunSession session;
  private final Work.Merge merge;
  private final RunTable table;
  private final StagedRows staged;
  private final StructType all;
  private final StructType data;

  MergeRows(RunSession session, Work.Merge merge) {
    this.session = session;
    this.merge = merge;
    this.table = session.table(merge.table());
    this.staged = new StagedRows(session.spark());
    this.all = table.schema();
    this.data = merge.versions() == Work.Versions.ALL ? having(n -> !VALIDITY.contains(n)) : all;
  }

  Result run() {
    StagedFiles.require(
        session.spark(), merge.steps().stream().flatMap(s -> s.files().stream()).toList());
    return merge.mode() == Work.Mode.APPEND ? append() : merge();
  }

  private Result merge() {
    if (!table.isDone()) {
      requireKeys();
      table.replace(next());
    }
    Dataset<Row> written = table.read();
    Dataset<Row> open =
        merge.versions() == Work.Versions.ALL
            ? written.where(written.col(VALID_TO).isNull())
            : written;
    long found = requireHeld(open);
    long rows = table.rows();
    long current = merge.versions() == Work.Versions.ALL ? open.count() : rows;
    return Result.rows(rows).with("found", found).with("current", current);
  }

  private Result append() {
    if (table.isDone()) {
      return Result.rows(table.added()).with("changed", 0);
    }
    requireKeys();
    Dataset<Row> brought = expected();
    Dataset<Row> base = base();
    if (merge.base().isPresent()) {
      Set<String> before = Set.of(table.at(merge.base().get()).columns());
      Dataset<Row> b = brought.as("b");
      Dataset<Row> t = base.as("t");
      long changed =
          b.join(t, same("b", "t")).where(different(having(before::contains), "b", "t")).count();
      if (changed > 0) {
        return Result.rows(0).with("changed", changed);
      }
    }
    Dataset<Row> added = brought.as("b").join(base.as("t"), same("b", "t"), "left_anti");
    return Result.rows(table.add(added)).with("changed", 0);
  }

  /** The table as the batches leave it. */
  private Dataset<Row> next() {
    Dataset<Row> state = base();
    for (Work.Step step : merge.steps()) {
      if (merge.versions() == Work.Versions.LATEST) {
        state = latest(state, step);
      } else {
        // each step reads the state twice: what several make of it would double with each
        state = versions(merge.steps().size() > 1 ? state.localCheckpoint() : state, step);
      }
    }
    return state;
  }

  private Dataset<Row> base() {
    return RunTable.cast(
        merge.base().map(table::at).orElseGet(() -> staged.read(List.of(), all)), all);
  }

  private Dataset<Row> latest(Dataset<Row> state, Work.Step step) {
    Dataset<Row> batch = batch(step, data);
    if (step.extent() == Work.Extent.WHOLE) {
      return batch;
    }
    Dataset<Row> kept = state.as("s").join(batch.as("b"), same("s", "b"), "left_anti");
    if (step.keys().isPresent()) {
      kept = kept.as("s").join(keys(step).as("k"), same("s", "k"), "left_semi");
    }
    return kept.unionByName(batch);
  }

  /** Versions in force that the batch changes or the source has lost end; new ones begin. */
  private Dataset<Row> versions(Dataset<Row> state, Work.Step step) {
    Dataset<Row> batch = batch(step, data);
    Column at = functions.lit(step.at()).cast(DataTypes.TimestampType);
    Column open = column("s", VALID_TO).isNull();
    Column different = different(data, "s", "b");
    Dataset<Row> seen = batch.withColumn(HERE, functions.lit(true));
    Dataset<Row> joined = state.as("s").join(seen.as("b"), open.and(same("s", "b")), "left_outer");
    Column gone = functions.lit(false);
    if (step.extent() == Work.Extent.WHOLE) {
      gone = column("b", HERE).isNull();
    } else if (step.keys().isPresent()) {
      Dataset<Row> keys = keys(step).withColumn(GONE, functions.lit(true));
      joined = joined.join(keys.as("k"), open.and(same("s", "k")), "left_outer");
      gone = column("k", GONE).isNull();
    }
    Column ends = open.and(column("b", HERE).isNotNull().and(different).or(gone));
    List<Column> before = names("s");
    before.add(column("s", VALID_FROM));
    before.add(functions.when(ends, at).otherwise(column("s", VALID_TO)).as(VALID_TO));
    Dataset<Row> inForce =
        state.where(state.col(VALID_TO).isNull()).withColumn(HERE, functions.lit(true));
    List<Column> after = names("b");
    after.add(at.as(VALID_FROM));
    after.add(functions.lit(null).cast(DataTypes.TimestampType).as(VALID_TO));
    Dataset<Row> begun =
        batch
            .as("b")
            .join(inForce.as("s"), same("s", "b"), "left_outer")
            .where(column("s", HERE).isNull().or(different))
            .select(after.toArray(Column[]::new));
    return RunTable.cast(joined.select(before.toArray(Column[]::new)).unionByName(begun), all);
  }

  /** The rows of a batch, changed ones in the place of those of the same key. */
  private Dataset<Row> batch(Work.Step step, StructType columns) {
    StructType there = StagedRows.schema(step.columns());
    Dataset<Row> rows = staged.read(step.rows(), there);
    if (!step.changes().isEmpty()) {
      Dataset<Row> changes = staged.read(step.changes(), there);
      rows = rows.as("r").join(changes.as("c"), same("r", "c"), "left_anti").unionByName(changes);
    }
    return RunTable.cast(rows, columns);
  }

  private Dataset<Row> keys(Work.Step step) {
    StructType columns =
        new StructType(
            Stream.of(StagedRows.schema(step.columns()).fields())
                .filter(f -> merge.key().contains(f.name()))
                .toArray(StructField[]::new));
    return staged.read(step.keys().orElseThrow(), columns);
  }

  private void requireKeys() {
    for (Work.Step step : merge.steps()) {
      Dataset<Row> batch = batch(step, StagedRows.schema(step.columns()));
      Row repeated =
          batch
              .groupBy(
                  merge.key().stream()
                      .map(RunTable::quoted)
                      .map(functions::col)
                      .toArray(Column[]::new))
              .count()
              .where("count > 1")
              .agg(functions.sum(functions.expr("count - 1")))
              .first();
      if (!repeated.isNullAt(0)) {
        String[] names = merge.table().split("\\.", 2);
        throw new JobException(
            JobException.Code.DATA_INVALID,
            "%s: %d rows of a batch have the same %s as another, so it is no key; name the right primary_key in the source's file, and read everything once: ecluse extract %s %s --full"
                .formatted(
                    merge.table(),
                    repeated.getLong(0),
                    String.join(", ", merge.key()),
                    names[0],
                    names[names.length - 1]));
      }
    }
  }

  /** The rows of the batches, but for those that a later one replaces or has seen deleted. */
  private Dataset<Row> expected() {
    Dataset<Row> expected = staged.read(List.of(), data);
    for (int i = 0; i < merge.steps().size(); i++) {
      List<Work.Step> later = merge.steps().subList(i + 1, merge.steps().size());
      if (later.stream().noneMatch(s -> s.extent() == Work.Extent.WHOLE)) {
        Dataset<Row> rows = batch(merge.steps().get(i), data);
        for (Work.Step after : later) {
          rows = rows.as("e").join(batch(after, data).as("a"), same("e", "a"), "left_anti");
          if (after.keys().isPresent()) {
            rows = rows.as("e").join(keys(after).as("k"), same("e", "k"), "left_semi");
          }
        }
        expected = expected.unionByName(rows);
      }
    }
    return expected;
  }

  /** Whether the table holds each row of the batches once, with its values; returns how many. */
  private long requireHeld(Dataset<Row> open) {
    if (merge.steps().isEmpty()) {
      return 0;
    }
    Dataset<Row> expected = expected();
    Dataset<Row> written = open;
    if (merge.steps().get(merge.steps().size() - 1).extent() == Work.Extent.PART) {
      written = open.as("w").join(expected.as("e"), same("w", "e"), "left_semi");
    }
    Row wanted = sums(expected);
    if (!wanted.equals(sums(written))) {
      throw new JobException(
          JobException.Code.INTERNAL,
          "%s would not hold what its batches do: the sums of their columns differ. Nothing was published; load again, and if this comes back, roll back to a run before (ecluse rollback), for the table's files are not what was loaded"
              .formatted(merge.table()));
    }
    return wanted.getLong(0);
  }

  /** How many rows, then of each column what its values come to, each bound to its key. */
  private Row sums(Dataset<Row> rows) {
    List<Column> sums = new ArrayList<>();
    for (StructField field : data.fields()) {
      List<Column> hashed = new ArrayList<>();
      merge.key().forEach(k -> hashed.add(functions.col(RunTable.quoted(k))));
      hashed.add(functions.col(RunTable.quoted(field.name())));
      sums.add(
          functions.sum(
              functions
                  .xxhash64(hashed.toArray(Column[]::new))
                  .cast(DataTypes.createDecimalType(38, 0))));
    }
    return rows.agg(functions.count(functions.lit(1)), sums.toArray(Column[]::new)).first();
  }

  private Column same(String left, String right) {
    return merge.key().stream()
        .map(k -> column(left, k).eqNullSafe(column(right, k)))
        .reduce(Column::and)
        .orElse(functions.lit(true));
  }

  private static Column different(StructType columns, String left, String right) {
    return Stream.of(columns.fields())
        .map(f -> functions.not(column(left, f.name()).eqNullSafe(column(right, f.name()))))
        .reduce(Column::or)
        .orElse(functions.lit(false));
  }

  private List<Column> names(String side) {
    List<Column> names = new ArrayList<>();
    for (StructField field : data.fields()) {
      names.add(column(side, field.name()).as(field.name()));
    }
    return names;
  }

  private static Column column(String side, String name) {
    return functions.col(side + "." + RunTable.quoted(name));
  }

  private StructType having(Predicate<String> name) {
    return new StructType(
        Stream.of(all.fields()).filter(f -> name.test(f.name())).toArray(StructField[]::new));
  }
}
