package io.ecluse.flow;

import io.ecluse.engine.StillElsewhere;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Work;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.Compute;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Localized;
import io.ecluse.project.Project;
import io.ecluse.project.Shape;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.staging.BatchManifest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Loads the newest batches of a source's streams into the warehouse: a task for each stream, or one
 * for every stream of the newest extract, of sources whose streams are known only by asking them.
 */
public final class LoadKind implements TaskKind {
  private static final String LOAD = "load";
  private static final String STREAM = "stream";

  /** For a load of one stream that goes on elsewhere. */
  private static final Duration ONE_LOOK = Duration.ofSeconds(3);

  @Override
  public String name() {
    return LOAD;
  }

  @Override
  public Localized word() {
    return new Localized("load", "intégration");
  }

  @Override
  public List<Shape.Field> keys() {
    return StreamTasks.keys(LOAD, "A source whose batches to load into the warehouse.");
  }

  /** A load must come after every extract of its source, or it races with it. */
  @Override
  public void check(StepCheck step) {
    StreamTasks.check(step, LOAD);
    Optional<Value.Text> source = step.task().text(LOAD).filter(s -> step.isSource(s.text()));
    if (source.isEmpty()) {
      return;
    }
    Set<String> extracts = step.tasksWith(ExtractKind.EXTRACT, source.get().text());
    if (extracts.isEmpty()) {
      step.warning(
          source.get().at(),
          "No task of this DAG extracts " + source.get().text(),
          "the newest batch that is in staging will be loaded");
    }
    for (String extract : extracts) {
      if (!step.waitsFor(extract) && !extract.equals(step.name())) {
        step.error(
            step.at(),
            "%s does not wait for %s, which extracts what it loads".formatted(step.name(), extract),
            "add after: [" + extract + "]");
      }
    }
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    String source = task.text(LOAD, "");
    List<String> streams = StreamTasks.streams(task);
    return expansion -> expand(expansion, source, streams);
  }

  private static void expand(Expansion expansion, String source, List<String> wanted) {
    List<String> streams = wanted.isEmpty() ? streams(expansion, source) : wanted;
    if (streams.isEmpty()) {
      expansion.add(Planned.of(expansion.step(), work(expansion, source, Work.ALL)));
    }
    for (String stream : streams) {
      expansion.add(Planned.of(expansion.step() + "." + stream, work(expansion, source, stream)));
    }
  }

  private static Work work(Expansion expansion, String source, String stream) {
    return expansion.computed(
        new Work(LOAD, Map.of(StreamTasks.SOURCE, source))
            .with(STREAM, stream)
            .writing(source + "." + stream),
        Compute.UNSAID);
  }

  /** As far as the project knows them: the extracts', the source's. */
  private static List<String> streams(Expansion expansion, String source) {
    Set<String> extracted = new LinkedHashSet<>();
    boolean known = false;
    for (DagFile.Step step : expansion.file().steps()) {
      if (step.action() instanceof ExtractKind.Extract extract && extract.source().equals(source)) {
        if (extract.streams().isEmpty()) {
          return declared(expansion.project(), source);
        }
        extracted.addAll(extract.streams());
        known = true;
      }
    }
    return known ? List.copyOf(extracted) : declared(expansion.project(), source);
  }

  private static List<String> declared(Project project, String source) {
    return Optional.ofNullable(project.sources().get(source))
        .map(file -> List.copyOf(file.streams().keySet()))
        .orElse(List.of());
  }

  @Override
  public Optional<Target> target(Work work) {
    return Optional.of(
        work.text(STREAM).equals(Work.ALL)
            ? new Target("source", work.text(StreamTasks.SOURCE))
            : new Target("table", work.label()));
  }

  @Override
  public boolean countsRows() {
    return true;
  }

  @Override
  public TaskResult run(TaskRun run) {
    Project project = run.project();
    String source = run.work().text(StreamTasks.SOURCE);
    project.broken().refuse(BrokenFile.Kind.SOURCE, source);
    String stream = run.work().text(STREAM);
    List<String> streams =
        stream.equals(Work.ALL) ? run.stages().staging().streams(source) : List.of(stream);
    AttemptErrand errand = run.errand(stream.equals(Work.ALL) ? TaskRun.PATIENT : ONE_LOOK);
    Loads loads =
        new Loads(
            run.stages(),
            project,
            errand,
            line -> {
              if (run.attempt().handle().isEmpty()) {
                run.attempt().log(line);
              }
            });
    long rows = 0;
    long bytes = 0;
    for (String each : streams) {
      BatchManifest batch = batch(run, source, each);
      try {
        rows += loads.load(batch);
      } catch (StillElsewhere e) {
        return new TaskResult.Again(e.job().after(), Optional.of(e.job().handle().toString()));
      }
      bytes += batch.bytes();
    }
    return new TaskResult.Done(rows, bytes, errand.facts());
  }

  /** The batch that this run extracted; without one, the newest there is. */
  private static BatchManifest batch(TaskRun run, String source, String stream) {
    return run.stages()
        .staging()
        .ofRunOrNewest(source, stream, run.attempt().runId())
        .orElseThrow(
            () ->
                ErrorCode.NOT_FOUND.error(
                    "Nothing of %s.%s is in staging; run ecluse extract %s first"
                        .formatted(source, stream, source)));
  }
}
