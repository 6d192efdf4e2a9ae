package io.ecluse.query;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads pages of results that were left in Parquet files, and turns them into files for people. */
public final class ResultFiles {
  private final DuckDb duckDb;

  ResultFiles(DuckDb duckDb) {
    this.duckDb = duckDb;
  }

  /** Formats for people and programs. */
  public enum Format {
    CSV("FORMAT csv, HEADER"),
    JSON("FORMAT json, ARRAY true"),
    PARQUET("FORMAT parquet, COMPRESSION zstd");

    private final String options;

    Format(String options) {
      this.options = options;
    }
  }

  /** Name and type of each column, and how many rows there are. */
  public record Shape(List<String> names, List<String> types, long rows) {
    public Shape {
      names = List.copyOf(names);
      types = List.copyOf(types);
    }
  }

  public Shape shape(Path file) {
    try (DuckDbSession session = duckDb.open()) {
      String scan = "read_parquet(" + Sql.text(file.toString()) + ")";
      long rows =
          session.query(
              "SELECT count(*) FROM " + scan,
              0,
              r -> {
                r.next();
                return r.getLong(1);
              });
      return session.query(
          "SELECT * FROM " + scan + " LIMIT 0",
          0,
          r -> {
            RowValues values = new RowValues(r);
            return new Shape(values.names(), values.types(), rows);
          });
    }
  }

  /** Rows {@code offset} to {@code offset + limit}, in the order of the result. */
  public List<Object[]> page(Path file, long offset, int limit) {
    try (DuckDbSession session = duckDb.open()) {
      return session.query(
          "SELECT * FROM read_parquet(%s) LIMIT %d OFFSET %d"
              .formatted(Sql.text(file.toString()), limit, offset),
          0,
          rows -> {
            RowValues values = new RowValues(rows);
            List<Object[]> page = new ArrayList<>();
            while (rows.next()) {
              page.add(values.current());
            }
            return page;
          });
    }
  }

  /** Writes the whole result in another format into {@code target}, within the spill folder. */
  public void convert(Path file, Format format, Path target) {
    try (DuckDbSession session = duckDb.open()) {
      session.execute(
          "COPY (SELECT * FROM read_parquet(%s)) TO %s (%s)"
              .formatted(Sql.text(file.toString()), Sql.text(target.toString()), format.options));
    }
  }
}
