package io.ecluse.spark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;

/** What a job does. */
sealed interface Work {
  /** Does it, on the calling thread. */
  Result on(RunSession session);

  /** The SQL of a person, which positions in messages are of; empty if there is none. */
  default String sql() {
    return "";
  }

  /**
   * A column of files.
   *
   * @param type in Iceberg's words
   */
  record Field(String name, String type) {}

  /**
   * A file of a batch.
   *
   * @param sha256 which it is held against; empty if it is known to be whole
   */
  record File(String uri, String sha256) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Fills a table with the rows of a query. */
  record Write(String table, String sql) implements Work {
    @Override
    public Result on(RunSession session) {
      RunTable target = session.table(table);
      return Result.rows(
          target.isDone() ? target.rows() : target.replace(target.cast(session.query(sql))));
    }
  }

  /** Answers a query, with its first rows. */
  record Query(String sql, int maxRows) implements Work {
    @Override
    public Result on(RunSession session) {
      return RowsJson.of(session.query(sql), maxRows);
    }
  }

  /**
   * Fills a table with the rows of files.
   *
   * @param columns of the files; none if they are the table's
   */
  record Fill(String table, List<File> parts, List<Field> columns) implements Work {
    public Fill {
      parts = List.copyOf(parts);
      columns = List.copyOf(columns);
    }

    @Override
    public Result on(RunSession session) {
      RunTable target = session.table(table);
      if (target.isDone()) {
        return Result.rows(target.rows());
      }
      StagedFiles.require(session.spark(), parts);
      StagedRows staged = new StagedRows(session.spark());
      return Result.rows(
          target.replace(
              target.cast(
                  columns.isEmpty()
                      ? staged.read(parts, target.schema())
                      : staged.read(parts, StagedRows.schema(columns)))));
    }
  }

  /**
   * Tells what rows come to, of a table or of each of some files.
   *
   * @param columns of the files
   */
  record Sums(Optional<String> table, List<File> files, List<Field> columns) implements Work {
    public Sums {
      files = List.copyOf(files);
      columns = List.copyOf(columns);
    }

    @Override
    public Result on(RunSession session) {
      Result result = Result.rows(0);
      ArrayNode sums = result.json().putArray("sums");
      if (table.isPresent()) {
        RunTable of = session.table(table.get());
        sums.add(SumsOfColumns.of(of.cast(of.read())));
      }
      StagedFiles.require(session.spark(), files);
      StagedRows staged = new StagedRows(session.spark());
      StructType schema = StagedRows.schema(columns);
      files.forEach(f -> sums.add(SumsOfColumns.of(staged.read(List.of(f), schema))));
      return result;
    }
  }

  /** What a batch's rows are of what the source had. */
  enum Extent {
    WHOLE,
    PART
  }

  /** Whether a batch may change rows. */
  enum Mode {
    MERGE,
    APPEND
  }

  /** How many versions of a row are kept. */
  enum Versions {
    LATEST,
    ALL
  }

  /**
   * One batch.
   *
   * @param rows its files
   * @param changes files of rows that take the place of those of the same key in {@code rows}
   * @param columns which columns of the files are loaded
   * @param keys files of all keys that the source had; empty if they were not read
   * @param at the moment of the source that it shows
   */
  record Step(
      List<File> rows,
      List<File> changes,
      List<Field> columns,
      Optional<List<File>> keys,
      Extent extent,
      String at) {
    public Step {
      rows = List.copyOf(rows);
      changes = List.copyOf(changes);
      columns = List.copyOf(columns);
    }

    List<File> files() {
      return Stream.of(rows, changes, keys.orElse(List.of())).flatMap(List::stream).toList();
    }
  }

  /**
   * Continues a table by batches.
   *
   * @param base the snapshot that is continued; empty if there is none, or a batch holds every row
   */
  record Merge(
      String table,
      Mode mode,
      Versions versions,
      List<String> key,
      Optional<Long> base,
      List<Step> steps)
      implements Work {
    public Merge {
      key = List.copyOf(key);
      steps = List.copyOf(steps);
    }

    @Override
    public Result on(RunSession session) {
      return new MergeRows(session, this).run();
    }
  }

  /** What a data engineer has written. */
  sealed interface Program {
    /** A class with a main method. */
    record Java(String jar, String mainClass) implements Program {}

    /** A file for Python. */
    record Python(String file) implements Program {}

    /** Statements, with semicolons after them. */
    record Sql(String text) implements Program {}
  }

  /**
   * Runs a program.
   *
   * @param packages libraries that it needs, as group:artifact:version
   * @param files that it needs: jars, modules for Python, others
   * @param settings of Spark that tell it what it is run for
   */
  record Script(
      Program program,
      List<String> arguments,
      List<String> packages,
      List<String> files,
      Map<String, String> settings)
      implements Work {
    public Script {
      arguments = List.copyOf(arguments);
      packages = List.copyOf(packages);
      files = List.copyOf(files);
      settings = Map.copyOf(settings);
    }

    @Override
    public Result on(RunSession session) {
      return new Scripts(session, this).run();
    }

    @Override
    public String sql() {
      return program instanceof Program.Sql statements ? statements.text() : "";
    }
  }
}
