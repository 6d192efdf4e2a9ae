package io.ecluse.spark;

import io.ecluse.project.Settings;
import java.util.Map;
import java.util.Optional;

/** Whether the machines of a cluster get at the files of staging. */
final class Reach {
  private static final String SCHEME_END = "://";

  private Reach() {}

  /**
   * What is in the way, and what to do; empty if nothing is known to be.
   *
   * @param staging a folder of this machine, or a URL
   * @param warehouse the same: where it is a folder, every machine of the cluster has that
   */
  static Optional<String> hindrance(Settings.Cluster cluster, String staging, String warehouse) {
    boolean here = cluster.type().equals(Settings.LOCAL_CLUSTER);
    if (!staging.contains(SCHEME_END)) {
      return here || !warehouse.contains(SCHEME_END)
          ? Optional.empty()
          : Optional.of(
              "the batches are in %s of this machine, which cluster %s does not reach; set staging.location to a place where the tables are"
                  .formatted(staging, cluster.name()));
    }
    String scheme = staging.substring(0, staging.indexOf(SCHEME_END));
    String key = "spark.hadoop.fs.%s.impl".formatted(scheme);
    Map<String, String> conf = ClusterKeys.conf(cluster, Map.of());
    return scheme.equals("hdfs") || cluster.type().startsWith("emr") || conf.containsKey(key)
        ? Optional.empty()
        : Optional.of(
            "Spark on cluster %s does not read %s://; name what does under conf: %s"
                .formatted(cluster.name(), scheme, key));
  }
}
