package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.project.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again for what was made on services elsewhere and has nobody any more: its
 * process died, its answer was lost. A project without such clusters has no thread for it.
 */
final class Orphans implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  private final Map<String, RemoteApplications> remotes;
  private final Supplier<Settings> settings;
  private final Times times;
  private final Consumer<Settings.Cluster> look;
  private final Supplier<Set<String>> live;
  private Optional<ScheduledExecutorService> timer = Optional.empty();

  /**
   * When it is looked.
   *
   * @param first after the start
   * @param every from then on
   */
  record Times(Duration first, Duration every) {
    static final Times USUAL = new Times(Duration.ofSeconds(15), Duration.ofMinutes(10));
  }

  /**
   * @param remotes by kind of cluster
   * @param look looks after the application that a cluster has: it may have ended without anybody
   *     having work for it
   * @param live names of the applications that are known
   */
  Orphans(
      Map<String, RemoteApplications> remotes,
      Supplier<Settings> settings,
      Consumer<Settings.Cluster> look,
      Supplier<Set<String>> live,
      Times times) {
    this.remotes = Map.copyOf(remotes);
    this.settings = settings;
    this.look = look;
    this.live = live;
    this.times = times;
  }

  synchronized void follow() {
    boolean any =
        settings.get().clusters().values().stream().anyMatch(c -> remotes.containsKey(c.type()));
    if (any && timer.isEmpty()) {
      ScheduledExecutorService started =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread thread = new Thread(work, "orphans");
                thread.setDaemon(true);
                return thread;
              });
      started.scheduleWithFixedDelay(
          this::sweep, times.first().toMillis(), times.every().toMillis(), TimeUnit.MILLISECONDS);
      timer = Optional.of(started);
    }
  }

  private void sweep() {
    for (Settings.Cluster cluster : settings.get().clusters().values()) {
      Optional.ofNullable(remotes.get(cluster.type()))
          .ifPresent(
              remote -> {
                try {
                  look.accept(cluster);
                  remote.sweep(cluster, live);
                } catch (EcluseException e) { // a task of its own: it comes again
                  LOG.warn(
                      "What cluster {} may have left could not be looked for, which is tried again in {} minutes: {}",
                      cluster.name(),
                      times.every().toMinutes(),
                      e.getMessage());
                }
              });
    }
  }

  @Override
  public synchronized void close() {
    timer.ifPresent(ScheduledExecutorService::shutdownNow);
    remotes.values().forEach(RemoteApplications::close);
  }
}
