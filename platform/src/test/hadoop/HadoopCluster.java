import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A real YARN and a real HDFS: a resource manager, a node manager, a namenode and a datanode in one
 * process, which ends with whoever started it. Run from its source, on the class path of Hadoop's
 * mini cluster:
 *
 * <pre>
 * java -cp JARS HadoopCluster.java FOLDER MEGABYTES
 * </pre>
 *
 * It writes {@code core-site.xml} and {@code yarn-site.xml} for its clients into {@code
 * FOLDER/conf}, the latter last.
 */
public final class HadoopCluster {
  /** What clients must know; the rest of what a mini cluster says is its own. */
  private static final List<String> CLIENTS =
      List.of(
          "yarn.resourcemanager.address",
          "yarn.resourcemanager.scheduler.address",
          "yarn.resourcemanager.webapp.address",
          "yarn.log-aggregation-enable",
          "yarn.nodemanager.remote-app-log-dir");

  private HadoopCluster() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    YarnConfiguration conf = new YarnConfiguration();
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("data").toString());
    MiniDFSCluster files = new MiniDFSCluster.Builder(conf).numDataNodes(1).format(true).build();
    String root = "hdfs://127.0.0.1:" + files.getNameNodePort();
    conf.set("fs.defaultFS", root);
    settings(folder, arguments[1]).forEach(conf::set);
    MiniYARNCluster yarn = new MiniYARNCluster("yarn", 1, 1, 1);
    yarn.init(conf);
    yarn.start();
    if (!yarn.waitForNodeManagersToConnect(60_000)) {
      throw new IllegalStateException("No node manager");
    }
    Configuration clients = new Configuration(false);
    clients.set("fs.defaultFS", root);
    write(clients, folder.resolve("conf/core-site.xml"));
    Configuration yarns = new Configuration(false);
    for (String key : CLIENTS) {
      yarns.set(key, yarn.getConfig().get(key));
    }
    write(yarns, folder.resolve("conf/yarn-site.xml"));
    while (System.in.read() >= 0) {
      continue;
    }
    Runtime.getRuntime().halt(0);
  }

  private static Map<String, String> settings(Path folder, String megabytes) {
    return Map.ofEntries(
        Map.entry("yarn.nodemanager.resource.memory-mb", megabytes),
        Map.entry("yarn.nodemanager.resource.cpu-vcores", "8"),
        Map.entry("yarn.scheduler.minimum-allocation-mb", "64"),
        Map.entry("yarn.scheduler.maximum-allocation-mb", megabytes),
        Map.entry("yarn.nodemanager.vmem-check-enabled", "false"),
        Map.entry("yarn.nodemanager.delete.debug-delay-sec", "0"),
        Map.entry("yarn.minicluster.yarn.nodemanager.resource.memory-mb", megabytes),
        Map.entry("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100"),
        Map.entry("yarn.resourcemanager.am.max-attempts", "2"),
        Map.entry("yarn.log-aggregation-enable", "true"),
        Map.entry("yarn.nodemanager.remote-app-log-dir", "/logs"),
        Map.entry("yarn.scheduler.capacity.root.queues", "default,narrow"),
        Map.entry("yarn.scheduler.capacity.root.default.capacity", "90"),
        Map.entry("yarn.scheduler.capacity.root.default.maximum-am-resource-percent", "0.9"),
        Map.entry("yarn.scheduler.capacity.root.narrow.capacity", "10"),
        Map.entry("yarn.scheduler.capacity.root.narrow.maximum-capacity", "10"),
        Map.entry("yarn.scheduler.capacity.root.narrow.maximum-am-resource-percent", "0.1"),
        Map.entry("yarn.nodemanager.localizer.cache.target-size-mb", "4096"));
  }

  private static void write(Configuration conf, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    try (OutputStream out = Files.newOutputStream(draft)) {
      conf.writeXml(out);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
