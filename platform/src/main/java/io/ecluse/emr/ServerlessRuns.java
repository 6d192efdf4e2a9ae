package io.ecluse.emr;

import io.ecluse.emr.StepEnd.How;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.emrserverless.EmrServerlessClient;
import software.amazon.awssdk.services.emrserverless.model.Application;
import software.amazon.awssdk.services.emrserverless.model.JobRun;
import software.amazon.awssdk.services.emrserverless.model.JobRunState;
import software.amazon.awssdk.services.emrserverless.model.JobRunSummary;
import software.amazon.awssdk.services.emrserverless.model.ListJobRunsResponse;
import software.amazon.awssdk.services.emrserverless.model.ResourceUtilization;
import software.amazon.awssdk.services.emrserverless.model.StartJobRunRequest;

/**
 * Job runs of applications of EMR Serverless: started once, whatever answer was lost, and watched
 * to their end, of which one kind is good. Safe for use by several threads and processes.
 */
final class ServerlessRuns implements AutoCloseable {
  /** What was started longer ago nobody looks for by its name. */
  private static final Duration RECENT = Duration.ofDays(3);

  private static final Set<JobRunState> OVER =
      Set.of(JobRunState.SUCCESS, JobRunState.FAILED, JobRunState.CANCELLED);

  private final EmrCalls<EmrServerlessClient> calls;
  private final ServerlessLogs logs;
  private final EmrPace pace;

  ServerlessRuns(EmrAccount account, ServerlessLogs logs, EmrPace pace) {
    this.calls = new EmrCalls<>(account, EmrClients::openServerless, pace);
    this.logs = logs;
    this.pace = pace;
  }

  /**
   * Looks whether an application can run ours.
   *
   * @throws EcluseException CLUSTER_REFUSED if it is none of Spark's, or deleted; SPARK_UNFIT
   */
  void require(String id) {
    Application application =
        calls
            .ask("look at application " + id, emr -> emr.getApplication(r -> r.applicationId(id)))
            .application();
    if (!"spark".equalsIgnoreCase(application.type())
        || "TERMINATED".equals(application.stateAsString())) {
      throw ErrorCode.CLUSTER_REFUSED.error(
          "Application %s of EMR Serverless is of type %s and %s, but one of type SPARK is needed; name it as application"
              .formatted(id, application.type(), application.stateAsString()));
    }
    if (application.imageConfiguration() == null) { // an image of one's own has the Spark it has
      String release = String.valueOf(application.releaseLabel());
      Releases.listed(release).ifPresent(version -> Releases.require(release, version));
    }
  }

  /** Starts a job run; the same request again, with its token, is the same job run. */
  String start(StartJobRunRequest request) {
    return calls
        .ask("start a job run on EMR Serverless", emr -> emr.startJobRun(request))
        .jobRunId();
  }

  /** The job run of a name, which a process has started that is gone. */
  Optional<String> find(String application, String name) {
    Patience settling = new Patience(pace.settle());
    for (int looks = 0; ; looks++) {
      Optional<String> found =
          listed(application, run -> name.equals(run.name())).stream().findFirst();
      if (found.isPresent() || settling.isOver()) {
        return found;
      }
      Patience.pause(pace.pause(looks));
    }
  }

  private List<String> listed(String application, Predicate<JobRunSummary> wanted) {
    List<String> found = new ArrayList<>();
    Instant since = Instant.now().minus(RECENT);
    new Pages()
        .turn(
            marker -> {
              ListJobRunsResponse page =
                  calls.ask(
                      "list the job runs of application " + application,
                      emr ->
                          emr.listJobRuns(
                              r ->
                                  r.applicationId(application)
                                      .createdAtAfter(since)
                                      .nextToken(marker.orElse(null))));
              page.jobRuns().stream().filter(wanted).forEach(run -> found.add(run.id()));
              return Optional.ofNullable(page.nextToken());
            });
    return found;
  }

  /**
   * Cancels job runs that are called as one installation's and that nobody wants any more.
   *
   * @param isOrphan by name
   */
  void sweep(String application, Predicate<String> isOrphan) {
    listed(
            application,
            run -> !OVER.contains(run.state()) && isOrphan.test(String.valueOf(run.name())))
        .forEach(run -> cancel(application, run));
  }

  /** Cancels a job run; one that has ended is fine. */
  void cancel(String application, String run) {
    calls.ask(
        "cancel job run " + run,
        emr -> emr.cancelJobRun(r -> r.applicationId(application).jobRunId(run)));
  }

  /**
   * Waits for the end of a job run, and cancels it when nobody wants it any more.
   *
   * @throws EcluseException CLUSTER_UNREACHABLE, CLUSTER_REFUSED: the job run may go on
   */
  StepEnd watch(String application, String run, Observer observer) {
    String said = "";
    boolean cancelled = false;
    for (int looks = 0; ; looks++) {
      JobRun look = look(application, run);
      if (!look.stateAsString().equals(said)) {
        said = look.stateAsString();
        observer.log("Job run %s of application %s on EMR is %s".formatted(run, application, said));
      }
      if (OVER.contains(look.state())) {
        return end(look, cancelled);
      }
      if (look.state() == JobRunState.RUNNING) {
        observer.runs();
      }
      if (observer.isCancelled() && !cancelled) {
        cancelled = true;
        cancel(application, run);
      }
      Patience.pause(pace.pause(looks));
    }
  }

  /** Who waits for a job run. */
  interface Observer extends Watcher {
    /** It runs, as of now. */
    void runs();
  }

  private JobRun look(String application, String run) {
    for (int looks = 0; ; looks++) {
      JobRun found =
          calls
              .askNew(
                  "look at job run " + run,
                  emr -> emr.getJobRun(r -> r.applicationId(application).jobRunId(run)))
              .jobRun();
      if (run.equals(found.jobRunId())) { // an answer for another is none
        return found;
      }
      Patience.pause(pace.pause(looks));
    }
  }

  private StepEnd end(JobRun run, boolean cancelled) {
    Optional<Instant> began = Optional.ofNullable(run.startedAt());
    Optional<Instant> ended = Optional.ofNullable(run.endedAt());
    return switch (run.state()) {
      case SUCCESS -> new StepEnd(How.DONE, "", began, ended);
      case FAILED -> new StepEnd(How.FAILED, failure(run), began, ended);
      // if not by us, then because the application came to nothing, or the time was over
      default ->
          cancelled
              ? new StepEnd(
                  How.CANCELLED,
                  "Job run %s of application %s was cancelled"
                      .formatted(run.jobRunId(), run.applicationId()),
                  began,
                  ended)
              : new StepEnd(
                  How.LOST,
                  "Job run %s of application %s on EMR is %s, and not by us: %s"
                      .formatted(
                          run.jobRunId(), run.applicationId(), run.stateAsString(), said(run)),
                  began,
                  ended);
    };
  }

  private String failure(JobRun run) {
    String line =
        logs.line(run)
            .or(() -> Optional.ofNullable(run.stateDetails()).filter(d -> !d.isBlank()))
            .orElse("EMR tells no reason, and there is no log; set log_uri to have one");
    return "Job run %s of application %s failed: %s"
        .formatted(run.jobRunId(), run.applicationId(), line);
  }

  private static String said(JobRun run) {
    return Optional.ofNullable(run.stateDetails())
        .filter(d -> !d.isBlank())
        .orElse("EMR tells no reason");
  }

  /** A page of Spark's on a job run, for an hour, for whoever has its address. */
  Optional<String> page(String application, String run) {
    return Optional.ofNullable(
        calls
            .ask(
                "ask for the page of job run " + run,
                emr -> emr.getDashboardForJobRun(r -> r.applicationId(application).jobRunId(run)))
            .url());
  }

  /** What is billed for a job run that has ended; empty if that is not known yet. */
  Optional<ServerlessCosts.Used> used(String application, String run) {
    ResourceUtilization billed = look(application, run).billedResourceUtilization();
    return billed == null
        ? Optional.empty()
        : Optional.of(
            new ServerlessCosts.Used(
                orNone(billed.vcpuHour()),
                orNone(billed.memoryGBHour()),
                orNone(billed.storageGBHour())));
  }

  private static double orNone(@org.jspecify.annotations.Nullable Double amount) {
    return amount == null ? 0 : amount;
  }

  @Override
  public void close() {
    calls.close();
  }
}
