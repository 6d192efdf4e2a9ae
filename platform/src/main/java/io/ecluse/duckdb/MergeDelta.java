package io.ecluse.duckdb;

import io.ecluse.engine.Merge;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.BaseFiles;
import io.ecluse.warehouse.FileReach;
import io.ecluse.warehouse.RowChange;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.WrittenFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Changes those rows of a table that batches speak of, and touches no other file. What is found out
 * is in tables of the session. Used once.
 */
final class MergeDelta {
  private static final String KEYS = "merge_keys";
  private static final String OPEN = "merge_open";
  private static final String CHANGED = "merge_changed";
  private static final String GONE = "merge_gone";

  private final DuckDbSession session;
  private final StagedTable table;
  private final Merge merge;
  private final TableWriter writer;
  private final TableSnapshot base;
  private final BaseFiles files;
  private final List<FileReach> all;
  private final List<FileReach> touched;

  MergeDelta(DuckDbSession session, StagedTable table, Merge merge) {
    this.session = session;
    this.table = table;
    this.merge = merge;
    this.writer = new TableWriter(session, table);
    this.base = merge.base().orElseThrow();
    this.files = table.base(base);
    List<Column> key =
        writer.columns().stream().filter(c -> merge.key().contains(c.name())).toList();
    List<String> bounded = new ArrayList<>(merge.key());
    bounded.add(Merge.VALID_TO);
    this.all = files.reaches(bounded);
    session.execute("CREATE TABLE %s AS %s".formatted(KEYS, MergeSql.allKeys(merge, key)));
    List<FileReach> alive =
        all.stream()
            .filter(f -> merge.versions() == Merge.Versions.LATEST || mayHoldOpen(f))
            .toList();
    this.touched = speaksOfAll() ? alive : new Touched(session, key, alive).by(KEYS);
  }

  /**
   * Whether rows that no batch speaks of can stay as they are: none of their columns has another
   * type now, and the key is among them, as is since when they hold, where that is kept.
   */
  static boolean isPossible(StagedTable table, Merge merge) {
    if (merge.base().filter(b -> b.view().isEmpty() && !b.files().isEmpty()).isEmpty()) {
      return false;
    }
    List<TableColumn> there = merge.base().get().columns();
    boolean kept =
        table.columns().stream()
            .allMatch(
                c ->
                    there.stream()
                        .filter(t -> t.column().name().equalsIgnoreCase(c.column().name()))
                        .allMatch(c::equals));
    Set<String> names = there.stream().map(t -> t.column().name()).collect(Collectors.toSet());
    boolean valid =
        merge.versions() == Merge.Versions.LATEST
            || names.containsAll(Set.of(Merge.VALID_FROM, Merge.VALID_TO));
    return kept && valid && names.containsAll(merge.key());
  }

  private static boolean mayHoldOpen(FileReach file) {
    return Optional.ofNullable(file.bounds().get(Merge.VALID_TO))
        .filter(b -> b.nulls() == FileReach.Bounds.Nulls.NONE)
        .isEmpty();
  }

  /** Whether a batch tells that keys have gone, by what it does not hold. */
  private boolean speaksOfAll() {
    return merge.steps().stream().anyMatch(s -> s.keys().isPresent() || s.whole());
  }

  /** The same merge, of whose base only those files are known that may hold keys of the batches. */
  Merge narrowed() {
    return new Merge(
        Optional.of(base.of(touched.stream().map(FileReach::file).toList())),
        merge.key(),
        merge.versions(),
        merge.steps());
  }

  /** Adds files to the table. */
  void add(List<WrittenFile> added, Optional<String> batch) {
    Losses none = Losses.of(all, Map.of());
    List<WrittenFile> both = new ArrayList<>(added);
    if (!none.anew().isEmpty()) {
      both.addAll(
          writeBeside(
              none.anew(),
              here -> MergeSql.base(base, writer.columns(), Scan.numbered(base, here, ""))));
    }
    table.change(files, new RowChange(both, none.removed(), List.of()), batch);
  }

  /**
   * Files of what stays of others.
   *
   * @param rows gives what stays of those that are here
   */
  private List<WrittenFile> writeBeside(
      List<FileReach> anew, Function<List<FileReach>, String> rows) {
    List<WrittenFile> written = new ArrayList<>();
    AtomicInteger part = new AtomicInteger();
    session
        .files()
        .inParts(
            anew,
            here ->
                written.addAll(
                    writer.beside(part.getAndIncrement()).write(from(rows.apply(here)))));
    return written;
  }

  /**
   * Writes the change.
   *
   * @throws io.ecluse.error.EcluseException INTERNAL when what was written does not hold the rows
   *     of the batches
   */
  Merge.Merged write(Optional<String> batch) {
    String brought =
        switch (merge.versions()) {
          case LATEST -> latest();
          case ALL -> versions();
        };
    Losses losses = Losses.of(all, lost());
    List<WrittenFile> added = added(brought, losses.anew());
    long found =
        new MergeCheck(session, merge, MergeSql.data(merge, writer.columns()))
            .requireMerged(table.name(), added, kept(losses));
    List<RowChange.Deletes> deletes = deletes(losses);
    if (merge.versions() == Merge.Versions.LATEST) {
      requireGone(losses, deletes);
    }
    table.change(files, new RowChange(added, losses.removed(), deletes), batch);
    long rows = base.rows() - losses.rows() + TableWriter.rows(added) - losses.left();
    return new Merge.Merged(found, rows, current(rows, losses));
  }

  /** Writes what comes, with what stays of small files if those are not too many. */
  private List<WrittenFile> added(String brought, List<FileReach> anew) {
    List<WrittenFile> added = new ArrayList<>();
    if (!anew.isEmpty() && session.files().fit(anew)) {
      session
          .files()
          .inParts(
              anew,
              here -> added.addAll(writer.write(from(brought + " UNION ALL " + staying(here)))));
    } else {
      added.addAll(writer.write(from(brought)));
      if (!anew.isEmpty()) {
        added.addAll(writeBeside(anew, this::staying));
      }
    }
    return added;
  }

  private String staying(List<FileReach> here) {
    return MergeSql.base(base, writer.columns(), staying(Scan.numbered(base, here, "")));
  }

  /**
   * Makes a table of what is found in files.
   *
   * @param join of their numbered rows
   */
  private void make(String name, String columns, List<FileReach> some, String join) {
    AtomicInteger part = new AtomicInteger();
    session
        .files()
        .inParts(
            some,
            here ->
                session.execute(
                    "%s SELECT %s FROM (%s)"
                        .formatted(
                            part.getAndIncrement() == 0
                                ? "CREATE TABLE " + name + " AS"
                                : "INSERT INTO " + name,
                            columns,
                            Scan.numbered(base, here, join))));
  }

  private static TableWriter.From from(String sql) {
    return new TableWriter.From("(\n" + sql + "\n)", 0, 1);
  }

  /** Numbered rows but those that go. */
  private static String staying(String numbered) {
    return "SELECT s.* FROM (%s) s ANTI JOIN %s g ON s.%s = g.file AND s.%s = g.pos"
        .formatted(numbered, GONE, Scan.FILE, Scan.ROW);
  }

  /** Finds what the batches replace or have seen deleted; returns what gives their rows. */
  private String latest() {
    String join =
        MergeSql.seen(merge)
            .map(
                seen ->
                    "ANTI JOIN (SELECT s.* FROM (%s) s ANTI JOIN %s b ON %s) b ON %s"
                        .formatted(seen, KEYS, same(), same()))
            .orElseGet(() -> "SEMI JOIN %s b ON %s".formatted(KEYS, sameKey()));
    make(GONE, "%s AS file, %s AS pos".formatted(Scan.FILE, Scan.ROW), touched, join);
    return MergeSql.brought(merge, writer.columns());
  }

  /** Finds the versions that end; returns what gives them with their end, and those that begin. */
  private String versions() {
    String join = speaksOfAll() ? "" : "SEMI JOIN %s b ON %s ".formatted(KEYS, sameKey());
    String open = "%sWHERE s.%s IS NULL".formatted(join, Column.quote(Merge.VALID_TO));
    if (speaksOfAll() && session.files().fit(touched)) {
      session
          .files()
          .inParts(
              touched,
              here ->
                  session.execute(
                      "CREATE VIEW %s AS %s".formatted(OPEN, Scan.numbered(base, here, open))));
    } else {
      make(OPEN, "*", touched, open);
    }
    session.execute(
        "CREATE TABLE %s AS %s"
            .formatted(CHANGED, MergeSql.changed(merge, writer.columns(), "FROM " + OPEN)));
    session.execute(
        "CREATE TABLE %1$s(file, pos) AS SELECT %2$s, %3$s FROM %4$s WHERE %3$s IS NOT NULL"
            .formatted(GONE, Scan.FILE, Scan.ROW, CHANGED));
    return "SELECT %s FROM %s".formatted(MergeSql.names(writer.columns(), ""), CHANGED);
  }

  private String same() {
    return MergeSql.same(merge, "s", "b");
  }

  /** Without NULL in keys, the engine can leave parts of files out. */
  private String sameKey() {
    String nulls =
        merge.key().stream()
            .map(k -> Column.quote(k) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    boolean some = session.number("SELECT count(*) FROM %s WHERE %s".formatted(KEYS, nulls)) > 0;
    return some ? same() : same().replace(" IS NOT DISTINCT FROM ", " = ");
  }

  private Map<FileReach, Long> lost() {
    return session.query(
        "SELECT file, count(*) FROM " + GONE + " GROUP BY file",
        0,
        rows -> {
          Map<FileReach, Long> lost = new LinkedHashMap<>();
          while (rows.next()) {
            lost.put(all.get(rows.getInt(1)), rows.getLong(2));
          }
          return lost;
        });
  }

  /** What gives versions in force that the batches speak of and that stay where they are. */
  private Optional<String> kept(Losses losses) {
    return merge.versions() == Merge.Versions.LATEST
        ? Optional.empty()
        : Optional.of(
            MergeSql.base(
                base,
                MergeSql.data(merge, writer.columns()),
                "%s WHERE s.%s NOT IN (%s)"
                    .formatted(
                        staying("FROM " + OPEN),
                        Scan.FILE,
                        Stream.concat(Stream.of(-1), losses.anew().stream().map(FileReach::number))
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")))));
  }

  private List<RowChange.Deletes> deletes(Losses losses) {
    List<RowChange.Deletes> deletes = new ArrayList<>();
    for (FileReach file : losses.marked()) {
      String before =
          session
              .files()
              .lost(file)
              .map(f -> " UNION ALL SELECT pos FROM " + Sql.parquet(List.of(f), ""))
              .orElse("");
      WrittenFile written =
          session
              .copy(
                  "COPY (SELECT %s AS file_path, pos FROM (SELECT pos FROM %s WHERE file = %d%s) ORDER BY pos) TO %s (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {file_path: %d, pos: %d}, RETURN_STATS)"
                      .formatted(
                          Sql.text(file.location()),
                          GONE,
                          file.number(),
                          before,
                          Sql.text(
                              table
                                  .dataFolder()
                                  .resolve("deletes_%d.parquet".formatted(file.number()))
                                  .toString()),
                          RowChange.Deletes.FILE_PATH_ID,
                          RowChange.Deletes.POSITION_ID),
                  0,
                  List.of())
              .get(0);
      deletes.add(
          new RowChange.Deletes(file.location(), written.path(), written.rows(), written.bytes()));
    }
    return deletes;
  }

  /** Reads the files that stay as everybody will: no key of a batch may be in them any more. */
  private void requireGone(Losses losses, List<RowChange.Deletes> deletes) {
    Map<String, RowChange.Deletes> lost = new HashMap<>();
    deletes.forEach(d -> lost.put(d.dataFile(), d));
    List<FileReach> stay =
        touched.stream()
            .filter(f -> !losses.anew().contains(f))
            .map(
                f ->
                    Optional.ofNullable(lost.get(f.location()))
                        .map(l -> f.with(f.file().without(l)))
                        .orElse(f))
            .toList();
    long twice = count(stay, "s SEMI JOIN %s b ON %s".formatted(KEYS, sameKey()));
    if (twice > 0) {
      throw ErrorCode.INTERNAL.error(
          "%s would hold %d rows of its batches twice. Nothing was changed; load again, and if this comes back, read everything once: ecluse extract %s %s --full"
              .formatted(table.name(), twice, table.name().schema(), table.name().name()));
    }
  }

  /** How many rows of files fulfil a condition. */
  private long count(List<FileReach> some, String condition) {
    AtomicLong rows = new AtomicLong();
    session
        .files()
        .inParts(
            some,
            here -> {
              TableSnapshot part = base.of(here.stream().map(FileReach::file).toList());
              rows.addAndGet(
                  session.number(
                      "SELECT count(*) FROM (%s) %s".formatted(Scan.rows(part), condition)));
            });
    return rows.get();
  }

  private long current(long rows, Losses losses) {
    String open = " WHERE " + Column.quote(Merge.VALID_TO) + " IS NULL";
    return merge.versions() == Merge.Versions.LATEST
        ? rows
        : count(all.stream().filter(MergeDelta::mayHoldOpen).toList(), open)
            - losses.rows()
            + session.number("SELECT count(*) FROM " + CHANGED + open);
  }
}
