package io.ecluse.yarn;

import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import io.ecluse.project.Value;
import io.ecluse.spark.ClusterKeys;
import io.ecluse.spark.ClusterType;
import io.ecluse.spark.RemoteApplications;
import io.ecluse.spark.RemoteSessions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hadoop's YARN. The driver is on this machine, or on one of the cluster. */
public final class YarnCluster implements ClusterType {
  @Override
  public String name() {
    return "yarn";
  }

  @Override
  public Shape.Fields shape() {
    return ClusterKeys.of(
        name(),
        """
        hadoop_conf_dir!: words  The folder with the cluster's core-site.xml and yarn-site.xml.
        queue: words  The queue that applications wait in; YARN's own default unless said.
        deploy_mode: cluster|client  Where the driver is: on the cluster (cluster), or here (client, the default).
        address: words  By which name or address the cluster's machines reach this one; deploy_mode cluster needs it, unless they are this one.
        executors: 1..100000  How many executors; 2 unless said.
        executor_cores: 1..1024  Processors of an executor; 1 unless said.
        executor_memory: size  Memory of an executor; 1GB unless said.
        """);
  }

  @Override
  public void reach(Settings.Cluster cluster) {
    Yarn.of(cluster).reach();
  }

  @Override
  public Map<String, String> bring(Settings.Cluster cluster, Path spark, List<Path> jars) {
    Map<String, String> own = submission(cluster).conf();
    if (own.containsKey("spark.yarn.archive") || own.containsKey("spark.yarn.jars")) {
      return ClusterType.super.bring(cluster, spark, jars); // they have it already
    }
    Map<String, String> conf = new LinkedHashMap<>();
    conf.put("spark.yarn.archive", new SparkArchive(Yarn.of(cluster)).at(spark, jars));
    if (submission(cluster).driver() == Driver.HERE) {
      conf.put("spark.driver.extraClassPath", ClusterType.joined(jars, ":"));
    }
    return conf;
  }

  @Override
  public Submission submission(Settings.Cluster cluster) {
    Value.Entries content = cluster.content();
    Map<String, String> conf = new LinkedHashMap<>(Map.of("spark.ui.port", "0"));
    content.word("queue").ifPresent(queue -> conf.put("spark.yarn.queue", queue));
    put(conf, content, "executors", "spark.executor.instances");
    put(conf, content, "executor_cores", "spark.executor.cores");
    content
        .bytes("executor_memory")
        .ifPresent(b -> conf.put("spark.executor.memory", ClusterKeys.megabytes(b)));
    boolean far = content.text("deploy_mode", "client").equals("cluster");
    return new Submission(
        "yarn",
        far ? Driver.ON_THE_CLUSTER : Driver.HERE,
        ClusterKeys.conf(cluster, conf),
        Map.of("HADOOP_CONF_DIR", content.text("hadoop_conf_dir", "")),
        List.of("spark-yarn_"));
  }

  @Override
  public Optional<RemoteApplications> remote(RemoteApplications.Surroundings around) {
    return Optional.of(new RemoteSessions(new YarnService(around.owner())));
  }

  private static void put(
      Map<String, String> conf, Value.Entries content, String key, String name) {
    content.number(key).ifPresent(n -> conf.put(name, String.valueOf(n.intValue())));
  }
}
