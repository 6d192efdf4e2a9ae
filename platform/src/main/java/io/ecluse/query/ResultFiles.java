package io.ecluse.query;

import java.nio.file.Path;
import java.sql.ResultSetMetaData;
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
            ResultSetMetaData meta = r.getMetaData();
            List<String> names = new ArrayList<>();
            List<String> types = new ArrayList<>();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
              names.add(meta.getColumnName(i));
              types.add(meta.getColumnTypeName(i));
            }
            return new Shape(names, types, rows);
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
            int width = rows.getMetaData().getColumnCount();
            List<Object[]> page = new ArrayList<>();
            while (rows.next()) {
              Object[] values = new Object[width];
              for (int i = 0; i < width; i++) {
                values[i] = rows.getObject(i + 1);
              }
              page.add(values);
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
