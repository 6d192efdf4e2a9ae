package io.ecluse.yarn;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.HAUtil;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * A cluster of YARN, as its configuration describes it. One client of it stays open from the first
 * question on. Safe for use by several threads.
 */
final class Yarn implements AutoCloseable {
  private static final List<String> FILES =
      List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml");
  private static final int PATIENCE = 5_000;

  private final String name;
  private final YarnConfiguration conf;
  private Optional<YarnClient> client = Optional.empty();

  private Yarn(String name, YarnConfiguration conf) {
    this.name = name;
    this.conf = conf;
  }

  /** What is asked of YARN. */
  interface Call<T> {
    T of(YarnClient client) throws IOException, YarnException;
  }

  static Yarn of(Settings.Cluster cluster) {
    Path folder = Path.of(cluster.content().text("hadoop_conf_dir", "")).toAbsolutePath();
    YarnConfiguration conf = new YarnConfiguration();
    List<Path> files = FILES.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
    if (files.stream().noneMatch(f -> f.endsWith("yarn-site.xml"))) {
      throw ErrorCode.INVALID_PROJECT.error(
          "hadoop_conf_dir of cluster %s must be a folder with the cluster's yarn-site.xml, but there is none in %s"
              .formatted(cluster.name(), folder));
    }
    files.forEach(f -> conf.addResource(new org.apache.hadoop.fs.Path(f.toUri())));
    // Hadoop's own patience is a quarter of an hour
    conf.set("ipc.client.connect.max.retries", "1");
    conf.set("ipc.client.connect.max.retries.on.timeouts", "0");
    conf.set("ipc.client.connect.timeout", String.valueOf(PATIENCE));
    conf.set("ipc.client.rpc-timeout.ms", "20000");
    conf.set(YarnConfiguration.RESOURCEMANAGER_CONNECT_MAX_WAIT_MS, String.valueOf(PATIENCE));
    conf.set(YarnConfiguration.RESOURCEMANAGER_CONNECT_RETRY_INTERVAL_MS, "1000");
    conf.set(YarnConfiguration.CLIENT_FAILOVER_MAX_ATTEMPTS, "3");
    conf.set(YarnConfiguration.TIMELINE_SERVICE_ENABLED, "false");
    return new Yarn(cluster.name(), conf);
  }

  String name() {
    return name;
  }

  Configuration configuration() {
    return conf;
  }

  /** Requires that a resource manager is there at all. */
  void reach() {
    String trouble = "";
    List<InetSocketAddress> places = managers();
    for (InetSocketAddress place : places) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(place.getHostString(), place.getPort()), PATIENCE);
        return;
      } catch (IOException e) {
        trouble = String.valueOf(e.getMessage());
      }
    }
    throw unreachable(places + ": " + trouble);
  }

  private List<InetSocketAddress> managers() {
    List<InetSocketAddress> places = new ArrayList<>();
    if (HAUtil.isHAEnabled(conf)) {
      for (String id : HAUtil.getRMHAIds(conf)) {
        YarnConfiguration one = new YarnConfiguration(conf);
        one.set(YarnConfiguration.RM_HA_ID, id);
        places.add(address(one));
      }
      return places;
    }
    return List.of(address(conf));
  }

  private static InetSocketAddress address(YarnConfiguration conf) {
    return conf.getSocketAddr(
        YarnConfiguration.RM_ADDRESS,
        YarnConfiguration.DEFAULT_RM_ADDRESS,
        YarnConfiguration.DEFAULT_RM_PORT);
  }

  private EcluseException unreachable(String trouble) {
    return ErrorCode.CLUSTER_UNREACHABLE.error(
        "The resource manager of cluster %s does not answer at %s; start it, or mend hadoop_conf_dir in clusters.%s of ecluse.yaml"
            .formatted(name, trouble, name));
  }

  /**
   * Asks YARN.
   *
   * @throws EcluseException CLUSTER_UNREACHABLE, CLUSTER_REFUSED
   */
  synchronized <T> T ask(Call<T> call) {
    try {
      return call.of(client());
    } catch (YarnException e) {
      throw ErrorCode.CLUSTER_REFUSED.error(
          "YARN of cluster %s refuses what is asked of it: %s; look at who may use it"
              .formatted(name, firstLine(e)),
          e);
    } catch (IOException e) {
      close();
      throw unreachable(managers() + ": " + firstLine(e));
    }
  }

  private YarnClient client() {
    if (client.isEmpty()) {
      YarnClient opened = YarnClient.createYarnClient();
      opened.init(conf);
      opened.start();
      client = Optional.of(opened);
    }
    return client.get();
  }

  /** May be asked again: that opens another client. */
  @Override
  public synchronized void close() {
    client.ifPresent(YarnClient::stop);
    client = Optional.empty();
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
