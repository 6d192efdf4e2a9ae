package io.ecluse.spark;

import io.ecluse.project.Keys;
import io.ecluse.project.Settings;
import io.ecluse.project.Shape;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys of {@code clusters} that kinds have in common, and what becomes of them. */
public final class ClusterKeys {
  private static final String COMMON =
      """
      description: any  What this is, for the people who meet it.
      memory: size  Memory of the driver; 2GB unless said.
      parallel: 1..64  How many tasks may use its application at once; 4 unless said.
      idle: duration  How long its application waits for more work before it ends; 5m unless said.
      room: duration  How long work may wait for room on the cluster before it fails; 10m unless said.
      conf: map words any  Spark's own configuration, as spark.sql.shuffle.partitions; numbers in quotes.
      """;

  private static final Duration DEFAULT_IDLE = Duration.ofMinutes(5);
  private static final Duration DEFAULT_ROOM = Duration.ofMinutes(10);
  private static final int DEFAULT_PARALLEL = 4;
  private static final long DEFAULT_MEMORY = 2_000_000_000L;

  private ClusterKeys() {}

  /**
   * The keys of a kind.
   *
   * @param keys beside those that every kind has
   */
  public static Fields of(String type, String keys) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.required("type", new Shape.Choice(List.of(type)), "The kind of cluster."));
    fields.addAll(Keys.list(keys + COMMON, Map.of()));
    return new Fields("a cluster of type " + type, fields, List.of());
  }

  /** Spark's configuration of an entry: what kinds have in common, and what stands under conf. */
  public static Map<String, String> conf(Settings.Cluster cluster, Map<String, String> ofKind) {
    Value.Entries content = cluster.content();
    Map<String, String> conf = new LinkedHashMap<>(ofKind);
    conf.put("spark.driver.memory", megabytes(content.bytes("memory").orElse(DEFAULT_MEMORY)));
    Value.Entries own = content.entries("conf");
    own.values().keySet().forEach(name -> conf.put(name, own.text(name, "")));
    return conf;
  }

  /** How long an application waits for more work. */
  static Duration idle(Settings.Cluster cluster) {
    return cluster.content().duration("idle", DEFAULT_IDLE);
  }

  /** How long work may wait for room. */
  public static Duration room(Settings.Cluster cluster) {
    return cluster.content().duration("room", DEFAULT_ROOM);
  }

  /** How many jobs an application works on at once. */
  static int parallel(Settings.Cluster cluster) {
    return cluster.content().whole("parallel").orElse(DEFAULT_PARALLEL);
  }

  /** An amount as Spark reads it. */
  public static String megabytes(long bytes) {
    return Math.max(1, bytes >> 20) + "m";
  }
}
