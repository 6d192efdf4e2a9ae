package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.catalog.Batches;
import io.ecluse.catalog.Catalog;
import io.ecluse.catalog.Definitions;
import io.ecluse.catalog.Definitions.Definition;
import io.ecluse.catalog.Runs;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.DashboardFile;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Problem;
import io.ecluse.project.SourceFile;
import io.ecluse.scheduler.Run;
import io.ecluse.staging.BatchManifest;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.PublishedTable;
import java.time.Duration;
import java.time.ZoneOffset;
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
    SOURCES(Subject.Kind.SOURCE),
    STREAMS(Subject.Kind.STREAM),
    BATCHES(Subject.Kind.STREAM),
    TABLES(Subject.Kind.TABLE),
    MODELS(Subject.Kind.TABLE),
    DAGS(Subject.Kind.DAG),
    DASHBOARDS(Subject.Kind.DASHBOARD),
    RUNS(Subject.Kind.RUN);

    private final Subject.Kind subject;

    Kind(Subject.Kind subject) {
      this.subject = subject;
    }
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

  private Times times = new Times(ZoneOffset.UTC);
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Map<String, Object>> objects = new ArrayList<>();

  @Override
  public Integer call() {
    try (Shell.Opened opened = options.open(Action.SEE, Subject.every(kind.subject))) {
      Platform platform = opened.platform();
      times = options.times();
      Catalog catalog = platform.catalog();
      Caller caller = options.shell().caller();
      Definitions definitions = catalog.definitions();
      List<String> header =
          switch (kind) {
            case SOURCES -> sources(definitions.sources(caller));
            case STREAMS -> streams(definitions.sources(caller), catalog.batches(), caller);
            case BATCHES -> batches(catalog.batches(), caller);
            case TABLES -> tables(catalog.tables().all(caller));
            case MODELS -> models(definitions.models(caller));
            case DAGS -> dags(definitions.dags(caller), platform);
            case DASHBOARDS -> dashboards(definitions.dashboards(caller));
            case RUNS ->
                runs(catalog.runs().newest(caller, Optional.empty(), Optional.empty(), limit));
          };
      if (options.isJson()) {
        Output.json(spec.commandLine().getOut(), objects);
      } else {
        Output.table(spec.commandLine().getOut(), header, rows);
      }
      return Main.DONE;
    }
  }

  private List<String> sources(List<Definition<SourceFile>> sources) {
    for (SourceFile source : made(sources)) {
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
    broken(sources, "name", 2);
    return List.of("source", "type", "streams", "description");
  }

  private List<String> streams(
      List<Definition<SourceFile>> sources, Batches batches, Caller caller) {
    for (SourceFile source : made(sources)) {
      for (String stream : batches.streams(caller, source)) {
        String description =
            Optional.ofNullable(source.streams().get(stream))
                .map(SourceFile.Stream::description)
                .orElse("");
        Optional<BatchManifest> newest = batches.newest(source.name(), stream);
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
            times.text(newest.map(BatchManifest::endedAt)),
            description);
      }
    }
    return List.of("source", "stream", "rows", "last batch", "description");
  }

  private List<String> batches(Batches batches, Caller caller) {
    List<BatchManifest> all = new ArrayList<>();
    for (String source : batches.sources()) {
      batches.streams(caller, source).forEach(stream -> all.addAll(stream.batches()));
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
              batches.location(batch),
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
          times.text(batch.endedAt()),
          batch.position());
    }
    return List.of("stream", "extract", "rows", "size", "parts", "format", "ended", "position");
  }

  private List<String> tables(List<PublishedTable> tables) {
    for (PublishedTable table : tables) {
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
          times.text(table.updatedAt()),
          table.runId().orElse("-"));
    }
    return List.of("table", "kind", "rows", "size", "updated", "by run");
  }

  private List<String> models(List<Definition<ModelFile>> models) {
    for (ModelFile model : made(models)) {
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
    broken(models, "name", 2);
    return List.of("model", "tests", "reads", "description");
  }

  private List<String> dags(List<Definition<Dag>> dags, Platform platform) {
    platform.starts().followSchedules();
    for (Dag dag : made(dags)) {
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
          times.text(platform.scheduler().nextRun(dag.id())),
          dag.description());
    }
    broken(dags, "id", 3);
    return List.of("dag", "schedule", "tasks", "next", "description");
  }

  private List<String> dashboards(List<Definition<DashboardFile>> dashboards) {
    for (DashboardFile dashboard : made(dashboards)) {
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
    broken(dashboards, "id", 2);
    return List.of("dashboard", "title", "tiles", "description");
  }

  private static <T> List<T> made(List<Definition<T>> all) {
    return all.stream().flatMap(d -> d.made().stream()).toList();
  }

  /**
   * What files with errors would make, and the error instead of a description.
   *
   * @param unknown how many columns between the name and the description stay empty
   */
  private <T> void broken(List<Definition<T>> all, String key, int unknown) {
    for (BrokenFile file : all.stream().flatMap(d -> d.broken().stream()).toList()) {
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

  private List<String> runs(List<Runs.Entry> runs) {
    for (Runs.Entry entry : runs) {
      Run run = entry.run();
      String seconds =
          run.startedAt()
              .flatMap(s -> run.endedAt().map(e -> Output.seconds(Duration.between(s, e))))
              .orElse("-");
      Map<String, Object> object = RunJson.of(run);
      object.put("published", entry.isPublished());
      add(
          object,
          run.id(),
          run.state().text(),
          run.trigger().text(),
          times.text(run.createdAt()),
          seconds,
          entry.isPublished() ? "yes" : "no");
    }
    return List.of("run", "state", "trigger", "created", "seconds", "published");
  }

  private void add(Map<String, Object> object, String... row) {
    objects.add(object);
    rows.add(Output.row(row));
  }
}
