package io.ecluse.emr;

import io.ecluse.project.Settings;
import io.ecluse.spark.RemoteApplications.Surroundings;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Applications as steps of clusters. */
final class StepService implements EmrApplications.Service {
  private final Surroundings around;
  private final EmrPace pace;
  private final Map<EmrAccount, Emr> accounts = new ConcurrentHashMap<>();

  StepService(Surroundings around, EmrPace pace) {
    this.around = around;
    this.pace = pace;
  }

  private Emr emr(EmrEntry entry) {
    return accounts.computeIfAbsent(
        entry.account(), account -> new Emr(account, pace, around.stores()));
  }

  @Override
  public EmrSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
    EmrEntry entry = new EmrEntry(cluster);
    return new StepSession(
        new StepSession.Tools(
            emr(entry),
            new EmrFiles(entry.files(), around.stores()),
            entry.costs(around.project())),
        entry,
        new ClusterName(around.owner(), name),
        called);
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    EmrEntry entry = new EmrEntry(cluster);
    emr(entry).clusters().sweep(around.owner(), key -> live.get().contains(key));
    new EmrFiles(entry.files(), around.stores()).sweep(Instant.now());
  }

  @Override
  public void close() {
    accounts.values().forEach(Emr::close);
  }
}
