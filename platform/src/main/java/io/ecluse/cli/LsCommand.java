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
import io.ecluse.project.SourceFile;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.staging.BatchManifest;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.PublishedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ls", description = "Lists what there is.")
final class LsCommand extends ProjectCommand {
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

  @Parameters(
      paramLabel = "KIND",
      arity = "0..1",
      description =
          "sources, streams, batches, tables, models, dags, dashboards or runs (default: runs)")
  private Kind kind = Kind.RUNS;

  @Option(names = "--limit", paramLabel = "N", description = "most lines (default: 50)")
  private int limit = 50;

  @Override
  public Integer call() {
    return with(Action.SEE, Subject.every(kind.subject), this::list);
  }

  private void list(Platform platform) {
    Catalog catalog = platform.catalog();
    Definitions definitions = catalog.definitions();
    Caller caller = shell().caller();
    switch (kind) {
      case SOURCES -> print(sources(), definitions.sources(caller));
      case STREAMS -> print(streams(catalog.batches()), streams(catalog, caller), List.of());
      case BATCHES ->
          print(batches(catalog.batches()), newest(catalog.batches().all(caller)), List.of());
      case TABLES -> print(tables(), catalog.tables().all(caller), List.of());
      case MODELS -> print(models(), definitions.models(caller));
      case DAGS -> {
        platform.starts().followSchedules();
        print(dags(platform.scheduler()), definitions.dags(caller));
      }
      case DASHBOARDS -> print(dashboards(), definitions.dashboards(caller));
      case RUNS ->
          print(
              runs(),
              catalog.runs().newest(caller, Optional.empty(), Optional.empty(), limit),
              List.of());
    }
  }

  private <T> void print(Listing<T> listing, List<Definition<T>> all) {
    print(
        listing,
        all.stream().flatMap(d -> d.made().stream()).toList(),
        all.stream().flatMap(d -> d.broken().stream()).toList());
  }

  private <T> void print(Listing<T> listing, List<T> things, List<BrokenFile> broken) {
    listing.print(out(), format(), things, broken);
  }

  private static Listing<SourceFile> sources() {
    return new Listing<SourceFile>("name")
        .both("name", "source", SourceFile::name)
        .both("type", "type", SourceFile::type)
        .field("streams", s -> s.streams().size())
        .column("streams", s -> s.streams().isEmpty() ? "all" : String.valueOf(s.streams().size()))
        .both("description", "description", SourceFile::description);
  }

  /** A stream of a source, by what the project says of it. */
  private record Stream(String source, String name, String description) {}

  private static List<Stream> streams(Catalog catalog, Caller caller) {
    List<Stream> all = new ArrayList<>();
    for (Definition<SourceFile> definition : catalog.definitions().sources(caller)) {
      for (SourceFile source : definition.made().stream().toList()) {
        for (String name : catalog.batches().streams(caller, source)) {
          SourceFile.@Nullable Stream said = source.streams().get(name);
          all.add(new Stream(source.name(), name, said == null ? "" : said.description()));
        }
      }
    }
    return all;
  }

  private Listing<Stream> streams(Batches batches) {
    Function<Stream, Optional<BatchManifest>> newest = s -> batches.newest(s.source(), s.name());
    return new Listing<Stream>("name")
        .both("source", "source", Stream::source)
        .both("name", "stream", Stream::name)
        .perhaps("rows", "rows", s -> newest.apply(s).map(BatchManifest::rows), Amounts::number)
        .perhaps(
            "last_batch_at",
            "last batch",
            s -> newest.apply(s).map(BatchManifest::endedAt),
            times()::text)
        .both("description", "description", Stream::description);
  }

  private List<BatchManifest> newest(List<BatchManifest> batches) {
    return batches.stream()
        .sorted(Comparator.comparing(BatchManifest::endedAt).reversed())
        .limit(Math.max(0, limit))
        .toList();
  }

  private Listing<BatchManifest> batches(Batches batches) {
    return new Listing<BatchManifest>("extract_id")
        .field("source", BatchManifest::source)
        .field("stream", BatchManifest::stream)
        .column("stream", b -> b.source() + "." + b.stream())
        .both("extract_id", "extract", BatchManifest::extractId)
        .both("rows", "rows", BatchManifest::rows, Amounts::number)
        .both("bytes", "size", BatchManifest::bytes, Amounts::bytes)
        .both("parts", "parts", b -> (long) b.parts().size(), Amounts::number)
        .both("formats", "format", b -> Output.words(b.formats()), f -> String.join(", ", f))
        .field("location", batches::location)
        .field("position", BatchManifest::position)
        .field("run_id", BatchManifest::runId)
        .both("ended_at", "ended", BatchManifest::endedAt, times()::text)
        .column("position", BatchManifest::position);
  }

  private Listing<PublishedTable> tables() {
    return new Listing<PublishedTable>("name")
        .both("name", "table", t -> t.name().toString())
        .both("kind", "kind", t -> t.kind().text())
        .perhaps("rows", "rows", PublishedTable::knownRows, Amounts::number)
        .field("bytes", PublishedTable::bytes)
        .column("size", t -> t.knownRows().map(r -> Amounts.bytes(t.bytes())).orElse("-"))
        .both("updated_at", "updated", PublishedTable::updatedAt, times()::text)
        .perhaps("run_id", "by run", PublishedTable::runId, run -> run);
  }

  private static Listing<ModelFile> models() {
    Function<ModelFile, Long> tests =
        m -> m.columns().values().stream().mapToLong(c -> c.tests().size()).sum();
    return new Listing<ModelFile>("name")
        .both("name", "model", m -> m.name().toString())
        .field("path", ModelFile::path)
        .both("tests", "tests", tests, String::valueOf)
        .field("upstream", m -> m.upstream().stream().map(Object::toString).toList())
        .column("reads", m -> String.valueOf(m.upstream().size()))
        .both("description", "description", ModelFile::description);
  }

  private Listing<Dag> dags(Scheduler scheduler) {
    return new Listing<Dag>("id")
        .both("id", "dag", Dag::id)
        .both(
            "schedule",
            "schedule",
            d -> d.schedule().map(s -> s.cron() + " " + s.zone()).orElse("-"))
        .both("tasks", "tasks", d -> d.tasks().size(), String::valueOf)
        .perhaps("next_run_at", "next", d -> scheduler.nextRun(d.id()), times()::text)
        .both("description", "description", Dag::description);
  }

  private static Listing<DashboardFile> dashboards() {
    return new Listing<DashboardFile>("id")
        .both("id", "dashboard", DashboardFile::id)
        .both("title", "title", d -> d.title().en())
        .both("tiles", "tiles", d -> d.tiles().size(), String::valueOf)
        .field("path", DashboardFile::path)
        .both("description", "description", d -> d.description().en());
  }

  private Listing<Runs.Entry> runs() {
    return new Listing<Runs.Entry>("id")
        .fields((e, object) -> object.putAll(RunJson.of(e.run())))
        .field("published", Runs.Entry::isPublished)
        .column("run", e -> e.run().id())
        .column("state", e -> e.run().state().text())
        .column("trigger", e -> e.run().trigger().text())
        .column("created", e -> times().text(e.run().createdAt()))
        .column("seconds", e -> seconds(e.run()))
        .column("published", e -> e.isPublished() ? "yes" : "no");
  }

  private static String seconds(Run run) {
    return run.startedAt()
        .flatMap(s -> run.endedAt().map(e -> Output.seconds(Duration.between(s, e))))
        .orElse("-");
  }
}
