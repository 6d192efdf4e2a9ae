package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Localized;
import io.ecluse.project.Project;
import io.ecluse.project.ReadingHours;
import io.ecluse.project.Shape;
import io.ecluse.project.SourceFile;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import io.ecluse.scheduler.Attempt;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.ReceiptText;
import io.ecluse.staging.BatchManifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads streams of a source into staging, in one consistent snapshot; no streams means all. */
public final class ExtractKind implements TaskKind {
  static final String EXTRACT = "extract";

  /** Which rows; said by commands only. */
  private static final String ROWS = "rows";

  /** What is to be read. */
  record Extract(String source, List<String> streams, RowsWanted rows) implements DagFile.Action {
    @Override
    public void expand(Expansion expansion) {
      Work work =
          new Work(EXTRACT, Map.of(StreamTasks.SOURCE, source)).with(StreamTasks.STREAMS, streams);
      boolean isWhole = expansion.project().sources().containsKey(source);
      expansion.add(
          new Planned(
              expansion.step(),
              switch (rows) {
                case AS_PLANNED -> work;
                case WHOLE -> work.with(RowsWanted.WHOLE.text(), List.of("true"));
                case REJECTED -> work.with(RowsWanted.REJECTED.text(), List.of("true"));
              },
              Set.of(),
              ModelTasks.order(isWhole)));
    }
  }

  @Override
  public String name() {
    return EXTRACT;
  }

  @Override
  public Localized word() {
    return new Localized("extract", "déchargement");
  }

  @Override
  public List<Shape.Field> keys() {
    return StreamTasks.keys(EXTRACT, "A source to read into staging.");
  }

  @Override
  public void check(StepCheck step) {
    StreamTasks.check(step, EXTRACT);
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    return new Extract(
        task.text(EXTRACT, ""),
        StreamTasks.streams(task),
        RowsWanted.of(task.text(ROWS, RowsWanted.AS_PLANNED.text())));
  }

  @Override
  public Optional<Target> target(Work work) {
    return Optional.of(new Target("source", work.text(StreamTasks.SOURCE)));
  }

  @Override
  public boolean countsRows() {
    return true;
  }

  @Override
  public TaskResult run(TaskRun run) {
    Attempt attempt = run.attempt();
    String source = run.work().text(StreamTasks.SOURCE);
    RowsWanted rows = rows(run.work());
    String id = attempt.runId() + "." + attempt.number();
    Listener listener = new Listener(attempt);
    ExtractRequest request =
        new ExtractRequest(id, attempt.runId(), run.work().list(StreamTasks.STREAMS), rows);
    Project project = run.project();
    ProjectSources sources = run.stages().sources().of(project);
    if (rows == RowsWanted.REJECTED && !sources.leavesRowsOut(source)) {
      throw nothingRejected(project.source(source));
    }
    Supplier<List<BatchManifest>> extract = () -> sources.source(source).extract(request, listener);
    List<BatchManifest> batches =
        hours(project, source)
            .map(h -> new OpenHours(source, h, run.clock()).within(extract, listener::cancel))
            .orElseGet(extract);
    return done(id, batches, listener.receipt);
  }

  private static RowsWanted rows(Work work) {
    for (RowsWanted each : List.of(RowsWanted.WHOLE, RowsWanted.REJECTED)) {
      if (work.lists().containsKey(each.text())) {
        return each;
      }
    }
    return RowsWanted.AS_PLANNED;
  }

  private static TaskResult done(
      String id, List<BatchManifest> batches, Optional<ImpactReceipt> receipt) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("extract_id", id);
    facts.put("streams", String.valueOf(batches.size()));
    facts.put("position", batches.stream().findFirst().map(BatchManifest::position).orElse(""));
    facts.put(
        "rejected", String.valueOf(batches.stream().mapToLong(b -> b.rejected().rows()).sum()));
    receipt.ifPresent(r -> facts.putAll(r.facts()));
    return new TaskResult.Done(
        batches.stream().mapToLong(BatchManifest::rows).sum(),
        batches.stream().mapToLong(BatchManifest::bytes).sum(),
        facts);
  }

  private static EcluseException nothingRejected(SourceFile source) {
    return ErrorCode.INVALID_USAGE.error(
        "Source %s is of type %s, which ends with an error at a row that cannot land and leaves none out; there is nothing to read again"
            .formatted(source.name(), source.type()));
  }

  private static Optional<ReadingHours> hours(Project project, String source) {
    return Optional.ofNullable(project.sources().get(source)).flatMap(SourceFile::hours);
  }

  private static final class Listener implements ExtractListener {
    private final Attempt context;
    private volatile Optional<ImpactReceipt> receipt = Optional.empty();
    private volatile Runnable cancel = () -> {};

    Listener(Attempt context) {
      this.context = context;
    }

    @Override
    public void log(String line) {
      context.log(line);
    }

    @Override
    public void progress(long rows, long total) {
      context.progress(rows, total);
    }

    @Override
    public void impact(ImpactReceipt cost) {
      receipt = Optional.of(cost);
      ReceiptText.lines(cost.facts()).forEach(line -> context.log("Impact on the source: " + line));
    }

    @Override
    public void inPlace(Runnable change) {
      context.inPlace(change);
    }

    @Override
    public void onCancel(Runnable action) {
      cancel = action;
      context.onCancel(action);
    }

    void cancel() {
      cancel.run();
    }
  }
}
