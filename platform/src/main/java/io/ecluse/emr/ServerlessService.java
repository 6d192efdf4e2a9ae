package io.ecluse.emr;

import io.ecluse.project.Settings;
import io.ecluse.spark.RemoteApplications.Surroundings;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Applications as job runs of EMR Serverless. */
final class ServerlessService implements EmrApplications.Service {
  private final Surroundings around;
  private final EmrPace pace;
  private final Map<EmrAccount, ServerlessRuns> accounts = new ConcurrentHashMap<>();

  ServerlessService(Surroundings around, EmrPace pace) {
    this.around = around;
    this.pace = pace;
  }

  private ServerlessRuns runs(ServerlessEntry entry) {
    return accounts.computeIfAbsent(
        entry.account(),
        account -> new ServerlessRuns(account, new ServerlessLogs(around.stores(), pace), pace));
  }

  @Override
  public EmrSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
    ServerlessEntry entry = new ServerlessEntry(cluster);
    return new ServerlessSession(
        new ServerlessSession.Tools(
            runs(entry),
            new EmrFiles(entry.files(), around.stores()),
            entry.costs(around.project())),
        entry,
        new ClusterName(around.owner(), name),
        called);
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    ServerlessEntry entry = new ServerlessEntry(cluster);
    String ours = ClusterName.prefix(around.owner());
    runs(entry)
        .sweep(
            entry.application(),
            name -> name.startsWith(ours) && !live.get().contains(name.substring(ours.length())));
    new EmrFiles(entry.files(), around.stores()).sweep(Instant.now());
  }

  @Override
  public void close() {
    accounts.values().forEach(ServerlessRuns::close);
  }
}
