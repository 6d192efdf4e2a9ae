package io.ecluse.cli;

import io.ecluse.Dialect;
import io.ecluse.Platform;
import io.ecluse.demo.DemoErp;
import io.ecluse.demo.DemoProject;
import io.ecluse.demo.ErpFill;
import io.ecluse.demo.FillListener;
import io.ecluse.flow.RunStarts;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.SqlParser;
import io.ecluse.text.Amounts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "A complete example: a PostgreSQL ERP with data, a project, its first run, then the server.")
final class DemoCommand implements Callable<Integer> {
  private static final String DAG = "erp_daily";
  private static final long REPORT_EVERY = 250_000;

  @Spec private CommandSpec spec;
  @Mixin private ServerCommand.Serving serving = new ServerCommand.Serving();

  @Option(names = "--dir", paramLabel = "DIR", description = "the demo's folder (default: demo)")
  private Path folder = Path.of("demo");

  @Option(
      names = "--scale",
      paramLabel = "N",
      description =
          "how much data: 1 is about 10,000 students and 550,000 attendances (default: 1)")
  private Optional<Double> scale = Optional.empty();

  @Option(
      names = "--erp-data",
      paramLabel = "FOLDER",
      description = "fill the ERP from CSV files instead")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--fill",
      paramLabel = "URL",
      description =
          "fill this PostgreSQL database instead, as postgresql://user:$${secret:NAME}@host/erp, let ecluse_reader read it (its password: the secret erp_password), write a project for it, and end")
  private Optional<String> elsewhere = Optional.empty();

  @Option(names = "--once", description = "stop after the run and print its summary")
  private boolean once;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table or json (default: table)")
  private ProjectCommand.Format format = ProjectCommand.Format.TABLE;

  @Override
  public Integer call() {
    serving.check();
    PrintWriter progress = spec.commandLine().getErr();
    Path target = folder.toAbsolutePath().normalize();
    ErpFill fill =
        data.<ErpFill>map(d -> new ErpFill.FromCsv(d.toAbsolutePath().normalize()))
            .orElseGet(
                () -> new ErpFill.Generated(ErpFill.Generated.DEFAULT_SEED, scale.orElse(1.0)));
    Map<String, Long> counted = new ConcurrentHashMap<>();
    FillListener listener = (table, rows) -> progress(progress, counted, table, rows);
    if (elsewhere.isPresent()) {
      return new ErpElsewhere(elsewhere.get(), target).fill(fill, progress, listener);
    }
    return here(target, fill, progress, listener);
  }

  private int here(Path target, ErpFill fill, PrintWriter progress, FillListener listener) {
    boolean anyDataWillDo = data.isEmpty() && scale.isEmpty() && DemoErp.isPresent(target);
    progress.println("ERP: " + (anyDataWillDo ? "as it is in " + target : fill.description()));
    try (DemoErp erp =
        anyDataWillDo
            ? DemoErp.startIfPresent(target).orElseThrow()
            : DemoErp.start(target, fill, listener)) {
      erp.importReport().ifPresent(r -> progress.println(r.toText()));
      try (SqlParser parser = Dialect.parser()) {
        DemoProject.write(target, erp.port(), Dialect.reader(parser));
      }
      progress.printf("ERP: PostgreSQL on 127.0.0.1:%d; project: %s%n", erp.port(), target);
      Platform.Opening opening =
          new Platform.Opening(
              target,
              Project.DEFAULT_ENVIRONMENT,
              Platform.Workers.HERE,
              serving.workers(),
              System.getenv());
      try (Platform platform = new Platform(opening)) {
        int code = firstRun(platform, progress);
        return once || code != Main.DONE
            ? code
            : serving.serve(
                platform,
                spec.commandLine().getOut(),
                "ecluse sign-in --dir " + ProjectCommand.shell(folder.toString()),
                Shell.of(spec));
      }
    }
  }

  private static void progress(
      PrintWriter out, Map<String, Long> counted, String table, long rows) {
    long before = counted.getOrDefault(table, 0L);
    counted.put(table, rows);
    if (rows / REPORT_EVERY > before / REPORT_EVERY) {
      out.printf("ERP: %s %s rows%n", table, Amounts.number(rows));
      out.flush();
    }
  }

  private int firstRun(Platform platform, PrintWriter progress) {
    Optional<Run> done =
        platform
            .scheduler()
            .list(Optional.of(DAG), Optional.of(RunState.SUCCESS), 1, Optional.empty())
            .stream()
            .findFirst();
    if (done.isPresent() && !once) {
      progress.printf("Run %s filled the warehouse already%n", done.get().id());
      return Main.DONE;
    }
    RunStarts.Wish wish =
        new RunStarts.Wish(
            project -> new DagExpander(project).expand(project.dag(DAG)), Map.of(), Trigger.CLI);
    return new RunWatcher(platform.scheduler(), progress, Shell.of(spec))
        .run(
            () -> platform.starts().start(wish),
            Set::of,
            spec.commandLine().getOut(),
            format == ProjectCommand.Format.JSON);
  }
}
