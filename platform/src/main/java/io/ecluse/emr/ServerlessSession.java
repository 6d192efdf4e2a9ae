package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.spark.RemoteApplications.Application;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.services.emrserverless.model.Configuration;
import software.amazon.awssdk.services.emrserverless.model.ConfigurationOverrides;
import software.amazon.awssdk.services.emrserverless.model.SparkSubmit;
import software.amazon.awssdk.services.emrserverless.model.StartJobRunRequest;

/** An application of ours as a job run of an application of EMR Serverless. */
final class ServerlessSession extends EmrSession implements ServerlessRuns.Observer {
  /** Pages open for an hour. */
  private static final Duration PAGE = Duration.ofMinutes(30);

  private final Tools tools;
  private final ServerlessEntry entry;
  private final ClusterName name;
  private volatile Optional<String> running = Optional.empty();
  private volatile Page page = new Page(Optional.empty(), Instant.EPOCH);

  private record Page(Optional<String> url, Instant since) {}

  /** What a session works with. */
  record Tools(ServerlessRuns runs, EmrFiles files, ServerlessCosts costs) {}

  /**
   * @param name of the application, and of its job run
   * @param called is told what it can be found again by: application, job run and pass
   */
  ServerlessSession(Tools tools, ServerlessEntry entry, ClusterName name, Consumer<String> called) {
    super(entry.cluster(), tools.files(), name.key(), called);
    this.tools = tools;
    this.entry = entry;
    this.name = name;
  }

  @Override
  String open() {
    return entry.application();
  }

  /** It starts by itself when work comes. */
  @Override
  void awaitReady(String application) {
    tools.runs().require(application);
  }

  @Override
  String submit(String application, Application ours) {
    log("a job run is started, which " + tools.costs().before(ours.conf()));
    String run = tools.runs().start(request(application, ours));
    running = Optional.of(run);
    return run;
  }

  /**
   * Everybody who may look at a job run reads this: no secret in it. Its token is made of its name,
   * which nothing had before.
   */
  private StartJobRunRequest request(String application, Application ours) {
    Map<String, String> conf = new TreeMap<>(ours.conf());
    conf.put("spark.app.name", "ecluse " + ours.name());
    conf.put("spark.jars", tools.files().jar(ours.jars().iceberg()));
    conf.put("spark.emr-serverless.driverEnv.ECLUSE_JOB_TOKEN_FILE", leave(ours));
    SparkSubmit submit =
        SparkSubmit.builder()
            .entryPoint(tools.files().jar(ours.jars().application()))
            .entryPointArguments(
                List.of(
                    "--door",
                    ours.door(),
                    "--session",
                    ours.name(),
                    "--idle",
                    String.valueOf(ours.pace().idle().toSeconds()),
                    "--at-once",
                    String.valueOf(ours.pace().parallel())))
            .sparkSubmitParameters("--class " + Application.MAIN)
            .build();
    ConfigurationOverrides.Builder overrides =
        ConfigurationOverrides.builder()
            .applicationConfiguration(
                Configuration.builder().classification("spark-defaults").properties(conf).build());
    entry
        .logs()
        .ifPresent(
            logs ->
                overrides.monitoringConfiguration(
                    m -> m.s3MonitoringConfiguration(s -> s.logUri(logs))));
    return StartJobRunRequest.builder()
        .applicationId(application)
        .clientToken(
            UUID.nameUUIDFromBytes(name.text().getBytes(StandardCharsets.UTF_8)).toString())
        .name(name.text())
        .executionRoleArn(entry.role())
        .jobDriver(d -> d.sparkSubmit(submit))
        .configurationOverrides(overrides.build())
        .executionTimeoutMinutes(entry.longestMinutes())
        .tags(name.tags())
        .build();
  }

  /** The name is kept before anything is asked for, so the job run is found by it. */
  @Override
  EmrHandle found(Optional<String> application) {
    String place = application.orElseGet(entry::application);
    return tools
        .runs()
        .find(place, name.text())
        .map(run -> EmrHandle.started(place, run, tools.files().passName()))
        .orElseGet(() -> EmrHandle.starting(Optional.of(place), Instant.now()));
  }

  @Override
  StepEnd watch(String application, String run) {
    running = Optional.of(run);
    return tools.runs().watch(application, run, this);
  }

  @Override
  public void runs() {
    Instant now = Instant.now();
    if (page.since().isBefore(now.minus(PAGE)) && running.isPresent()) {
      try {
        page = new Page(tools.runs().page(entry.application(), running.get()), now);
      } catch (EcluseException e) { // without it all goes on
        page = new Page(Optional.empty(), now);
        log("its page is not known: " + e.getMessage());
      }
    }
  }

  @Override
  protected Optional<String> page() {
    return page.url();
  }

  @Override
  void tidy(String application, Optional<String> run) {
    run.flatMap(r -> tools.runs().used(application, r))
        .ifPresent(used -> log("its job run is over and " + tools.costs().after(used)));
  }
}
