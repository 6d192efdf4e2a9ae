package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.catalog.StagedStream;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one thing.")
final class ShowCommand implements Callable<Integer> {
  private enum Kind {
    RUN(Subject.Kind.RUN),
    TABLE(Subject.Kind.TABLE),
    DAG(Subject.Kind.DAG),
    MODEL(Subject.Kind.TABLE),
    BATCH(Subject.Kind.STREAM);

    private final Subject.Kind subject;

    Kind(Subject.Kind subject) {
      this.subject = subject;
    }

    Subject subject(String name) {
      return new Subject(subject, name.replaceAll("@.*", ""));
    }
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
    try (Shell.Opened opened = options.open(Action.SEE, kind.subject(name))) {
      Platform platform = opened.platform();
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
    new RunWatcher(platform.scheduler(), out, options.shell())
        .summary(out, run, Set.of(), options.isJson());
  }

  private void table(Platform platform, PrintWriter out) {
    TablePrint print = TablePrint.of(platform.catalog().tables(), options.shell().caller(), name);
    if (options.isJson()) {
      Output.json(out, print.json());
    } else {
      print.text(out, options.times());
    }
  }

  private void dag(Platform platform, PrintWriter out) {
    Dag dag = platform.catalog().definitions().dag(name);
    platform.starts().followSchedules();
    Optional<Instant> next = platform.scheduler().nextRun(dag.id());
    if (options.isJson()) {
      Output.json(
          out,
          new Fields()
              .with("id", dag.id())
              .with("description", dag.description())
              .with("schedule", dag.schedule().map(s -> s.cron()))
              .with("timezone", dag.schedule().map(s -> s.zone().getId()))
              .with("next_run_at", next)
              .with(
                  "tasks",
                  dag.tasks().stream()
                      .map(
                          t ->
                              new Fields()
                                  .with("id", t.id())
                                  .with("kind", t.work().kind())
                                  .with("upstream", t.upstream()))
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
                            s.cron(),
                            s.zone().getId(),
                            next.map(options.times()::text).orElse("never")))
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
          new Fields()
              .with("name", model.name().toString())
              .with("path", model.path())
              .with("description", model.description())
              .with("upstream", model.upstream().stream().map(Object::toString).toList())
              .with("sql", model.sql()));
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
    StagedStream staged =
        platform.catalog().batches().stream(
            options.shell().caller(), stream.schema(), stream.name());
    Optional<BatchManifest> batch = at < 0 ? staged.newest() : staged.find(name.substring(at + 1));
    return batch.orElseThrow(() -> missing("batch of", "ecluse ls batches lists those there are"));
  }

  private void batch(Platform platform, PrintWriter out) {
    BatchManifest batch = batch(platform);
    BatchPrint print = new BatchPrint(batch, platform.catalog().batches().location(batch));
    if (options.isJson()) {
      Output.json(out, print.json());
    } else {
      print.text(out, options.times());
    }
  }

  private EcluseException missing(String what, String hint) {
    return new EcluseException(
        ErrorCode.NOT_FOUND, "There is no %s %s; %s".formatted(what, name, hint));
  }
}
