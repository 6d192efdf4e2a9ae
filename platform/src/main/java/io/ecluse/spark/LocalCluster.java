package io.ecluse.spark;

import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import java.util.List;
import java.util.Map;

/** Spark on this machine, in a process of its own. */
public final class LocalCluster implements ClusterType {
  @Override
  public String name() {
    return Settings.LOCAL_CLUSTER;
  }

  @Override
  public Shape.Fields shape() {
    return ClusterKeys.of(
        name(), "cores: 1..1024  How many processors it may use; all there are unless said.\n");
  }

  @Override
  public Submission submission(Settings.Cluster cluster) {
    String cores =
        cluster.content().number("cores").map(n -> String.valueOf(n.intValue())).orElse("*");
    return new Submission(
        "local[" + cores + "]",
        Driver.HERE,
        ClusterKeys.conf(cluster, Map.of("spark.ui.port", "0")),
        Map.of(),
        List.of());
  }
}
