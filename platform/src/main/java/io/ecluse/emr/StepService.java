package io.ecluse.emr;

import io.ecluse.project.Settings;
import io.ecluse.spark.RemoteApplications.Surroundings;
import io.ecluse.spark.RemoteSession;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Applications as steps of clusters. */
final class StepService extends EmrService<Emr> {
  StepService(Surroundings around, EmrPace pace) {
    super(around, pace, account -> new Emr(account, pace, around.stores()), Emr::close);
  }

  @Override
  public RemoteSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
    EmrEntry entry = new EmrEntry(cluster);
    return new StepSession(
        new StepSession.Tools(
            client(entry.account()), files(entry.files()), entry.costs(around().project())),
        entry,
        name(name),
        called);
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    EmrEntry entry = new EmrEntry(cluster);
    client(entry.account()).clusters().sweep(around().owner(), key -> live.get().contains(key));
    files(entry.files()).sweep(Instant.now());
  }
}
