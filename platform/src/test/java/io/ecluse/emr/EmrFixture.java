package io.ecluse.emr;

import io.ecluse.emr.ClusterPlan.Fleet;
import io.ecluse.emr.ClusterPlan.Market;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** The emulated service, and somebody who uses it. */
final class EmrFixture implements AutoCloseable {
  static final EmrPace PACE =
      new EmrPace(
          Duration.ofMillis(5),
          Duration.ofMillis(25),
          Duration.ofSeconds(20),
          Duration.ofMillis(400),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20));

  final EmrServer server;
  final Emr emr;
  private final StorageSettings stores;

  private EmrFixture(
      EmulatedClusters.Pace pace, StorageSettings stores, UnaryOperator<List<String>> spark) {
    this.stores = stores;
    this.server = EmrServer.start(pace, new StepPrograms(stores, spark));
    this.emr = user();
  }

  static EmrFixture start() {
    return start(EmulatedClusters.Pace.QUICK);
  }

  static EmrFixture start(EmulatedClusters.Pace pace) {
    return new EmrFixture(pace, StorageSettings.NONE, EmrFixture::shell);
  }

  static EmrFixture start(StorageSettings stores, UnaryOperator<List<String>> spark) {
    return new EmrFixture(EmulatedClusters.Pace.QUICK, stores, spark);
  }

  /**
   * What stands for spark-submit where Spark is not what matters: its last argument is a script.
   */
  static List<String> shell(List<String> arguments) {
    return List.of("sh", "-c", arguments.get(arguments.size() - 1));
  }

  /** Another process that uses the service, or the same after a restart. */
  Emr user() {
    return new Emr(server.account(), PACE, location -> Storages.open(location, () -> stores));
  }

  static ClusterPlan plan() {
    return plan(Market.SPOT_ELSE_ON_DEMAND, Optional.empty());
  }

  static ClusterPlan plan(Market market, Optional<String> logs) {
    return new ClusterPlan(
        "emr-7.13.0",
        new Fleet(List.of("m5.xlarge"), 1, Market.ON_DEMAND),
        new Fleet(List.of("r5.xlarge", "r5a.xlarge"), 2, market),
        new ClusterPlan.Place(
            "EMR_DefaultRole",
            "EMR_EC2_DefaultRole",
            List.of("subnet-1"),
            Map.of("team", "data"),
            new ClusterPlan.Setup(
                Optional.of(new ClusterPlan.Groups("sg-1", "sg-2", Optional.of("sg-3"))),
                Optional.of("closed"),
                Optional.of("s3://school-data/deploy/spark/install"))),
        logs,
        Duration.ofMinutes(10));
  }

  static Step script(String name, String script) {
    return new Step(name, List.of("spark-submit", "--deploy-mode", "cluster", script));
  }

  /** A cluster that takes steps. */
  String ready(String key) {
    String id = emr.clusters().open(plan(), name(key), Asked.FOR_THE_FIRST_TIME);
    emr.clusters().awaitReady(id, new Listener());
    return id;
  }

  static ClusterName name(String key) {
    return new ClusterName("school-1", key);
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("In half a minute this did not come: " + what);
      }
      Patience.pause(Duration.ofMillis(5));
    }
  }

  /** Somebody who waits, and may lose interest. */
  static final class Listener implements Watcher {
    final List<String> lines = new CopyOnWriteArrayList<>();
    volatile boolean cancelled;

    @Override
    public void log(String line) {
      lines.add(line);
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }

  @Override
  public void close() {
    emr.close();
    server.close();
  }
}
