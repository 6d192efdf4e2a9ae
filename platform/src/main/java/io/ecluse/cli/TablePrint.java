package io.ecluse.cli;

import io.ecluse.access.Caller;
import io.ecluse.catalog.SnapshotLine;
import io.ecluse.catalog.TableDetail;
import io.ecluse.catalog.Tables;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.schema.TableName;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.ViewQuery;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * A table for people and for programs: what it is, its columns with what is known of them, its
 * versions.
 */
record TablePrint(TableDetail table, Optional<ViewQuery> view, List<SnapshotLine> history) {
  private static final Listing<TableDetail.ColumnDetail> COLUMNS =
      new Listing<TableDetail.ColumnDetail>("name")
          .both("name", "column", TableDetail.ColumnDetail::name)
          .both("type", "type", TableDetail.ColumnDetail::type, t -> t.orElse(""))
          .both("tests", "tests", TableDetail.ColumnDetail::tests, t -> String.join(", ", t))
          .both("description", "description", TableDetail.ColumnDetail::description);

  TablePrint {
    history = List.copyOf(history);
  }

  /**
   * @throws EcluseException NOT_FOUND that names the tables which may be meant, also when only the
   *     schema is missing
   */
  static TablePrint of(Tables tables, Caller caller, String text) {
    Optional<TableDetail> found = TableName.find(text).flatMap(t -> tables.find(caller, t));
    TableDetail table =
        found
            .filter(t -> t.updatedAt().isPresent())
            .orElseThrow(() -> missing(tables.asMeant(caller), text, found));
    return new TablePrint(table, tables.view(table.table()), tables.history(caller, table.table()));
  }

  private static EcluseException missing(
      List<TableName> tables, String text, Optional<TableDetail> model) {
    String bare = text.substring(text.lastIndexOf('.') + 1);
    List<String> same =
        tables.stream()
            .filter(t -> t.name().equalsIgnoreCase(bare))
            .map(TableName::toString)
            .toList();
    String hint =
        model.isPresent()
            ? "nothing of that model is published yet; see ecluse show model " + text
            : !same.isEmpty()
                ? "did you mean " + String.join(" or ", same) + "?"
                : Nearest.of(text, tables.stream().map(TableName::toString).sorted().toList())
                    .map(n -> "did you mean " + n + "?")
                    .orElse("ecluse ls tables lists those there are");
    return ErrorCode.NOT_FOUND.error("There is no table %s; %s".formatted(text, hint));
  }

  Fields json(Times times) {
    return new Fields()
        .with("name", table.table().toString())
        .with("kind", table.kind())
        .with("description", table.description())
        .with("sql", view.map(ViewQuery::sql))
        .with("programs", table.programs())
        .with("impact", table.impact())
        .with("columns", COLUMNS.objects(table.columns()))
        .with("snapshots", snapshots(times).objects(history));
  }

  void text(PrintWriter out, Times times) {
    if (!table.description().isEmpty()) {
      out.println(table.description().strip());
      out.println();
    }
    COLUMNS.table(out, table.columns());
    out.println();
    lineage(out);
    if (view.isPresent()) {
      out.println("A view:");
      out.println(view.get().sql());
      return;
    }
    snapshots(times).table(out, history);
  }

  private void lineage(PrintWriter out) {
    for (TableDetail.ProgramDetail program : table.programs()) {
      boolean makes = program.writes().contains(table.table().toString());
      out.printf(
          "%s by the program %s of DAG %s%s, which %s %s%n",
          makes ? "made" : "read",
          program.task(),
          program.dag(),
          program.runId().map(run -> ", last in run " + run).orElse(""),
          makes ? "reads" : "makes",
          String.join(", ", makes ? program.reads() : program.writes()));
    }
    if (!table.impact().isEmpty()) {
      out.println("made of it: " + String.join(", ", table.impact()));
    }
    if (!table.programs().isEmpty() || !table.impact().isEmpty()) {
      out.println();
    }
  }

  private static Listing<SnapshotLine> snapshots(Times times) {
    return new Listing<SnapshotLine>("id")
        .both("id", "snapshot", SnapshotLine::id)
        .both("at", "written", SnapshotLine::at, times::text)
        .both("rows", "rows", SnapshotLine::rows, Amounts::number)
        .perhaps("run_id", "by run", SnapshotLine::runId, run -> run)
        .both("current", "", SnapshotLine::current, c -> c ? "current" : "");
  }
}
