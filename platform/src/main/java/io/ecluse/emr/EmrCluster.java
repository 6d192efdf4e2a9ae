package io.ecluse.emr;

import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import io.ecluse.project.SourceCheck;
import io.ecluse.project.Value;
import io.ecluse.spark.ClusterKeys;
import io.ecluse.spark.ClusterType;
import io.ecluse.spark.RemoteApplications;
import io.ecluse.spark.RemoteSessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Amazon EMR: a cluster that is there, or one that is made for its work. */
public final class EmrCluster implements ClusterType {
  static final String TYPE = "emr";

  private final EmrPace pace;

  public EmrCluster() {
    this(EmrPace.USUAL);
  }

  /**
   * @param pace how often EMR is asked
   */
  EmrCluster(EmrPace pace) {
    this.pace = pace;
  }

  @Override
  public String name() {
    return TYPE;
  }

  @Override
  public Shape.Fields shape() {
    return ClusterKeys.of(name(), EmrEntry.KEYS);
  }

  @Override
  public void check(SourceCheck cluster) {
    Value.Entries content = cluster.content();
    if (content.has(EmrEntry.CLUSTER_ID) == content.has(EmrEntry.TRANSIENT)) {
      cluster.error(
          content.keyAt(content.has(EmrEntry.TRANSIENT) ? EmrEntry.TRANSIENT : "type"),
          "A cluster of type emr is either there (cluster_id) or made (transient)",
          "say one of the two");
    }
    EmrChecks.common(cluster);
    checkPlan(cluster, content.entries(EmrEntry.TRANSIENT));
  }

  private static void checkPlan(SourceCheck cluster, Value.Entries plan) {
    plan.text(EmrEntry.RELEASE)
        .filter(r -> !r.text().matches("emr-[a-z0-9.-]+"))
        .ifPresent(
            r ->
                cluster.error(
                    r.at(),
                    "A release of EMR is called as emr-7.13.0, but got '%s'".formatted(r.text())));
    plan.text(EmrEntry.RELEASE)
        .filter(r -> !cluster.content().has(EmrEntry.SPARK_HOME))
        .ifPresent(
            r ->
                Releases.listed(r.text())
                    .filter(version -> !Releases.fits(version))
                    .ifPresent(
                        version ->
                            cluster.error(
                                r.at(), Releases.unfit(r.text(), version), Releases.ADVICE)));
    if (plan.has(EmrEntry.MAIN_GROUP) != plan.has(EmrEntry.WORKERS_GROUP)) {
      cluster.error(
          plan.keyAt(plan.has(EmrEntry.MAIN_GROUP) ? EmrEntry.MAIN_GROUP : EmrEntry.WORKERS_GROUP),
          "EMR takes security groups for all machines of a cluster, or makes its own",
          "say both main_group and workers_group");
    }
    Duration left = plan.duration("left", Duration.ofMinutes(1));
    if (left.compareTo(Duration.ofMinutes(1)) < 0 || left.compareTo(Duration.ofDays(7)) > 0) {
      cluster.error(plan.keyAt("left"), "EMR takes 1m to 7d for left");
    }
  }

  @Override
  public Submission submission(Settings.Cluster cluster) {
    return new Submission(
        "yarn",
        Driver.ON_THE_CLUSTER,
        ClusterKeys.conf(cluster, new EmrEntry(cluster).conf()),
        Map.of(),
        List.of());
  }

  @Override
  public boolean takesTools() {
    return false;
  }

  @Override
  public Optional<RemoteApplications> remote(RemoteApplications.Surroundings around) {
    return Optional.of(new RemoteSessions(new StepService(around, pace)));
  }
}
