package io.ecluse.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code spark-sql} does, plainly: queries over tables of Iceberg, by their metadata files,
 * one after the other, as they are asked for. Each line of the input is the file of a query; for
 * each there is a line {@code run MILLISECONDS CPU-MILLISECONDS ROWS}.
 */
public final class SqlPeer {
  private static final String CATALOG = "spark.sql.catalog.plain";

  private SqlPeer() {}

  /**
   * @param arguments a folder for Spark, partitions of shuffles, then tables: name and file of its
   *     metadata, in turns
   */
  public static void main(String[] arguments) throws IOException {
    String scratch = arguments[0];
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.local.dir", scratch)
            .config("spark.sql.warehouse.dir", scratch + "/spark-warehouse")
            .config("spark.sql.catalogImplementation", "in-memory")
            .config("spark.sql.shuffle.partitions", arguments[1])
            .config(
                "spark.sql.extensions",
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
            .config(CATALOG, "org.apache.iceberg.spark.SparkCatalog")
            .config(CATALOG + ".catalog-impl", FixedCatalog.class.getName())
            .config("spark.sql.defaultCatalog", "plain");
    for (int i = 2; i < arguments.length; i += 2) {
      builder.config(CATALOG + "." + arguments[i], arguments[i + 1]);
    }
    try (SparkSession spark = builder.getOrCreate()) {
      System.out.println("ready");
      serve(spark);
    }
  }

  private static void serve(SparkSession spark) throws IOException {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String file = asked.readLine(); file != null; file = asked.readLine()) {
      String sql = Files.readString(Path.of(file));
      long cpu = system.getProcessCpuTime();
      long begin = System.nanoTime();
      List<Row> rows = Arrays.asList((Row[]) spark.sql(sql).collect());
      System.out.printf(
          "run %d %d %d%n",
          (System.nanoTime() - begin) / 1_000_000,
          (system.getProcessCpuTime() - cpu) / 1_000_000,
          rows.size());
    }
  }
}
