package io.ecluse.spark;

import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import io.ecluse.project.SourceCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Spark's own kind of cluster: a master, and workers. The driver is on this machine. */
public final class StandaloneCluster implements ClusterType {
  private static final String MASTER = "master";
  private static final String URL = "spark://[^\\s/@:]+:[0-9]{1,5}(,[^\\s/@:]+:[0-9]{1,5})*";

  @Override
  public String name() {
    return "standalone";
  }

  @Override
  public Shape.Fields shape() {
    return ClusterKeys.of(
        name(),
        """
        master!: words  URL of the master, as it stands on its page: spark://host:7077; several as spark://a:7077,b:7077.
        cores: 1..100000  How many of its cores to use, all together; all there are unless said.
        executor_memory: size  Memory of an executor; 1GB unless said.
        """);
  }

  @Override
  public void check(SourceCheck cluster) {
    cluster
        .content()
        .text(MASTER)
        .filter(url -> !url.text().matches(URL))
        .ifPresent(
            url ->
                cluster.error(
                    url.at(),
                    "The master of a standalone cluster is spark://HOST:PORT, but got '%s'"
                        .formatted(url.text()),
                    "take it from the page of the master"));
  }

  @Override
  public Submission submission(Settings.Cluster cluster) {
    Map<String, String> conf = new LinkedHashMap<>(Map.of("spark.ui.port", "0"));
    cluster
        .content()
        .number("cores")
        .ifPresent(n -> conf.put("spark.cores.max", String.valueOf(n.intValue())));
    cluster
        .content()
        .bytes("executor_memory")
        .ifPresent(b -> conf.put("spark.executor.memory", ClusterKeys.megabytes(b)));
    return new Submission(
        cluster.content().text(MASTER, ""),
        Driver.HERE,
        ClusterKeys.conf(cluster, conf),
        Map.of(),
        List.of());
  }
}
