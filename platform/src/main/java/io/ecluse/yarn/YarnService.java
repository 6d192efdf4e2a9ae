package io.ecluse.yarn;

import io.ecluse.project.Settings;
import io.ecluse.spark.ClusterKeys;
import io.ecluse.spark.RemoteSession;
import io.ecluse.spark.RemoteSessions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;

/**
 * Applications whose drivers are machines of YARN. Each is submitted with two words: of whom it is,
 * and its own name, which is known before it is submitted; whoever comes later finds it by that.
 */
final class YarnService implements RemoteSessions.Service {
  private static final Set<YarnApplicationState> ALIVE =
      EnumSet.complementOf(
          EnumSet.of(
              YarnApplicationState.FINISHED,
              YarnApplicationState.FAILED,
              YarnApplicationState.KILLED));

  private final String owner;

  /**
   * @param owner the installation and environment, unlike all others
   */
  YarnService(String owner) {
    this.owner = "ecluse-" + SparkArchive.hash(owner).substring(0, 24);
  }

  /** By what an application is found again. */
  static String tag(String name) {
    return "ecluse-" + name.toLowerCase(Locale.ROOT);
  }

  /** What YARN has of a word; those that have ended only if all are asked for. */
  static Stream<ApplicationReport> tagged(Yarn yarn, String tag) {
    GetApplicationsRequest request = GetApplicationsRequest.newInstance();
    request.setApplicationTags(Set.of(tag));
    return yarn.ask(client -> client.getApplications(request)).stream();
  }

  @Override
  public RemoteSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
    return new YarnSession(
        Yarn.of(cluster), new YarnSession.Words(owner, name), ClusterKeys.room(cluster), called);
  }

  @Override
  public Optional<Duration> silence() {
    return Optional.empty();
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    try (Yarn yarn = Yarn.of(cluster)) {
      List<ApplicationReport> ours =
          tagged(yarn, owner).filter(a -> ALIVE.contains(a.getYarnApplicationState())).toList();
      Set<String> known = ours.isEmpty() ? Set.of() : live.get();
      ours.stream()
          .filter(
              each ->
                  known.stream()
                      .map(YarnService::tag)
                      .noneMatch(each.getApplicationTags()::contains))
          .forEach(each -> kill(yarn, each));
    }
  }

  static void kill(Yarn yarn, ApplicationReport application) {
    yarn.ask(
        client -> {
          client.killApplication(application.getApplicationId());
          return application;
        });
  }
}
