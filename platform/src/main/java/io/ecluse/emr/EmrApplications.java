package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.project.Settings;
import io.ecluse.spark.RemoteApplications;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Applications as steps of clusters of EMR. Each has a thread that starts it, or takes it up, and
 * sees it to its end; a cluster that was made for it ends with it.
 */
final class EmrApplications implements RemoteApplications {
  /** One of which nobody has said anything is being prepared here or there: jars are fetched. */
  private static final Duration NAMELESS = Duration.ofMinutes(10);

  private final Surroundings around;
  private final EmrPace pace;
  private final Map<String, EmrSession> sessions = new ConcurrentHashMap<>();
  private final Map<EmrAccount, Emr> accounts = new ConcurrentHashMap<>();

  EmrApplications(Surroundings around, EmrPace pace) {
    this.around = around;
    this.pace = pace;
  }

  private Emr emr(EmrEntry entry) {
    return accounts.computeIfAbsent(
        entry.account(), account -> new Emr(account, pace, around.stores()));
  }

  private EmrSession session(EmrEntry entry, String name, Consumer<String> called) {
    return new EmrSession(
        new EmrSession.Tools(
            emr(entry),
            new EmrFiles(entry.files(), around.stores()),
            entry.costs(around.project())),
        entry,
        new ClusterName(around.owner(), name),
        called);
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, "emr-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void start(Settings.Cluster cluster, Application application, Consumer<String> called) {
    EmrEntry entry = new EmrEntry(cluster);
    EmrSession session = session(entry, application.name(), called);
    sessions.put(application.name(), session);
    run(application.name(), () -> session.start(application));
  }

  private EmrSession known(Settings.Cluster cluster, Started application) {
    return sessions.computeIfAbsent(
        application.name(),
        name -> {
          EmrSession session = session(new EmrEntry(cluster), name, handle -> {});
          run(name, () -> session.takeUp(application.handle().map(EmrHandle::of)));
          return session;
        });
  }

  /** Whether another process is at its start, which must not be disturbed. */
  private boolean isBeingStarted(Started application) {
    if (sessions.containsKey(application.name())) {
      return false;
    }
    return application
        .handle()
        .map(h -> EmrHandle.of(h).isFresh(Instant.now(), pace.silence()))
        .orElseGet(() -> application.age().compareTo(NAMELESS) < 0);
  }

  @Override
  public Optional<EcluseException> gone(Settings.Cluster cluster, Started application) {
    if (isBeingStarted(application)) {
      return Optional.empty();
    }
    Optional<EcluseException> why = known(cluster, application).gone();
    why.ifPresent(w -> sessions.remove(application.name()));
    return why;
  }

  @Override
  public void atWork(Started application) {
    Optional.ofNullable(sessions.get(application.name())).ifPresent(EmrSession::atWork);
  }

  @Override
  public void end(Settings.Cluster cluster, Started application) {
    known(cluster, application).end();
    sessions.remove(application.name());
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    EmrEntry entry = new EmrEntry(cluster);
    emr(entry).clusters().sweep(around.owner(), key -> live.get().contains(key));
    new EmrFiles(entry.files(), around.stores()).sweep(Instant.now());
  }

  @Override
  public void close() {
    sessions.values().forEach(EmrSession::leave);
    accounts.values().forEach(Emr::close);
  }
}
