package io.ecluse.emr;

import io.ecluse.spark.RemoteApplications.Application;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** An application as a step of a cluster, which may be made for it and ends with it then. */
final class StepSession extends EmrSession {
  /** The name of a pass among a driver's files. */
  private static final String PASS_FILE = "ecluse-job-token";

  private final Tools tools;
  private final EmrEntry entry;
  private final ClusterName name;

  /** What a session works with. */
  record Tools(Emr emr, EmrFiles files, Costs costs) {}

  /**
   * @param name of the application, and of a cluster that is made for it
   * @param called is told what it can be found again by: cluster, step and pass
   */
  StepSession(Tools tools, EmrEntry entry, ClusterName name, Consumer<String> called) {
    super(entry.cluster(), tools.files(), name.key(), called);
    this.tools = tools;
    this.entry = entry;
    this.name = name;
  }

  @Override
  String open() {
    return entry.clusterId().orElseGet(this::make);
  }

  private String make() {
    ClusterPlan plan = entry.plan();
    if (entry.sparkHome().isEmpty()) {
      tools.emr().releases().require(plan.release());
    }
    log("a cluster of %s is made, which %s".formatted(plan.release(), tools.costs().before(plan)));
    return tools.emr().clusters().open(plan, name, Asked.FOR_THE_FIRST_TIME);
  }

  @Override
  void awaitReady(String cluster) {
    tools.emr().clusters().awaitReady(cluster, this);
  }

  @Override
  String submit(String cluster, Application application) {
    return tools.emr().steps().add(cluster, step(cluster, application), Asked.FOR_THE_FIRST_TIME);
  }

  /** Its step never was without an id that is kept: its secret died with that process. */
  @Override
  EmrHandle found(Optional<String> cluster) {
    boolean made = cluster.isEmpty() && entry.clusterId().isEmpty();
    return EmrHandle.starting(made ? tools.emr().clusters().find(name) : cluster, Instant.now());
  }

  @Override
  StepEnd watch(String cluster, String step) {
    return tools.emr().steps().watch(cluster, step, this);
  }

  @Override
  void tidy(String cluster, Optional<String> step) {
    if (entry.clusterId().isEmpty()) {
      tools.emr().clusters().end(cluster);
      log(
          "its cluster %s is ended and %s"
              .formatted(cluster, tools.costs().after(tools.emr().clusters().machines(cluster))));
    }
  }

  /** How the application is submitted, on the cluster. Everybody may read it: no secret in it. */
  private Step step(String cluster, Application application) {
    if (entry.clusterId().isPresent() && entry.sparkHome().isEmpty()) {
      tools.emr().clusters().requireSpark(cluster);
    }
    String jar = tools.files().jar(application.jars().application());
    String iceberg = tools.files().jar(application.jars().iceberg());
    String secret = leave(application);
    List<String> arguments = new ArrayList<>();
    entry
        .sparkHome()
        .ifPresentOrElse(
            home ->
                arguments.addAll(
                    List.of(
                        "env",
                        "HADOOP_CONF_DIR=/etc/hadoop/conf",
                        "SPARK_HOME=" + home,
                        home + "/bin/spark-submit")),
            () -> arguments.add("spark-submit"));
    arguments.addAll(List.of("--master", "yarn", "--deploy-mode", "cluster"));
    new TreeMap<>(application.conf())
        .forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.addAll(
        List.of(
            "--conf",
            "spark.app.name=ecluse " + application.name(),
            "--conf",
            "spark.yarn.appMasterEnv.ECLUSE_JOB_TOKEN_FILE=" + PASS_FILE,
            // a driver that is begun anew would ask by a name that has ended
            "--conf",
            "spark.yarn.maxAppAttempts=1",
            "--files",
            secret + "#" + PASS_FILE));
    arguments.addAll(List.of("--jars", iceberg, "--class", Application.MAIN, jar));
    arguments.addAll(List.of("--door", application.door(), "--session", application.name()));
    arguments.addAll(
        List.of(
            "--idle",
            String.valueOf(application.pace().idle().toSeconds()),
            "--at-once",
            String.valueOf(application.pace().parallel())));
    return new Step("ecluse " + application.name(), arguments);
  }
}
