package io.ecluse.spark;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import io.ecluse.project.SourceCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Spark's own kind of cluster: a master, and workers. The driver is on this machine. */
public final class StandaloneCluster implements ClusterType {
  private static final String MASTER = "master";
  private static final String SCHEME = "spark://";
  private static final int PATIENCE = 5_000;
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
  public void reach(Settings.Cluster cluster) {
    String master = cluster.content().text(MASTER, "");
    String trouble = "";
    for (String place : master.substring(SCHEME.length()).split(",", -1)) {
      int colon = place.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(
                place.substring(0, colon), Integer.parseInt(place.substring(colon + 1))),
            PATIENCE);
        return;
      } catch (IOException e) {
        trouble = String.valueOf(e.getMessage());
      }
    }
    throw ErrorCode.CLUSTER_UNREACHABLE.error(
        "The master of cluster %s does not answer at %s: %s; start it, or mend master in clusters.%s of ecluse.yaml"
            .formatted(cluster.name(), master, trouble, cluster.name()));
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
