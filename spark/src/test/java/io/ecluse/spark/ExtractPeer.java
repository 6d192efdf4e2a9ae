package io.ecluse.spark;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Tables copied to Parquet by Spark's JDBC source, two at a time for two cores; a table whose
 * numbers are told is read in two halves. Each time is a line {@code run MILLISECONDS
 * CPU-MILLISECONDS}; the first counts from the start of the process.
 */
public final class ExtractPeer {
  private static final int FETCH_SIZE = 10_000;
  private static final int PARTITIONS = 2;

  private ExtractPeer() {}

  /**
   * @param arguments JDBC URL, user, password, folder, rounds, tables; one to read in halves as
   *     {@code table:column:lowest:highest}
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[3]);
    Map<String, String> connection =
        Map.of(
            "url", arguments[0],
            "user", arguments[1],
            "password", arguments[2],
            "driver", "org.postgresql.Driver",
            "fetchsize", String.valueOf(FETCH_SIZE));
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
    long cpu = 0;
    SparkSession spark = Spark.local(folder);
    for (int run = 0; run < Integer.parseInt(arguments[4]); run++) {
      ExecutorService two = Executors.newFixedThreadPool(PARTITIONS);
      List<Future<?>> copies = new ArrayList<>();
      for (String table : Arrays.asList(arguments).subList(5, arguments.length)) {
        copies.add(two.submit(() -> copy(spark, connection, table, folder)));
      }
      two.shutdown();
      for (Future<?> copy : copies) {
        copy.get();
      }
      long end = System.currentTimeMillis();
      long used = system.getProcessCpuTime();
      System.out.printf("run %d %d%n", end - begin, (used - cpu) / 1_000_000);
      begin = System.currentTimeMillis();
      cpu = used;
    }
    spark.stop();
  }

  private static void copy(
      SparkSession spark, Map<String, String> connection, String table, Path folder) {
    String[] words = table.split(":", -1);
    Map<String, String> options = new HashMap<>(connection);
    options.put("dbtable", words[0]);
    if (words.length > 1) {
      options.put("partitionColumn", words[1]);
      options.put("lowerBound", words[2]);
      options.put("upperBound", words[3]);
      options.put("numPartitions", String.valueOf(PARTITIONS));
    }
    spark
        .read()
        .format("jdbc")
        .options(options)
        .load()
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.resolve(words[0] + ".parquet").toString());
  }
}
