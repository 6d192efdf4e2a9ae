package io.ecluse.project;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The settings of one environment: {@code ecluse.yaml} with the environment's own values over it.
 *
 * @param compute by what models are built that do not say it, nor their DAG
 * @param clusters by name
 * @param database an external PostgreSQL for metadata; without one the platform starts its own
 */
public record Settings(
    String environment,
    Staging staging,
    Warehouse warehouse,
    Query query,
    Compute compute,
    Map<String, Cluster> clusters,
    Optional<Database> database) {
  /** The cluster that there is without a word of it, and the kind of it: this machine. */
  public static final String LOCAL_CLUSTER = "local";

  public Settings {
    clusters = Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
  }

  /**
   * Where Spark runs.
   *
   * @param type the word of its kind
   * @param content the whole entry, which keeps to the shape of its kind
   */
  public record Cluster(String name, String type, Value.Entries content) {}

  /**
   * Where raw batches go.
   *
   * @param location an absolute folder, {@code s3://…} or {@code hdfs://…}, and shared by all
   *     environments unless they say otherwise: append the environment's name
   * @param format how batches are written: parquet or csv
   * @param keepBatches how long a batch stays; the newest of each stream stays in any case
   * @param cacheBytes most of the local disk for copies of batches that are elsewhere
   * @param store a map that may say, under s3 and hdfs, how a store elsewhere is reached
   */
  public record Staging(
      String location, String format, Duration keepBatches, long cacheBytes, Value.Entries store) {
    public static final Duration DEFAULT_KEEP_BATCHES = Duration.ofDays(7);
    public static final long DEFAULT_CACHE_BYTES = 10_000_000_000L;
  }

  /**
   * Where tables live.
   *
   * @param location an absolute folder, {@code s3://…} or {@code hdfs://…}, and shared by all
   *     environments unless they say otherwise: append the environment's name
   * @param keepSnapshots how far back tables can be read as they were; their last states stay in
   *     any case
   * @param cacheBytes most of the local disk for copies of files that are elsewhere
   * @param store a map that may say, under s3 and hdfs, how a store elsewhere is reached
   */
  public record Warehouse(
      String location, Duration keepSnapshots, long cacheBytes, Value.Entries store) {
    public static final Duration DEFAULT_KEEP_SNAPSHOTS = Duration.ofDays(30);
    public static final long DEFAULT_CACHE_BYTES = 10_000_000_000L;
  }

  /**
   * What a query may use; what is empty, the engine decides (see {@link #memoryLimit(long)}).
   *
   * @param memoryLimit bytes
   */
  public record Query(
      OptionalLong memoryLimit, OptionalInt threads, long maxRows, Duration timeout) {
    public static final long DEFAULT_MAX_ROWS = 1_000_000;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);
    private static final long LARGEST_DEFAULT = 2L << 30;

    /** The memory limit in bytes on a machine with this much: a quarter of it, 2 GiB at most. */
    public long memoryLimit(long machineBytes) {
      return memoryLimit.orElse(Math.min(machineBytes / 4, LARGEST_DEFAULT));
    }

    /** How many threads on a machine with this many processors: all of them. */
    public int threads(int processors) {
      return threads.orElse(processors);
    }
  }

  /**
   * An external PostgreSQL.
   *
   * @param url {@code jdbc:postgresql://…} or {@code postgresql://…}
   */
  public record Database(Template url, Optional<Template> user, Optional<Template> password) {}
}
