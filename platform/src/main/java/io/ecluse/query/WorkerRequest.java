package io.ecluse.query;

import io.ecluse.duckdb.Binding;
import io.ecluse.duckdb.ParsedQuery;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker process is asked to do.
 *
 * @param files all that it may open: those of the snapshots, and the one to write
 * @param linesBefore lines of ours before the person's text
 * @param mostBytes of rows, after which it stops
 */
record WorkerRequest(
    Step step,
    List<String> files,
    List<Binding> tables,
    String sql,
    int linesBefore,
    long mostBytes) {
  WorkerRequest {
    files = List.copyOf(files);
    tables = List.copyOf(tables);
  }

  /** The kinds of requests; the last is for the one that runs. */
  enum Step {
    /** The SQL is a question to the parser; its answer is one text. */
    PARSE,
    ROWS,
    /** Rows, as a stream of Arrow's. */
    ARROW,
    /** The SQL writes a file. */
    WRITE,
    CANCEL
  }

  static WorkerRequest parse(String sql) {
    return new WorkerRequest(
        Step.PARSE, List.of(), List.of(), ParsedQuery.question(sql), 0, Long.MAX_VALUE);
  }

  static WorkerRequest cancel() {
    return new WorkerRequest(Step.CANCEL, List.of(), List.of(), "", 0, 0);
  }

  void write(WireWriter out) {
    out.oneByte(step.ordinal()).texts(files).number(tables.size());
    for (Binding table : tables) {
      out.text(table.table().schema()).text(table.table().name());
      out.oneByte(table.kind().ordinal()).text(table.sql());
    }
    out.text(sql).number(linesBefore).longNumber(mostBytes);
  }

  static WorkerRequest read(WireReader in) throws IOException {
    Step step = Step.values()[in.first()];
    List<String> files = in.texts();
    int count = in.number();
    List<Binding> tables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TableName table = new TableName(in.text(), in.text());
      tables.add(new Binding(table, Binding.Kind.values()[in.oneByte()], in.text()));
    }
    return new WorkerRequest(step, files, tables, in.text(), in.number(), in.longNumber());
  }
}
