package io.ecluse.emr;

import io.ecluse.project.Settings;
import io.ecluse.spark.RemoteApplications.Surroundings;
import io.ecluse.spark.RemoteSession;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Applications as job runs of EMR Serverless. */
final class ServerlessService extends EmrService<ServerlessRuns> {
  ServerlessService(Surroundings around, EmrPace pace) {
    super(
        around,
        pace,
        account -> new ServerlessRuns(account, new ServerlessLogs(around.stores(), pace), pace),
        ServerlessRuns::close);
  }

  @Override
  public RemoteSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
    ServerlessEntry entry = new ServerlessEntry(cluster);
    return new ServerlessSession(
        new ServerlessSession.Tools(
            client(entry.account()), files(entry.files()), entry.costs(around().project())),
        entry,
        name(name),
        called);
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    ServerlessEntry entry = new ServerlessEntry(cluster);
    String ours = ClusterName.prefix(around().owner());
    client(entry.account())
        .sweep(
            entry.application(),
            name -> name.startsWith(ours) && !live.get().contains(name.substring(ours.length())));
    files(entry.files()).sweep(Instant.now());
  }
}
