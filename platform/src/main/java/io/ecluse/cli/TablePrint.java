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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table for people and for programs: what it is, its columns with what is known of them, its
 * versions.
 */
record TablePrint(TableDetail table, Optional<ViewQuery> view, List<SnapshotLine> history) {
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
    return new EcluseException(
        ErrorCode.NOT_FOUND, "There is no table %s; %s".formatted(text, hint));
  }

  Fields json() {
    return new Fields()
        .with("name", table.table().toString())
        .with("kind", table.kind())
        .with("description", table.description())
        .with("sql", view.map(ViewQuery::sql))
        .with(
            "columns",
            table.columns().stream()
                .map(
                    c ->
                        new Fields()
                            .with("name", c.name())
                            .with("type", c.type())
                            .with("tests", c.tests())
                            .with("description", c.description()))
                .toList())
        .with(
            "snapshots",
            history.stream()
                .map(
                    v ->
                        new Fields()
                            .with("id", v.id())
                            .with("at", v.at())
                            .with("rows", v.rows())
                            .with("run_id", v.runId())
                            .with("current", v.current()))
                .toList());
  }

  void text(PrintWriter out, Times times) {
    if (!table.description().isEmpty()) {
      out.println(table.description().strip());
      out.println();
    }
    List<List<String>> rows = new ArrayList<>();
    table
        .columns()
        .forEach(
            c ->
                rows.add(
                    Output.row(
                        c.name(),
                        c.type().orElse(""),
                        String.join(", ", c.tests()),
                        c.description())));
    Output.table(out, List.of("column", "type", "tests", "description"), rows);
    out.println();
    if (view.isPresent()) {
      out.println("A view:");
      out.println(view.get().sql());
      return;
    }
    List<List<String>> versions = new ArrayList<>();
    for (SnapshotLine version : history) {
      versions.add(
          Output.row(
              version.id(),
              times.text(version.at()),
              Amounts.number(version.rows()),
              version.runId().orElse("-"),
              version.current() ? "current" : ""));
    }
    Output.table(out, List.of("snapshot", "written", "rows", "by run", ""), versions);
  }
}
