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
 * Applications whose drivers are pods. Each has a thread that submits it, or takes it up, and sees
 * it to its end; its pod and its secret go with it.
 */
final class PodApplications implements RemoteApplications {
  /** One of which nobody has said anything is being prepared here or there: jars are fetched. */
  private static final Duration NAMELESS = Duration.ofMinutes(10);

  private final Surroundings around;
  private final Duration look;
  private final Map<String, PodSession> sessions = new ConcurrentHashMap<>();

  /**
   * @param look how often pods are looked at
   */
  PodApplications(Surroundings around, Duration look) {
    this.around = around;
    this.look = look;
  }

  private KubeEntry entry(Settings.Cluster cluster) {
    return new KubeEntry(cluster, around.project());
  }

  private PodSession session(Settings.Cluster cluster, String name, Consumer<String> called) {
    return new PodSession(entry(cluster), PodName.of(around.owner(), name), called, look);
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, "pod-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void start(Settings.Cluster cluster, Application application, Consumer<String> called) {
    PodSession session = session(cluster, application.name(), called);
    sessions.put(application.name(), session);
    run(application.name(), () -> session.start(application));
  }

  private PodSession known(Settings.Cluster cluster, Started application) {
    return sessions.computeIfAbsent(
        application.name(),
        name -> {
          PodSession session = session(cluster, name, handle -> {});
          run(name, () -> session.takeUp(application.log()));
          return session;
        });
  }

  /** Whether another process is at its start, which must not be disturbed. */
  private boolean isBeingStarted(Started application) {
    return !sessions.containsKey(application.name())
        && application
            .handle()
            .map(h -> PodSession.isFresh(h, Instant.now()))
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
    // its secret is deleted with its pod, which may start its container again until then
  }

  @Override
  public void end(Settings.Cluster cluster, Started application) {
    known(cluster, application).end();
    sessions.remove(application.name());
  }

  @Override
  public void sweep(Settings.Cluster cluster, Supplier<Set<String>> live) {
    KubeApi api = new KubeApi(entry(cluster));
    String label = PodName.OWNER + "=" + PodName.of(around.owner(), "").owner();
    for (String kind : new String[] {PodSession.PODS, PodSession.SECRETS}) {
      var found = api.list(kind, label);
      Set<String> known = live.get();
      found.stream()
          .map(object -> object.path("metadata"))
          .filter(m -> !known.contains(m.path("labels").path(PodName.APPLICATION).asString("")))
          .filter(m -> !m.path("labels").path("spark-role").asString("").equals("executor"))
          .forEach(m -> api.delete(kind, m.path("name").asString("")));
    }
  }

  @Override
  public void close() {
    sessions.values().forEach(PodSession::leave);
  }
}
