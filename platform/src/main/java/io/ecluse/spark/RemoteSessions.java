package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.project.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Applications that a service elsewhere runs: each has a session, with a thread of its own, that
 * starts it, or takes it up when somebody first asks, and sees it to its end.
 */
public final class RemoteSessions implements RemoteApplications {
  /** One of which nobody has said anything is being prepared here or there: jars are fetched. */
  private static final Duration NAMELESS = Duration.ofMinutes(10);

  private final Service service;
  private final Map<String, RemoteSession> sessions = new ConcurrentHashMap<>();

  /** A kind of service. Safe for use by several threads. */
  public interface Service extends AutoCloseable {
    /**
     * @param name of the application
     * @param called is told what it can be found again by
     */
    RemoteSession session(Settings.Cluster cluster, String name, Consumer<String> called);

    /**
     * After what time without a {@link Beat} who starts an application is taken for dead.
     *
     * @return empty if it may be taken up at any moment, as it is found by its name
     */
    Optional<Duration> silence();

    /** As {@link RemoteApplications#sweep}. */
    void sweep(Settings.Cluster cluster, Supplier<Set<String>> live);

    @Override
    default void close() {}
  }

  public RemoteSessions(Service service) {
    this.service = service;
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, "application-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void start(Settings.Cluster cluster, Application application, Consumer<String> called) {
    RemoteSession session = service.session(cluster, application.name(), called);
    sessions.put(application.name(), session);
    run(application.name(), () -> session.attend(() -> session.start(application)));
  }

  private RemoteSession known(Settings.Cluster cluster, Started application) {
    return sessions.computeIfAbsent(
        application.name(),
        name -> {
          RemoteSession session = service.session(cluster, name, handle -> {});
          run(name, () -> session.attend(() -> session.takeUp(application)));
          return session;
        });
  }

  private Optional<RemoteSession> known(Started application) {
    return Optional.ofNullable(sessions.get(application.name()));
  }

  /** Whether another process is at its start, which must not be disturbed. */
  private boolean isBeingStarted(Started application) {
    return known(application).isEmpty()
        && service.silence().filter(silence -> isBeingStarted(application, silence)).isPresent();
  }

  private static boolean isBeingStarted(Started application, Duration silence) {
    return application
        .handle()
        .map(h -> Beat.of(h).filter(b -> b.isFresh(Instant.now(), silence)).isPresent())
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
    return known(application).flatMap(RemoteSession::page);
  }

  @Override
  public void atWork(Started application) {
    known(application).ifPresent(RemoteSession::atWork);
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
    sessions.values().forEach(RemoteSession::leave);
    service.close();
  }
}
