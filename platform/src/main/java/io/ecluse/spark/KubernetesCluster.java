package io.ecluse.spark;

import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import io.ecluse.project.SourceCheck;
import io.ecluse.project.Value;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster of Kubernetes: driver and executors are pods. */
public final class KubernetesCluster implements ClusterType {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final String URL = "k8s://https?://[^\\s/@:]+(:[0-9]{1,5})?/?";
  private static final String NAME = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  private final Duration look;

  public KubernetesCluster() {
    this(LOOK);
  }

  /**
   * @param look how often pods are looked at
   */
  KubernetesCluster(Duration look) {
    this.look = look;
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public Shape.Fields shape() {
    return ClusterKeys.of(name(), KubeEntry.KEYS);
  }

  @Override
  public void check(SourceCheck cluster) {
    Value.Entries content = cluster.content();
    Optional<Value.Text> master = content.text(KubeEntry.MASTER);
    Optional<Value.Text> wrong = master.filter(url -> !url.text().matches(URL));
    wrong.ifPresent(
        url ->
            cluster.error(
                url.at(),
                "The master of a cluster of Kubernetes is k8s://https://HOST:PORT, but got '%s'"
                    .formatted(url.text()),
                "kubectl cluster-info tells it"));
    name(cluster, "namespace");
    name(cluster, "service_account");
    if (wrong.isEmpty() && !master.map(m -> isHere(host(m.text()))).orElse(true)) {
      content
          .text("address")
          .filter(address -> isHere(address.text()))
          .ifPresent(
              address ->
                  cluster.error(
                      address.at(),
                      "Pods do not reach this machine at %s, which is each of them itself"
                          .formatted(address.text()),
                      "say the name or address that this machine has for them"));
    }
    Value.Entries conf = content.entries("conf");
    conf.values().keySet().stream()
        .filter(
            key -> key.startsWith("spark.kubernetes.authenticate.") && key.endsWith("oauthToken"))
        .forEach(
            key ->
                cluster.error(
                    conf.keyAt(key),
                    "'%s' is a secret, which files of the project do not have".formatted(key),
                    "name a file with the token as token_file"));
  }

  private static void name(SourceCheck cluster, String key) {
    cluster
        .content()
        .text(key)
        .filter(name -> !name.text().matches(NAME))
        .ifPresent(
            name ->
                cluster.error(
                    name.at(),
                    "A name of Kubernetes has small letters, digits and dashes, but got '%s'"
                        .formatted(name.text())));
  }

  private static String host(String master) {
    return String.valueOf(URI.create(master.substring(KubeEntry.SCHEME.length())).getHost());
  }

  private static boolean isHere(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  @Override
  public Submission submission(Settings.Cluster cluster) {
    return new Submission(
        cluster.content().text(KubeEntry.MASTER, ""),
        Driver.ON_THE_CLUSTER,
        ClusterKeys.conf(cluster, new KubeEntry(cluster, Path.of("")).conf()),
        Map.of(),
        List.of(SparkDistribution.KUBERNETES));
  }

  /** A driver on this machine would have to be reached from pods, which is another matter. */
  @Override
  public boolean takesTools() {
    return false;
  }

  @Override
  public Optional<RemoteApplications> remote(RemoteApplications.Surroundings around) {
    return Optional.of(new RemoteSessions(new PodService(around, look)));
  }
}
