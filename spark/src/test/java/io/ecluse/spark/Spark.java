package io.ecluse.spark;

import java.nio.file.Path;
import org.apache.spark.sql.classic.SparkSession;

/** A Spark within this process, as small as it gets. */
final class Spark {
  private Spark() {}

  /** Opens it; the caller closes it. */
  static SparkSession local(Path folder) {
    SparkSession.Builder builder = SparkSession.builder();
    Sparks.SETTINGS.forEach(builder::config);
    return builder
        .master("local[2]")
        .appName("ecluse-test")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.catalogImplementation", "in-memory")
        .config("spark.sql.warehouse.dir", folder.resolve("spark-warehouse").toString())
        .config("spark.local.dir", folder.resolve("spark-local").toString())
        .getOrCreate();
  }
}
