package io.ecluse.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Whether files of batches are what was extracted: asked where they are read. */
final class StagedFiles {
  private static final int BUFFER = 1 << 16;

  private StagedFiles() {}

  /**
   * Goes on only with files that are whole.
   *
   * @throws JobException DATA_CORRUPT
   */
  static void require(SparkSession spark, List<Work.File> files) {
    List<Work.File> told = files.stream().filter(f -> !f.sha256().isEmpty()).toList();
    if (told.isEmpty()) {
      return;
    }
    SerializableConfiguration settings =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(told, told.size())
        .map(file -> judged(file, settings.value()))
        .filter(wrong -> !wrong.isEmpty())
        .take(1)
        .forEach(
            wrong -> {
              throw new JobException(JobException.Code.DATA_CORRUPT, wrong);
            });
  }

  private static String judged(Work.File file, Configuration settings)
      throws IOException, NoSuchAlgorithmException {
    Path path = new Path(file.uri());
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(path.getFileSystem(settings).open(path), digest)) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        // the digest sees all of it
      }
    } catch (FileNotFoundException e) {
      return wrong(
          file,
          "it is missing, or this machine of the cluster does not see it (staging.location must be where all of them do)");
    }
    return HexFormat.of().formatHex(digest.digest()).equals(file.sha256())
        ? ""
        : wrong(file, "its checksum is not the %s of the manifest".formatted(file.sha256()));
  }

  private static String wrong(Work.File file, String what) {
    return "The staged file %s is not what was extracted: %s; extract again"
        .formatted(file.uri(), what);
  }
}
