package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.DashboardFile;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Problem;
import io.ecluse.project.Project;
import io.ecluse.project.SourceFile;
import io.ecluse.scheduler.Run;
import io.ecluse.staging.BatchManifest;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.PublishedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists what there is.")
final class LsCommand implements Callable<Integer> {
  private enum Kind {
    SOURCES,
    STREAMS,
    BATCHES,
    TABLES,
    MODELS,
    DAGS,
    DASHBOARDS,
    RUNS
  }

  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(
      paramLabel = "KIND",
      arity = "0..1",
      description =
          "sources, streams, batches, tables, models, dags, dashboards or runs (default: runs)")
  private Kind kind = Kind.RUNS;

  @Option(names = "--limit", paramLabel = "N", description = "most lines (default: 50)")
  private int limit = 50;

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Map<String, Object>> objects = new ArrayList<>();

  @Override
  public Integer call() {
    try (Platform platform = options.open()) {
      Project project = platform.project().get();
      List<String> header =
          switch (kind) {
            case SOURCES -> sources(project);
            case STREAMS -> streams(project, platform);
            case BATCHES -> batches(platform);
            case TABLES -> tables(platform);
            case MODELS -> models(project);
            case DAGS -> dags(platform);
            case DASHBOARDS -> dashboards(project);
            case RUNS -> runs(platform);
          };
      if (options.isJson()) {
        Output.json(spec.commandLine().getOut(), objects);
      } else {
        Output.table(spec.commandLine().getOut(), header, rows);
      }
      return Main.DONE;
    }
  }

  private List<String> sources(Project project) {
    for (SourceFile source : project.sources().values()) {
      String type = source.type().name().toLowerCase(java.util.Locale.ROOT);
      add(
          Output.object(
              "name",
              source.name(),
              "type",
              type,
              "streams",
              source.streams().size(),
              "description",
              source.description()),
          source.name(),
          type,
          source.streams().isEmpty() ? "all" : String.valueOf(source.streams().size()),
          source.description());
    }
    broken(project, BrokenFile.Kind.SOURCE, "name", 2);
    return List.of("source", "type", "streams", "description");
  }

  private List<String> streams(Project project, Platform platform) {
    for (SourceFile source : project.sources().values()) {
      List<String> names =
          source.streams().isEmpty()
              ? platform.staging().streams(source.name())
              : List.copyOf(source.streams().keySet());
      for (String stream : names) {
        String description =
            Optional.ofNullable(source.streams().get(stream))
                .map(SourceFile.Stream::description)
                .orElse("");
        Optional<BatchManifest> newest = platform.staging().newest(source.name(), stream);
        add(
            Output.object(
                "source",
                source.name(),
                "name",
                stream,
                "rows",
                newest.map(BatchManifest::rows),
                "last_batch_at",
                newest.map(BatchManifest::endedAt),
                "description",
                description),
            source.name(),
            stream,
            newest.map(b -> Amounts.number(b.rows())).orElse("-"),
            Output.time(newest.map(BatchManifest::endedAt)),
            description);
      }
    }
    return List.of("source", "stream", "rows", "last batch", "description");
  }

  private List<String> batches(Platform platform) {
    List<BatchManifest> all = new ArrayList<>();
    for (String source : platform.staging().sources()) {
      for (String stream : platform.staging().streams(source)) {
        all.addAll(platform.staging().list(source, stream));
      }
    }
    all.sort(Comparator.comparing(BatchManifest::endedAt).reversed());
    for (BatchManifest batch : all.subList(0, Math.min(limit, all.size()))) {
      add(
          Output.object(
              "source",
              batch.source(),
              "stream",
              batch.stream(),
              "extract_id",
              batch.extractId(),
              "rows",
              batch.rows(),
              "bytes",
              batch.bytes(),
              "parts",
              batch.parts().size(),
              "formats",
              Output.words(batch.formats()),
              "location",
              platform.staging().location(batch),
              "position",
              batch.position(),
              "run_id",
              batch.runId(),
              "ended_at",
              batch.endedAt()),
          batch.source() + "." + batch.stream(),
          batch.extractId(),
          Amounts.number(batch.rows()),
          Amounts.bytes(batch.bytes()),
          Amounts.number(batch.parts().size()),
          String.join(", ", Output.words(batch.formats())),
          Output.time(batch.endedAt()),
          batch.position());
    }
    return List.of("stream", "extract", "rows", "size", "parts", "format", "ended", "position");
  }

  private List<String> tables(Platform platform) {
    for (PublishedTable table : platform.warehouse().tables()) {
      add(
          Output.object(
              "name",
              table.name().toString(),
              "kind",
              table.kind().text(),
              "rows",
              table.knownRows(),
              "bytes",
              table.bytes(),
              "updated_at",
              table.updatedAt(),
              "run_id",
              table.runId()),
          table.name().toString(),
          table.kind().text(),
          table.knownRows().map(Amounts::number).orElse("-"),
          table.knownRows().map(r -> Amounts.bytes(table.bytes())).orElse("-"),
          Output.time(table.updatedAt()),
          table.runId().orElse("-"));
    }
    return List.of("table", "kind", "rows", "size", "updated", "by run");
  }

  private List<String> models(Project project) {
    for (ModelFile model : project.models().values()) {
      long tests = model.columns().values().stream().mapToLong(c -> c.tests().size()).sum();
      List<String> upstream = model.upstream().stream().map(Object::toString).toList();
      add(
          Output.object(
              "name",
              model.name().toString(),
              "path",
              model.path(),
              "tests",
              tests,
              "upstream",
              upstream,
              "description",
              model.description()),
          model.name().toString(),
          String.valueOf(tests),
          String.valueOf(upstream.size()),
          model.description());
    }
    broken(project, BrokenFile.Kind.MODEL, "name", 2);
    return List.of("model", "tests", "reads", "description");
  }

  private List<String> dags(Platform platform) {
    platform.starts().followSchedules();
    for (Dag dag :
        platform.starts().dags().keySet().stream().sorted(Comparator.comparing(Dag::id)).toList()) {
      String schedule = dag.schedule().map(s -> s.cron() + " " + s.zone()).orElse("-");
      add(
          Output.object(
              "id",
              dag.id(),
              "schedule",
              schedule,
              "tasks",
              dag.tasks().size(),
              "next_run_at",
              platform.scheduler().nextRun(dag.id()),
              "description",
              dag.description()),
          dag.id(),
          schedule,
          String.valueOf(dag.tasks().size()),
          Output.time(platform.scheduler().nextRun(dag.id())),
          dag.description());
    }
    broken(platform.project().get(), BrokenFile.Kind.DAG, "id", 3);
    return List.of("dag", "schedule", "tasks", "next", "description");
  }

  private List<String> dashboards(Project project) {
    for (DashboardFile dashboard : project.dashboards().values()) {
      add(
          Output.object(
              "id",
              dashboard.id(),
              "title",
              dashboard.title().en(),
              "tiles",
              dashboard.tiles().size(),
              "path",
              dashboard.path(),
              "description",
              dashboard.description().en()),
          dashboard.id(),
          dashboard.title().en(),
          String.valueOf(dashboard.tiles().size()),
          dashboard.description().en());
    }
    broken(project, BrokenFile.Kind.DASHBOARD, "id", 2);
    return List.of("dashboard", "title", "tiles", "description");
  }

  /**
   * What files with errors would make, and the error instead of a description.
   *
   * @param unknown how many columns between the name and the description stay empty
   */
  private void broken(Project project, BrokenFile.Kind kind, String key, int unknown) {
    for (BrokenFile file : project.broken().of(kind).values()) {
      List<String> row = new ArrayList<>(List.of(file.name()));
      row.addAll(Collections.nCopies(unknown, "-"));
      row.add("broken: " + file.summary());
      add(
          Output.object(
              key,
              file.name(),
              "path",
              file.path(),
              "errors",
              file.problems().stream().map(Problem::toString).toList()),
          row.toArray(String[]::new));
    }
  }

  private List<String> runs(Platform platform) {
    List<Run> runs =
        platform.scheduler().list(Optional.empty(), Optional.empty(), limit, Optional.empty());
    for (Run run : runs) {
      boolean published = platform.warehouse().isPublished(run.id());
      String seconds =
          run.startedAt()
              .flatMap(s -> run.endedAt().map(e -> Output.seconds(Duration.between(s, e))))
              .orElse("-");
      Map<String, Object> object = RunJson.of(run);
      object.put("published", published);
      add(
          object,
          run.id(),
          run.state().text(),
          run.trigger().text(),
          Output.time(run.createdAt()),
          seconds,
          published ? "yes" : "no");
    }
    return List.of("run", "state", "trigger", "created", "seconds", "published");
  }

  private void add(Map<String, Object> object, String... row) {
    objects.add(object);
    rows.add(Output.row(row));
  }
}
