package io.ecluse.emr;

import io.ecluse.spark.RemoteApplications.Surroundings;
import io.ecluse.spark.RemoteSessions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A way in which EMR runs applications: one client for each account, and files on S3.
 *
 * @param <C> a client
 */
abstract class EmrService<C> implements RemoteSessions.Service {
  private final Surroundings around;
  private final EmrPace pace;
  private final Function<EmrAccount, C> open;
  private final Consumer<C> close;
  private final Map<EmrAccount, C> clients = new ConcurrentHashMap<>();

  EmrService(Surroundings around, EmrPace pace, Function<EmrAccount, C> open, Consumer<C> close) {
    this.around = around;
    this.pace = pace;
    this.open = open;
    this.close = close;
  }

  final Surroundings around() {
    return around;
  }

  final C client(EmrAccount account) {
    return clients.computeIfAbsent(account, open);
  }

  /** What is kept in a folder on S3. */
  final EmrFiles files(String folder) {
    return new EmrFiles(folder, around.stores());
  }

  final ClusterName name(String key) {
    return new ClusterName(around.owner(), key);
  }

  @Override
  public final Optional<Duration> silence() {
    return Optional.of(pace.silence());
  }

  @Override
  public final void close() {
    clients.values().forEach(close);
  }
}
