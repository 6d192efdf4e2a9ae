package io.ecluse.yarn;

import io.ecluse.error.ErrorCode;
import io.ecluse.text.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark, and what goes beside it, as one file on the cluster's own store: brought there once for
 * each set of jars, and from there by YARN once to each machine, which keeps it unpacked. Without
 * it each start would send all of it.
 */
final class SparkArchive {
  private static final Logger LOG = LoggerFactory.getLogger(SparkArchive.class);
  private static final int NAME = 16;

  private final Yarn yarn;

  SparkArchive(Yarn yarn) {
    this.yarn = yarn;
  }

  /**
   * Sees to it that the archive is there; returns where.
   *
   * @param spark a folder with its {@code jars}
   */
  String at(Path spark, List<Path> beside) {
    try (FileSystem store = FileSystem.newInstance(yarn.configuration());
        Stream<Path> own = Files.list(spark.resolve("jars"))) {
      List<Path> jars =
          Stream.concat(own, beside.stream())
              .filter(f -> f.getFileName().toString().endsWith(".jar"))
              .sorted()
              .toList();
      org.apache.hadoop.fs.Path folder =
          new org.apache.hadoop.fs.Path(store.getHomeDirectory(), ".ecluse/spark");
      org.apache.hadoop.fs.Path place =
          new org.apache.hadoop.fs.Path(folder, "spark-" + name(jars) + ".zip");
      if (!store.exists(place)) {
        LOG.info("Bringing Spark to cluster {}, once: {}", yarn.name(), place);
        bring(store, jars, folder, place);
      }
      return place.toString();
    } catch (IOException e) {
      throw ErrorCode.CLUSTER_UNREACHABLE.error(
          "Spark could not be brought to the store of cluster %s: %s; look whether its HDFS runs and lets us write into our home folder, or say in conf where Spark is there already (spark.yarn.jars)"
              .formatted(
                  yarn.name(), String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  /** Whole or not at all; who is second finds that it is there. */
  private static void bring(
      FileSystem store,
      List<Path> jars,
      org.apache.hadoop.fs.Path folder,
      org.apache.hadoop.fs.Path place)
      throws IOException {
    store.mkdirs(folder);
    org.apache.hadoop.fs.Path draft =
        new org.apache.hadoop.fs.Path(folder, "draft-" + UUID.randomUUID());
    try {
      try (OutputStream out = store.create(draft);
          ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.setLevel(Deflater.NO_COMPRESSION);
        for (Path jar : jars) {
          zip.putNextEntry(new ZipEntry(jar.getFileName().toString()));
          Files.copy(jar, zip);
          zip.closeEntry();
        }
      }
      store.rename(draft, place);
    } finally {
      store.delete(draft, false);
    }
  }

  private static String name(List<Path> jars) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path jar : jars) {
      all.append(jar.getFileName()).append(' ').append(Files.size(jar)).append('\n');
    }
    return hash(all.toString()).substring(0, NAME);
  }

  /** A short word for a long one. */
  static String hash(String text) {
    return Sha256.of(text);
  }
}
