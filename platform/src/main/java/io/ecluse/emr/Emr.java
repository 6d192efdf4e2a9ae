package io.ecluse.emr;

import io.ecluse.storage.Storage;
import java.util.function.Function;
import software.amazon.awssdk.services.emr.EmrClient;

/** Amazon EMR of one account in one region. It connects when first used. */
public final class Emr implements AutoCloseable {
  private final EmrCalls<EmrClient> calls;
  private final EmrClusters clusters;
  private final EmrSteps steps;
  private final Releases releases;

  /**
   * @param stores opens a location, for the logs that EMR leaves there
   */
  public Emr(EmrAccount account, EmrPace pace, Function<String, Storage> stores) {
    this.calls = new EmrCalls<>(account, EmrClients::open, pace);
    this.clusters = new EmrClusters(calls, pace);
    this.releases = new Releases(calls);
    this.steps = new EmrSteps(calls, clusters, new StepLogs(stores, pace), pace);
  }

  public EmrClusters clusters() {
    return clusters;
  }

  public EmrSteps steps() {
    return steps;
  }

  Releases releases() {
    return releases;
  }

  @Override
  public void close() {
    calls.close();
  }
}
