package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.catalog.StagedStream;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Schedule;
import io.ecluse.pipeline.Task;
import io.ecluse.project.ModelFile;
import io.ecluse.scheduler.Run;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows one thing.")
final class ShowCommand extends ProjectCommand {
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
    return with(Action.SEE, kind.subject(name), this::show);
  }

  private void show(Platform platform) {
    switch (kind) {
      case RUN -> run(platform);
      case TABLE -> table(platform);
      case DAG -> dag(platform);
      case MODEL -> model(platform.project().get().model(name));
      case BATCH -> batch(platform);
    }
  }

  private void run(Platform platform) {
    Run run =
        platform
            .scheduler()
            .find(name)
            .orElseThrow(() -> missing("run", "ecluse ls runs lists those there are"));
    new RunWatcher(platform.scheduler(), out(), shell()).summary(out(), run, Set.of(), isJson());
  }

  private void table(Platform platform) {
    TablePrint print = TablePrint.of(platform.catalog().tables(), shell().caller(), name);
    tell(print.json(times()), out -> print.text(out, times()));
  }

  private void dag(Platform platform) {
    Dag dag = platform.catalog().definitions().dag(name);
    platform.starts().followSchedules();
    Optional<Instant> next = platform.scheduler().nextRun(dag.id());
    Listing<Task> tasks =
        new Listing<Task>("id")
            .both("id", "task", Task::id)
            .both("kind", "kind", t -> t.work().kind())
            .both("upstream", "after", Task::upstream, u -> String.join(", ", u));
    tell(
        new Fields()
            .with("id", dag.id())
            .with("description", dag.description())
            .with("schedule", dag.schedule().map(s -> s.cron()))
            .with("timezone", dag.schedule().map(s -> s.zone().getId()))
            .with("next_run_at", next)
            .with("tasks", tasks.objects(dag.tasks())),
        out -> {
          out.println(dag.description());
          out.println(dag.schedule().map(s -> schedule(s, next)).orElse("schedule: none"));
          out.println();
          tasks.table(out, dag.tasks());
        });
  }

  private String schedule(Schedule schedule, Optional<Instant> next) {
    return "schedule: %s (%s), next run: %s"
        .formatted(
            schedule.cron(), schedule.zone().getId(), next.map(times()::text).orElse("never"));
  }

  private void model(ModelFile model) {
    List<String> upstream = model.upstream().stream().map(Object::toString).toList();
    tell(
        new Fields()
            .with("name", model.name().toString())
            .with("path", model.path())
            .with("description", model.description())
            .with("upstream", upstream)
            .with("sql", model.sql()),
        out -> {
          out.println(model.path() + ": " + model.description());
          out.println();
          new Listing<ModelFile.Column>("name")
              .column("column", ModelFile.Column::name)
              .column(
                  "tests", c -> String.join(", ", c.tests().stream().map(t -> t.name()).toList()))
              .column("description", ModelFile.Column::description)
              .table(out, model.columns().values());
          out.println();
          out.println("reads: " + String.join(", ", upstream));
        });
  }

  /** The batch of an extract, {@code erp.students@EXTRACT}; without one, the newest. */
  private BatchManifest found(Platform platform) {
    int at = name.lastIndexOf('@');
    TableName stream = TableName.parse(at < 0 ? name : name.substring(0, at));
    StagedStream staged =
        platform.catalog().batches().stream(shell().caller(), stream.schema(), stream.name());
    Optional<BatchManifest> batch = at < 0 ? staged.newest() : staged.find(name.substring(at + 1));
    return batch.orElseThrow(() -> missing("batch of", "ecluse ls batches lists those there are"));
  }

  private void batch(Platform platform) {
    BatchManifest batch = found(platform);
    BatchPrint print = new BatchPrint(batch, platform.catalog().batches().location(batch));
    tell(print.json(), out -> print.text(out, times()));
  }

  private EcluseException missing(String what, String hint) {
    return ErrorCode.NOT_FOUND.error("There is no %s %s; %s".formatted(what, name, hint));
  }
}
