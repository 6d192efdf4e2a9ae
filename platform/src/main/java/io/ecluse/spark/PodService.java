package io.ecluse.spark;

import io.ecluse.project.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Applications whose drivers are pods. */
final class PodService implements RemoteSessions.Service {
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final RemoteApplications.Surroundings around;
  private final Duration look;

  /**
   * @param look how often pods are looked at
   */
  PodService(RemoteApplications.Surroundings around, Duration look) {
    this.around = around;
    this.look = look;
  }

  private KubeEntry entry(Settings.Cluster cluster) {
    return new KubeEntry(cluster, around.project());
  }

  @Override
  public RemoteSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
    return new PodSession(entry(cluster), PodName.of(around.owner(), name), called, look);
  }

  @Override
  public Optional<Duration> silence() {
    return Optional.of(SILENCE);
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    KubeApi api = new KubeApi(entry(cluster));
    String label = PodName.OWNER + "=" + PodName.of(around.owner(), "").owner();
    for (String kind : new String[] {PodSession.PODS, PodSession.SECRETS}) {
      var found = api.list(kind, label);
      Set<String> known = live.get();
      found.stream()
          .map(object -> object.path("metadata"))
          .filter(m -> !known.contains(m.path("labels").path(PodName.APPLICATION).asString("")))
          .filter(m -> !m.path("labels").path("spark-role").asString("").equals("executor"))
          .forEach(m -> api.delete(kind, m.path("name").asString("")));
    }
  }
}
