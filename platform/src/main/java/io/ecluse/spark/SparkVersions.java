package io.ecluse.spark;

/**
 * The versions that fit each other: of Spark, of Iceberg's runtime for it, of Scala, and of the
 * Java that all run with. A distribution of one's own must be of the same line.
 */
public final class SparkVersions {
  /** Spark, as it is fetched. */
  static final String SPARK = "4.1.1";

  /** What the version of any other distribution begins with. */
  public static final String LINE = "4.1.";

  static final String SCALA = "2.13";

  /** Iceberg's runtime for this line of Spark. */
  static final String RUNTIME = "iceberg-spark-runtime-4.1_2.13-";

  /** What Iceberg's runtime needs besides for tables on S3: Amazon's SDK, for the same Iceberg. */
  static final String FOR_S3 = "iceberg-aws-bundle-";

  private SparkVersions() {}
}
