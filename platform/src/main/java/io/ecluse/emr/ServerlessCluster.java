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

/** Amazon EMR Serverless: an application that is there, which has machines while there is work. */
public final class ServerlessCluster implements ClusterType {
  private final EmrPace pace;

  public ServerlessCluster() {
    this(EmrPace.USUAL);
  }

  /**
   * @param pace how often EMR is asked
   */
  ServerlessCluster(EmrPace pace) {
    this.pace = pace;
  }

  @Override
  public String name() {
    return "emr_serverless";
  }

  @Override
  public Shape.Fields shape() {
    return ClusterKeys.of(name(), ServerlessEntry.KEYS);
  }

  @Override
  public void check(SourceCheck cluster) {
    EmrChecks.common(cluster);
    Value.Entries content = cluster.content();
    content
        .text(ServerlessEntry.APPLICATION)
        .filter(id -> !id.text().matches("[0-9a-z]{1,64}"))
        .ifPresent(
            id ->
                cluster.error(
                    id.at(),
                    "An application of EMR Serverless has an id as 00fkht2eodujab09, but got '%s'"
                        .formatted(id.text()),
                    "take the id, and not the name, from its page"));
    content
        .text(ServerlessEntry.ROLE)
        .filter(role -> !role.text().matches("arn:aws[a-zA-Z0-9-]*:iam::[0-9]{12}:role/\\S+"))
        .ifPresent(
            role ->
                cluster.error(
                    role.at(),
                    "A role is named as arn:aws:iam::123456789012:role/Jobs, but got '%s'"
                        .formatted(role.text())));
    Duration longest = content.duration(ServerlessEntry.LONGEST, Duration.ofHours(1));
    if (longest.compareTo(Duration.ofMinutes(1)) < 0
        || longest.compareTo(Duration.ofMinutes(1_000_000)) > 0) {
      cluster.error(content.keyAt(ServerlessEntry.LONGEST), "EMR takes 1m to 1000000m for longest");
    }
  }

  @Override
  public Submission submission(Settings.Cluster cluster) {
    return new Submission(
        "yarn",
        Driver.ON_THE_CLUSTER,
        ClusterKeys.conf(cluster, new ServerlessEntry(cluster).conf()),
        Map.of(),
        List.of());
  }

  @Override
  public boolean takesTools() {
    return false;
  }

  @Override
  public Optional<RemoteApplications> remote(RemoteApplications.Surroundings around) {
    return Optional.of(new RemoteSessions(new ServerlessService(around, pace)));
  }
}
