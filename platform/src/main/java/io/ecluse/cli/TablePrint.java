package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.schema.TableName;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableVersion;
import io.ecluse.warehouse.ViewQuery;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table for people and for programs: what it is, its columns with what is known of them, its
 * versions.
 */
record TablePrint(
    TableName name,
    String description,
    List<Line> columns,
    Optional<ViewQuery> view,
    List<TableVersion> history) {
  TablePrint {
    columns = List.copyOf(columns);
    history = List.copyOf(history);
  }

  /** A column, and what the project says of it. */
  record Line(String name, String type, List<String> tests, String description) {
    Line {
      tests = List.copyOf(tests);
    }
  }

  /**
   * @throws EcluseException NOT_FOUND that names the tables which may be meant, also when only the
   *     schema is missing
   */
  static TablePrint of(Platform platform, String text) {
    Project project = platform.project().get();
    TableName table =
        TableName.find(text).map(TableName::lower).orElseThrow(() -> missing(platform, text));
    List<TableColumn> columns =
        platform.warehouse().columns(table).orElseThrow(() -> missing(platform, text));
    Optional<ModelFile> model =
        project.models().values().stream()
            .filter(m -> m.name().key().equals(table.key()))
            .findFirst();
    Optional<SourceFile.Stream> stream = project.stream(table.schema(), table.name());
    return new TablePrint(
        table,
        model
            .map(ModelFile::description)
            .or(() -> stream.map(SourceFile.Stream::description))
            .orElse(""),
        columns.stream().map(c -> line(c, model, stream)).toList(),
        platform.warehouse().view(table),
        platform.warehouse().history(table));
  }

  private static Line line(
      TableColumn column, Optional<ModelFile> model, Optional<SourceFile.Stream> stream) {
    String name = column.column().name();
    Optional<ModelFile.Column> modelled = model.map(m -> m.columns().get(name));
    return new Line(
        name,
        column.column().type().sql(),
        modelled.map(m -> m.tests().stream().map(t -> t.name()).toList()).orElse(List.of()),
        modelled
            .map(ModelFile.Column::description)
            .or(() -> stream.map(s -> s.columns().get(name)).map(SourceFile.Column::description))
            .orElse(""));
  }

  private static EcluseException missing(Platform platform, String text) {
    List<TableName> tables =
        platform.warehouse().tables().stream().map(PublishedTable::name).toList();
    String bare = text.substring(text.lastIndexOf('.') + 1);
    List<String> same =
        tables.stream()
            .filter(t -> t.name().equalsIgnoreCase(bare))
            .sorted(
                Comparator.comparing(
                    t -> platform.project().get().isSource(t.schema()))) // models first
            .map(TableName::toString)
            .toList();
    String hint =
        unpublished(platform, text)
            ? "nothing of that model is published yet; see ecluse show model " + text
            : !same.isEmpty()
                ? "did you mean " + String.join(" or ", same) + "?"
                : Nearest.of(text, tables.stream().map(TableName::toString).toList())
                    .map(n -> "did you mean " + n + "?")
                    .orElse("ecluse ls tables lists those there are");
    return new EcluseException(
        ErrorCode.NOT_FOUND, "There is no table %s; %s".formatted(text, hint));
  }

  private static boolean unpublished(Platform platform, String text) {
    return TableName.find(text)
        .filter(
            table ->
                platform.project().get().models().values().stream()
                    .anyMatch(m -> m.name().key().equals(table.key())))
        .isPresent();
  }

  Map<String, Object> json() {
    return Output.object(
        "name",
        name.toString(),
        "kind",
        view.isPresent() ? "view" : "table",
        "description",
        description,
        "sql",
        view.map(ViewQuery::sql),
        "columns",
        columns.stream()
            .map(
                c ->
                    Output.object(
                        "name",
                        c.name(),
                        "type",
                        c.type(),
                        "tests",
                        c.tests(),
                        "description",
                        c.description()))
            .toList(),
        "snapshots",
        history.stream()
            .map(
                v ->
                    Output.object(
                        "id",
                        String.valueOf(v.snapshotId()),
                        "at",
                        v.at(),
                        "rows",
                        v.rows(),
                        "run_id",
                        v.runId(),
                        "current",
                        v.state() == TableVersion.State.CURRENT))
            .toList());
  }

  void text(PrintWriter out, Times times) {
    if (!description.isEmpty()) {
      out.println(description.strip());
      out.println();
    }
    List<List<String>> rows = new ArrayList<>();
    columns.forEach(
        c ->
            rows.add(
                Output.row(c.name(), c.type(), String.join(", ", c.tests()), c.description())));
    Output.table(out, List.of("column", "type", "tests", "description"), rows);
    out.println();
    if (view.isPresent()) {
      out.println("A view:");
      out.println(view.get().sql());
      return;
    }
    List<List<String>> versions = new ArrayList<>();
    for (TableVersion version : history) {
      versions.add(
          Output.row(
              String.valueOf(version.snapshotId()),
              times.text(version.at()),
              Amounts.number(version.rows()),
              version.runId().orElse("-"),
              version.state() == TableVersion.State.CURRENT ? "current" : ""));
    }
    Output.table(out, List.of("snapshot", "written", "rows", "by run", ""), versions);
  }
}
