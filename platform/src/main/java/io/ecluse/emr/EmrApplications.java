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
 * Applications on EMR. Each has a thread that starts it, or takes it up, and sees it to its end;
 * what was made for it ends with it.
 */
final class EmrApplications implements RemoteApplications {
  /** One of which nobody has said anything is being prepared here or there: jars are fetched. */
  private static final Duration NAMELESS = Duration.ofMinutes(10);

  private final Service service;
  private final Duration silence;
  private final Map<String, EmrSession> sessions = new ConcurrentHashMap<>();

  /** A way in which EMR runs applications. */
  interface Service extends AutoCloseable {
    /**
     * @param name of the application
     * @param called is told what it can be found again by
     */
    EmrSession session(Settings.Cluster cluster, String name, Consumer<String> called);

    /** As {@link RemoteApplications#sweep}. */
    void sweep(Settings.Cluster cluster, Supplier<Set<String>> live);

    @Override
    void close();
  }

  /**
   * @param silence after what time without a word who starts one is taken for dead
   */
  EmrApplications(Service service, Duration silence) {
    this.service = service;
    this.silence = silence;
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, "emr-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void start(Settings.Cluster cluster, Application application, Consumer<String> called) {
    EmrSession session = service.session(cluster, application.name(), called);
    sessions.put(application.name(), session);
    run(application.name(), () -> session.start(application));
  }

  private EmrSession known(Settings.Cluster cluster, Started application) {
    return sessions.computeIfAbsent(
        application.name(),
        name -> {
          EmrSession session = service.session(cluster, name, handle -> {});
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
        .map(h -> EmrHandle.of(h).isFresh(Instant.now(), silence))
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
  public Optional<String> page(Started application) {
    return Optional.ofNullable(sessions.get(application.name())).flatMap(EmrSession::page);
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
    service.sweep(cluster, live);
  }

  @Override
  public void close() {
    sessions.values().forEach(EmrSession::leave);
    service.close();
  }
}
