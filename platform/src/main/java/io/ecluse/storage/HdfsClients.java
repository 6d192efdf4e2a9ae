package io.ecluse.storage;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** Clients of HDFS. */
final class HdfsClients {
  private static final List<String> FILES = List.of("core-site.xml", "hdfs-site.xml");

  private HdfsClients() {}

  static DistributedFileSystem open(URI server, StorageSettings.Hdfs settings) throws IOException {
    Configuration configuration = new Configuration();
    settings.config().ifPresent(folder -> add(configuration, folder));
    // Hadoop's own patience is a quarter of an hour; we try again ourselves
    unlessSaid(configuration, "ipc.client.connect.max.retries", "0");
    unlessSaid(configuration, "ipc.client.connect.max.retries.on.timeouts", "0");
    unlessSaid(configuration, "ipc.client.connect.timeout", "5000");
    unlessSaid(configuration, "ipc.client.rpc-timeout.ms", "30000");
    unlessSaid(configuration, "dfs.client.retry.window.base", "300");
    // a file is whole a moment after its last byte has arrived: asked at once, and not after 400 ms
    unlessSaid(configuration, "dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
    unlessSaid(configuration, "dfs.client.block.write.locateFollowingBlock.retries", "12");
    configuration.set("dfs.checksum.type", "CRC32C");
    configuration.set("dfs.checksum.combine.mode", "COMPOSITE_CRC");
    try {
      FileSystem opened =
          settings.user().isPresent()
              ? as(settings.user().get(), server, configuration)
              : FileSystem.newInstance(server, configuration);
      return (DistributedFileSystem) opened;
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw e;
    }
  }

  private static FileSystem as(String user, URI server, Configuration configuration)
      throws IOException {
    try {
      return FileSystem.newInstance(server, configuration, user);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static void add(Configuration configuration, java.nio.file.Path folder) {
    List<java.nio.file.Path> there =
        FILES.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
    if (there.isEmpty()) {
      throw ErrorCode.INVALID_PROJECT.error(
          "hdfs.config must be a folder with core-site.xml or hdfs-site.xml, but %s has neither"
              .formatted(folder));
    }
    there.forEach(f -> configuration.addResource(new Path(f.toUri())));
  }

  private static void unlessSaid(Configuration configuration, String key, String value) {
    String[] sources = configuration.getPropertySources(key);
    boolean said =
        sources != null && Arrays.stream(sources).anyMatch(s -> !s.endsWith("-default.xml"));
    if (!said) {
      configuration.set(key, value);
    }
  }
}
