package io.ecluse.spark;

import java.util.Map;
import org.apache.spark.sql.classic.SparkSession;

/** The Spark of an application: one for all its jobs, made when the first needs it. */
final class Sparks {
  /** What cannot be set any more once there is one. */
  static final Map<String, String> SETTINGS = Dialect.settings("application.properties");

  private static final String MASTER = "spark.master";

  private Sparks() {}

  /** Runs in this process if nobody said where to. */
  static void requireMaster() {
    if (System.getProperty(MASTER) == null) {
      System.setProperty(MASTER, "local[*]");
    }
  }

  /**
   * @param name of the application, for those who look at the cluster
   */
  static SparkSession of(String name) {
    requireMaster();
    SparkSession.Builder builder = SparkSession.builder();
    if (System.getProperty("spark.app.name") == null) {
      builder.appName(name);
    }
    SETTINGS.forEach(builder::config);
    return builder.getOrCreate();
  }
}
