package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.spark.RemoteApplications.Application;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application on EMR, from the making of its cluster to its end. What it can be found again by
 * is told as soon as it is known; as long as nothing is told, by its name, which its cluster has.
 */
final class EmrSession implements Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(EmrSession.class);

  /** How often who starts it says that it is alive. */
  private static final Duration BEAT = Duration.ofSeconds(10);

  /** The name of a pass among a driver's files. */
  private static final String PASS_FILE = "ecluse-job-token";

  private final Tools tools;
  private final EmrEntry entry;
  private final ClusterName name;
  private final Consumer<String> called;
  private volatile boolean unwanted;
  private volatile boolean left;
  private Optional<EmrHandle> starting = Optional.empty();
  private Optional<String> pass = Optional.empty();
  private Optional<EcluseException> gone = Optional.empty();

  /** What a session works with. */
  record Tools(Emr emr, EmrFiles files, Costs costs) {}

  /**
   * @param name of the application, and of a cluster that is made for it
   * @param called is told what it can be found again by: cluster, step and pass
   */
  EmrSession(Tools tools, EmrEntry entry, ClusterName name, Consumer<String> called) {
    this.tools = tools;
    this.entry = entry;
    this.name = name;
    this.called = called;
  }

  synchronized Optional<EcluseException> gone() {
    return gone;
  }

  private synchronized void gone(EcluseException why) {
    gone = gone.or(() -> Optional.of(why));
  }

  /** Nobody wants it any more. */
  void end() {
    unwanted = true;
  }

  /** This process goes away; the application stays for the next. */
  void leave() {
    left = true;
  }

  @Override
  public boolean isCancelled() {
    beat();
    return unwanted;
  }

  /** Says what is known of it, and that somebody is at it. */
  private synchronized void starting(Optional<String> cluster) {
    EmrHandle handle = EmrHandle.starting(cluster, Instant.now());
    starting = Optional.of(handle);
    called.accept(handle.text());
  }

  private synchronized void beat() {
    Instant now = Instant.now();
    if (starting.filter(s -> !s.isFresh(now, BEAT)).isPresent()) {
      starting(starting.get().cluster());
    }
  }

  private synchronized void started(String cluster, String step) {
    starting = Optional.empty();
    called.accept(EmrHandle.started(cluster, step, pass.orElseThrow()).text());
  }

  @Override
  public void log(String line) {
    LOG.info("Application {} on cluster {}: {}", name.key(), entry.cluster().name(), line);
  }

  /** It has asked for work: its pass was read, and is taken away. */
  void atWork() {
    Optional<String> read = taken();
    read.ifPresent(tools.files()::take);
  }

  private synchronized Optional<String> taken() {
    Optional<String> read = pass;
    pass = Optional.empty();
    return read;
  }

  private synchronized void pass(String left) {
    pass = Optional.of(left);
  }

  /** Starts it, and sees it to its end. */
  void start(Application application) {
    Optional<String> cluster = Optional.empty();
    try {
      starting(Optional.empty());
      cluster = Optional.of(entry.clusterId().orElseGet(this::make));
      starting(cluster);
      tools.emr().clusters().awaitReady(cluster.get(), this);
      Step step = step(cluster.get(), application);
      String id = tools.emr().steps().add(cluster.get(), step, Asked.FOR_THE_FIRST_TIME);
      started(cluster.get(), id);
      watch(cluster.get(), id);
    } catch (EcluseException e) {
      gone(e);
    } finally {
      tidy(cluster);
    }
  }

  private String make() {
    ClusterPlan plan = entry.plan();
    if (entry.sparkHome().isEmpty()) {
      tools.emr().releases().require(plan.release());
    }
    log("a cluster of %s is made, which %s".formatted(plan.release(), tools.costs().before(plan)));
    return tools.emr().clusters().open(plan, name, Asked.FOR_THE_FIRST_TIME);
  }

  /** Takes up what another process has started, and sees it to its end. */
  void takeUp(Optional<EmrHandle> handle) {
    Optional<String> cluster = handle.flatMap(EmrHandle::cluster);
    try {
      if (cluster.isEmpty() && entry.clusterId().isEmpty()) {
        cluster = tools.emr().clusters().find(name);
      }
      EmrHandle.Work work =
          handle
              .flatMap(EmrHandle::work)
              .orElseThrow( // its secret died with the process that had it
                  () ->
                      new EcluseException(
                          ErrorCode.CLUSTER_LOST,
                          "Application %s was being started on EMR by a process that is gone"
                              .formatted(name.key())));
      pass(work.pass());
      watch(cluster.orElseThrow(), work.step());
    } catch (EcluseException e) {
      gone(e);
    } finally {
      tidy(cluster);
    }
  }

  private void watch(String cluster, String step) {
    StepEnd end = tools.emr().steps().watch(cluster, step, this);
    try {
      end.require();
      gone(
          new EcluseException(
              ErrorCode.CLUSTER_LOST,
              "Application %s on EMR has ended by itself, as it does when it has had no work for a while"
                  .formatted(name.key())));
    } catch (EcluseException e) {
      gone(e);
    }
  }

  /** Leaves nothing behind, whatever happened; what fails here the sweep does later. */
  private void tidy(Optional<String> cluster) {
    if (left) {
      return; // the next process takes it up
    }
    try {
      atWork();
      if (entry.clusterId().isEmpty() && cluster.isPresent()) {
        tools.emr().clusters().end(cluster.get());
        log(
            "its cluster %s is ended and %s"
                .formatted(
                    cluster.get(),
                    tools.costs().after(tools.emr().clusters().machines(cluster.get()))));
      }
    } catch (EcluseException e) {
      LOG.warn(
          "What application {} has left on EMR could not be taken away, which the sweep will do: {}",
          name.key(),
          e.getMessage());
    }
  }

  /** How the application is submitted, on the cluster. Everybody may read it: no secret in it. */
  private Step step(String cluster, Application application) {
    if (entry.clusterId().isPresent() && entry.sparkHome().isEmpty()) {
      tools.emr().clusters().requireSpark(cluster);
    }
    String jar = tools.files().jar(application.jars().application());
    String iceberg = tools.files().jar(application.jars().iceberg());
    String left = tools.files().passName();
    pass(left);
    String secret = tools.files().leave(left, application.token());
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
