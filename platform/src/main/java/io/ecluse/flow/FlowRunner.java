package io.ecluse.flow;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Work;
import io.ecluse.project.AuditFile;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.ReadingHours;
import io.ecluse.project.SourceFile;
import io.ecluse.project.SqlParams;
import io.ecluse.scheduler.Attempt;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.scheduler.TaskRunner;
import io.ecluse.schema.TableName;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.ReceiptText;
import io.ecluse.staging.BatchManifest;
import io.ecluse.transform.TestOutcome;
import io.ecluse.warehouse.Publication;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Runs the tasks of DAGs by calling the stages. Every kind of work can be cut off anywhere and run
 * again: an extract makes new batches, a load or a build replaces what the run wrote before, and
 * publishing twice is publishing once.
 */
public final class FlowRunner implements TaskRunner {
  /** The schema under which outcomes of free-form audits are kept. */
  public static final String AUDITS = "audits";

  private final RunProjects projects;
  private final Stages stages;
  private final Clock clock;

  public FlowRunner(RunProjects projects, Stages stages, Clock clock) {
    this.projects = projects;
    this.stages = stages;
    this.clock = clock;
  }

  @Override
  public TaskResult run(Attempt context) {
    Work work = context.task().work();
    if (work instanceof Work.Extract extract) {
      return extract(context, extract);
    } else if (work instanceof Work.Load load) {
      return load(context, load);
    } else if (work instanceof Work.Build build) {
      return build(context, projects.of(context).model(build.model()));
    } else if (work instanceof Work.Test test) {
      return test(context, projects.of(context).model(test.model()));
    } else if (work instanceof Work.Audit audit) {
      return audit(context, projects.of(context).audit(audit.name()));
    } else if (work instanceof Work.Publish) {
      return publish(context);
    } else if (work instanceof Work.Empty) {
      return TaskResult.NOTHING;
    }
    throw new AssertionError("Unhandled " + work);
  }

  /** Behind the fence of the attempt: one that was overtaken changes nothing of its run. */
  private Stages stages(Attempt context) {
    return stages.behind(context::holdPlace);
  }

  private TaskResult extract(Attempt context, Work.Extract work) {
    String id = context.runId() + "." + context.number();
    Listener listener = new Listener(context);
    ExtractRequest request =
        new ExtractRequest(
            id,
            context.runId(),
            work.streams(),
            ExtractRequest.Reading.valueOf(work.reading().name()));
    Project project = projects.of(context);
    requireRejections(project, work);
    Supplier<List<BatchManifest>> extract =
        () -> stages.sources().of(project).source(work.source()).extract(request, listener);
    List<BatchManifest> batches =
        hours(project, work.source())
            .map(h -> new OpenHours(work.source(), h, clock).within(extract, listener::cancel))
            .orElseGet(extract);
    long rows = batches.stream().mapToLong(BatchManifest::rows).sum();
    long bytes = batches.stream().mapToLong(BatchManifest::bytes).sum();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("extract_id", id);
    facts.put("streams", String.valueOf(batches.size()));
    facts.put("position", batches.stream().findFirst().map(BatchManifest::position).orElse(""));
    facts.put(
        "rejected", String.valueOf(batches.stream().mapToLong(b -> b.rejected().rows()).sum()));
    listener.receipt.ifPresent(r -> facts.putAll(r.facts()));
    return new TaskResult.Done(rows, bytes, facts);
  }

  private static void requireRejections(Project project, Work.Extract work) {
    SourceFile.Type type = project.source(work.source()).type();
    if (work.reading() == Work.Extract.Reading.REJECTED && type != SourceFile.Type.POSTGRES) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE,
          "Source %s is of type %s, which ends with an error at a row that cannot land and leaves none out; there is nothing to read again"
              .formatted(work.source(), type.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static Optional<ReadingHours> hours(Project project, String source) {
    return Optional.ofNullable(project.sources().get(source))
        .flatMap(file -> file.extraction().hours());
  }

  private TaskResult load(Attempt context, Work.Load work) {
    Project project = projects.of(context);
    project.broken().refuse(BrokenFile.Kind.SOURCE, work.source());
    List<String> streams =
        work.stream().equals(Work.Load.ALL)
            ? stages.staging().streams(work.source())
            : List.of(work.stream());
    Loads loads = new Loads(stages(context), project, context.runId(), context::log);
    long rows = 0;
    long bytes = 0;
    for (String stream : streams) {
      BatchManifest batch = batch(context, work.source(), stream);
      rows += loads.load(batch, cancellation(context));
      bytes += batch.bytes();
    }
    return new TaskResult.Done(rows, bytes, Map.of());
  }

  /** The batch that this run extracted; without one, the newest there is. */
  private BatchManifest batch(Attempt context, String source, String stream) {
    return stages
        .staging()
        .ofRunOrNewest(source, stream, context.runId())
        .orElseThrow(
            () ->
                new EcluseException(
                    ErrorCode.NOT_FOUND,
                    "Nothing of %s.%s is in staging; run ecluse extract %s first"
                        .formatted(source, stream, source)));
  }

  private TaskResult build(Attempt context, ModelFile model) {
    Job job =
        stages(context)
            .models()
            .build(
                context.runId(),
                model,
                context.params(),
                context.handle().map(JobHandle::parse),
                cancellation(context));
    if (job instanceof Job.Elsewhere elsewhere) {
      context.log("%s is built elsewhere, as %s".formatted(model.name(), elsewhere.handle()));
      return new TaskResult.Again(elsewhere.after(), Optional.of(elsewhere.handle().toString()));
    } else if (job instanceof Job.Done done) {
      String made =
          switch (model.materialized()) {
            case TABLE -> done.rows() + " rows";
            case VIEW -> "a view";
          };
      context.log("Built %s from %s: %s".formatted(model.name(), model.path(), made));
      return new TaskResult.Done(done.rows(), 0, Map.of());
    }
    throw new AssertionError("Unhandled " + job);
  }

  private TaskResult test(Attempt context, ModelFile model) {
    List<TestOutcome> outcomes =
        stages.models().test(context.runId(), model, cancellation(context));
    return judged(context, model.name().lower(), outcomes);
  }

  private TaskResult audit(Attempt context, AuditFile written) {
    AuditFile audit = written.withSql(SqlParams.bind(written.sql(), context.params()));
    TestOutcome outcome = stages.models().audit(context.runId(), audit, cancellation(context));
    return judged(context, new TableName(AUDITS, audit.name()), List.of(outcome));
  }

  private TaskResult judged(Attempt context, TableName table, List<TestOutcome> outcomes) {
    stages(context).testResults().keep(context.runId(), table, outcomes);
    outcomes.forEach(o -> context.log(o.describe()));
    List<TestOutcome> broken = outcomes.stream().filter(o -> !o.passed()).toList();
    if (!broken.isEmpty()) {
      throw new EcluseException(
          ErrorCode.AUDIT_FAILED,
          "%s: %s. Nothing of this run is published; see the rows with ecluse query --run %s"
              .formatted(
                  table,
                  broken.stream().map(TestOutcome::describe).collect(Collectors.joining("; ")),
                  context.runId()));
    }
    return new TaskResult.Done(0, 0, Map.of("tests", String.valueOf(outcomes.size())));
  }

  private TaskResult publish(Attempt context) {
    List<TableName> overtaken = stages.warehouse().overtaken(context.runId());
    if (!overtaken.isEmpty()) {
      throw new LostRace(projects.of(context)).error(context.runId(), overtaken);
    }
    Publication publication = stages(context).warehouse().publish(context.runId());
    context.log(
        "Published together: "
            + publication.tables().stream()
                .map(TableName::toString)
                .collect(Collectors.joining(", ")));
    return new TaskResult.Done(0, 0, Map.of("tables", String.valueOf(publication.tables().size())));
  }

  private static Cancellation cancellation(Attempt context) {
    Cancellation cancellation = new Cancellation();
    context.onCancel(cancellation::cancel);
    return cancellation;
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
