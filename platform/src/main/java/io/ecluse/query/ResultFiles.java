package io.ecluse.query;

import io.ecluse.duckdb.Sql;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads pages of results that were left in Parquet files, and turns them into files for people. */
public final class ResultFiles {
  /** A page ends with the row that makes it longer than this. */
  private static final long PAGE_BYTES = 8L << 20;

  private final Queries queries;

  ResultFiles(Queries queries) {
    this.queries = queries;
  }

  /** Formats for people and programs. */
  public enum Format {
    CSV("FORMAT csv, HEADER"),
    JSON("FORMAT json, ARRAY true"),
    PARQUET("FORMAT parquet, COMPRESSION zstd"),
    /** A stream of Arrow's (IPC), with the type of every column, nested ones too. */
    ARROW("");

    private final String options;

    Format(String options) {
      this.options = options;
    }

    String options() {
      return options;
    }
  }

  /** Name and type of each column, and how many rows there are. */
  public record Shape(List<String> names, List<String> types, long rows) {
    public Shape {
      names = List.copyOf(names);
      types = List.copyOf(types);
    }
  }

  public Shape shape(Ticket ticket, Path file) {
    Rows rows = new Rows();
    read(ticket, file, "SELECT count(*) FROM " + scan(file), rows);
    long count = ((Number) rows.all().get(0)[0]).longValue();
    Rows none = new Rows();
    read(ticket, file, "SELECT * FROM " + scan(file) + " LIMIT 0", none);
    return new Shape(none.names(), none.types(), count);
  }

  /**
   * Rows {@code offset} to {@code offset + limit}, in the order of the result; fewer when these are
   * long, but at least one if there is one.
   */
  public List<Object[]> page(Ticket ticket, Path file, long offset, int limit) {
    Rows rows = new Rows();
    read(
        ticket,
        file,
        "SELECT * FROM %s LIMIT %d OFFSET %d".formatted(scan(file), limit, offset),
        rows);
    return rows.all();
  }

  private void read(Ticket ticket, Path file, String sql, Rows rows) {
    queries.withFiles(
        ticket, worker -> worker.rows(request(WorkerRequest.Step.ROWS, file, sql), rows));
  }

  /** Writes the whole result in another format into {@code target}, within the same folder. */
  public void convert(Ticket ticket, Path file, Format format, Target target) {
    try {
      queries.withFiles(
          ticket,
          worker ->
              format == Format.ARROW
                  ? arrow(worker, file, target)
                  : worker.write(
                      request(
                          WorkerRequest.Step.WRITE,
                          file,
                          "COPY (SELECT * FROM %s) TO %s (%s)"
                              .formatted(
                                  scan(file),
                                  Sql.text(worker.output().toString()),
                                  format.options)),
                      target));
    } catch (EcluseException e) {
      if (e.code() != ErrorCode.SQL_INVALID) {
        throw e;
      }
      throw ErrorCode.SQL_INVALID.error(
          "The result cannot be written as %s: %s".formatted(format, e.getMessage()), e);
    }
  }

  private static long arrow(WorkerProcess worker, Path file, Target target) {
    try (OutputStream out = Files.newOutputStream(target.file())) {
      return worker.arrow(
          request(WorkerRequest.Step.ARROW, file, "SELECT * FROM " + scan(file)), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WorkerRequest request(WorkerRequest.Step step, Path file, String sql) {
    return new WorkerRequest(step, List.of(file.toString()), List.of(), sql, 0, PAGE_BYTES);
  }

  private static String scan(Path file) {
    return "read_parquet(" + Sql.text(file.toString()) + ")";
  }
}
