package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.project.DagExpander;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.TableVersion;
import io.ecluse.warehouse.ViewQuery;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one thing.")
final class ShowCommand implements Callable<Integer> {
  private enum Kind {
    RUN,
    TABLE,
    DAG,
    MODEL,
    BATCH
  }

  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(index = "0", paramLabel = "KIND", description = "run, table, dag, model or batch")
  private Kind kind = Kind.RUN;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description =
          "its name; of a batch, its stream, as in erp.students, and @ with an extract if not the newest")
  private String name = "";

  @Override
  public Integer call() {
    try (Platform platform = options.open()) {
      PrintWriter out = spec.commandLine().getOut();
      Project project = platform.project().get();
      switch (kind) {
        case RUN -> run(platform, out);
        case TABLE -> table(platform, out);
        case DAG -> dag(platform, out);
        case MODEL -> model(project, out);
        case BATCH -> batch(platform, out);
      }
      return Main.DONE;
    }
  }

  private void run(Platform platform, PrintWriter out) {
    Run run =
        platform
            .scheduler()
            .find(name)
            .orElseThrow(() -> missing("run", "ecluse ls runs lists those there are"));
    new RunWatcher(platform.scheduler(), out, RunWatcher.Terminal.ABSENT)
        .summary(out, run, options.isJson());
  }

  private void table(Platform platform, PrintWriter out) {
    TableName table = TableName.parse(name).lower();
    var columns =
        platform
            .warehouse()
            .columns(table)
            .orElseThrow(() -> missing("table", "ecluse ls tables lists those there are"));
    List<TableVersion> history = platform.warehouse().history(table);
    Optional<ViewQuery> view = platform.warehouse().view(table);
    if (options.isJson()) {
      Output.json(
          out,
          Output.object(
              "name",
              table.toString(),
              "kind",
              view.isPresent() ? "view" : "table",
              "sql",
              view.map(ViewQuery::sql),
              "columns",
              columns.stream()
                  .map(
                      c ->
                          Output.object("name", c.column().name(), "type", c.column().type().sql()))
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
                  .toList()));
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    columns.forEach(c -> rows.add(Output.row(c.column().name(), c.column().type().sql())));
    Output.table(out, List.of("column", "type"), rows);
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
              Output.time(version.at()),
              Amounts.number(version.rows()),
              version.runId().orElse("-"),
              version.state() == TableVersion.State.CURRENT ? "current" : ""));
    }
    Output.table(out, List.of("snapshot", "written", "rows", "by run", ""), versions);
  }

  private void dag(Platform platform, PrintWriter out) {
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag(name));
    platform.followSchedules();
    Optional<Instant> next = platform.scheduler().nextRun(dag.id());
    if (options.isJson()) {
      Output.json(
          out,
          Output.object(
              "id",
              dag.id(),
              "description",
              dag.description(),
              "schedule",
              dag.schedule().map(s -> s.cron()),
              "timezone",
              dag.schedule().map(s -> s.zone().getId()),
              "next_run_at",
              next,
              "tasks",
              dag.tasks().stream()
                  .map(
                      t ->
                          Output.object(
                              "id", t.id(), "kind", t.work().kind(), "upstream", t.upstream()))
                  .toList()));
      return;
    }
    out.println(dag.description());
    out.println(
        dag.schedule()
            .map(
                s ->
                    "schedule: %s (%s), next run: %s"
                        .formatted(
                            s.cron(), s.zone().getId(), next.map(Output::time).orElse("never")))
            .orElse("schedule: none"));
    out.println();
    List<List<String>> rows = new ArrayList<>();
    for (Task task : dag.tasks()) {
      rows.add(Output.row(task.id(), task.work().kind(), String.join(", ", task.upstream())));
    }
    Output.table(out, List.of("task", "kind", "after"), rows);
  }

  private void model(Project project, PrintWriter out) {
    ModelFile model = project.model(name);
    if (options.isJson()) {
      Output.json(
          out,
          Output.object(
              "name",
              model.name().toString(),
              "path",
              model.path(),
              "description",
              model.description(),
              "upstream",
              model.upstream().stream().map(Object::toString).toList(),
              "sql",
              model.sql()));
      return;
    }
    out.println(model.path() + ": " + model.description());
    out.println();
    List<List<String>> rows = new ArrayList<>();
    model
        .columns()
        .values()
        .forEach(
            c ->
                rows.add(
                    Output.row(
                        c.name(),
                        String.join(", ", c.tests().stream().map(t -> t.name()).toList()),
                        c.description())));
    Output.table(out, List.of("column", "tests", "description"), rows);
    out.println();
    out.println(
        "reads: " + String.join(", ", model.upstream().stream().map(Object::toString).toList()));
  }

  /** The batch of an extract, {@code erp.students@EXTRACT}; without one, the newest. */
  private BatchManifest batch(Platform platform) {
    int at = name.lastIndexOf('@');
    TableName stream = TableName.parse(at < 0 ? name : name.substring(0, at));
    Optional<BatchManifest> batch =
        at < 0
            ? platform.staging().newest(stream.schema(), stream.name())
            : platform.staging().find(stream.schema(), stream.name(), name.substring(at + 1));
    return batch.orElseThrow(() -> missing("batch of", "ecluse ls batches lists those there are"));
  }

  private void batch(Platform platform, PrintWriter out) {
    BatchManifest batch = batch(platform);
    BatchPrint print = new BatchPrint(batch, platform.staging().location(batch));
    if (options.isJson()) {
      Output.json(out, print.json());
    } else {
      print.text(out);
    }
  }

  private EcluseException missing(String what, String hint) {
    return new EcluseException(
        ErrorCode.NOT_FOUND, "There is no %s %s; %s".formatted(what, name, hint));
  }
}
