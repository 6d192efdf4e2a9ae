package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The application of each cluster: started when there is work and none is alive, kept warm for the
 * next, found again by a process that comes later, and missed as soon as it is gone. What it was
 * working on is begun anew then, once; what it has still to say is not heard. Safe for use by
 * several threads and processes.
 */
final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final int MOST_TRIES = 2;

  /** One of which nobody has written down the process was started by one that died right then. */
  private static final Duration NAMELESS = Duration.ofSeconds(60);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final SessionStore store;
  private final JobStore jobs;
  private final Launcher launcher;
  private final Map<String, ClusterType> types;
  private final Map<String, RemoteApplications> remotes;
  private final Path folder;
  private final Tokens tokens = new Tokens();
  private final Signal signal;
  private final Map<String, Long> looked = new HashMap<>();

  /**
   * What is kept of applications and jobs.
   *
   * @param folder for logs and configuration
   * @param signal is given when a job's state changes here
   */
  record Kept(SessionStore sessions, JobStore jobs, Path folder, Signal signal) {}

  /**
   * Where applications run.
   *
   * @param types kinds of clusters by name
   * @param remotes those of the kinds whose applications a service elsewhere starts
   */
  record Kinds(Map<String, ClusterType> types, Map<String, RemoteApplications> remotes) {
    Kinds {
      types = Map.copyOf(types);
      remotes = Map.copyOf(remotes);
    }
  }

  Sessions(Kept kept, Launcher launcher, Kinds kinds) {
    this.store = kept.sessions();
    this.jobs = kept.jobs();
    this.folder = kept.folder();
    this.signal = kept.signal();
    this.launcher = launcher;
    this.types = kinds.types();
    this.remotes = kinds.remotes();
  }

  /**
   * Sees to it that somebody works on the jobs of a cluster; to be called again and again while
   * there are any.
   *
   * @param door opens the door where the application is to ask for work
   */
  void tend(Settings.Cluster cluster, Supplier<String> door) {
    synchronized (this) {
      long now = System.nanoTime();
      Long last = looked.get(cluster.name());
      if (last != null && now - last < BETWEEN_LOOKS.toNanos()) {
        return;
      }
      looked.put(cluster.name(), now);
      String open = door.get();
      Optional<SessionStore.Known> known = store.of(cluster.name());
      known.ifPresent(session -> gone(cluster, session).ifPresent(why -> missed(session, why)));
      if (known.isEmpty() && jobs.isOpen(cluster.name())) {
        start(cluster, open);
      }
    }
  }

  /** Looks after the application of a cluster though nobody has work for it. */
  void look(Settings.Cluster cluster) {
    store
        .of(cluster.name())
        .ifPresent(session -> gone(cluster, session).ifPresent(why -> missed(session, why)));
  }

  private Optional<RemoteApplications> remote(Settings.Cluster cluster) {
    return Optional.ofNullable(remotes.get(cluster.type()))
        .filter(
            remote ->
                Objects.requireNonNull(types.get(cluster.type())).submission(cluster).driver()
                    == ClusterType.Driver.ON_THE_CLUSTER);
  }

  private static RemoteApplications.Started started(SessionStore.Known session) {
    return new RemoteApplications.Started(
        session.id(), session.process(), session.age(), Path.of(session.log()));
  }

  /** Why an application is gone, if it is. */
  private Optional<EcluseException> gone(Settings.Cluster cluster, SessionStore.Known session) {
    Optional<RemoteApplications> remote = remote(cluster);
    if (remote.isPresent()) {
      if (session.isAlive()) {
        remote.get().atWork(started(session));
      }
      return remote.get().gone(cluster, started(session));
    }
    return isGone(session)
        ? Optional.of(LastWords.of(session.cluster(), Path.of(session.log())))
        : Optional.empty();
  }

  private static boolean isGone(SessionStore.Known session) {
    return session
        .process()
        .map(process -> Processes.find(process).isEmpty())
        .orElse(!session.isAlive() && session.age().compareTo(NAMELESS) > 0);
  }

  private void start(Settings.Cluster cluster, String door) {
    ClusterType type = Optional.ofNullable(types.get(cluster.type())).orElseThrow();
    String name = tokens.name("session");
    String token = tokens.token();
    Launcher.Start start = new Launcher.Start(name, token, door, folder);
    if (!store.begin(name, cluster.name(), Tokens.hash(token), start.log().toString())) {
      return; // another process was faster
    }
    try {
      Optional<RemoteApplications> remote = remote(cluster);
      if (remote.isPresent()) {
        remote
            .get()
            .start(
                cluster,
                launcher.remote(cluster, type, start),
                handle -> store.started(name, handle));
        return;
      }
      type.reach(cluster);
      ProcessHandle process = launcher.start(cluster, type, start);
      store.started(name, Processes.handle(process));
      LOG.info(
          "Spark on cluster {} is starting as process {}, log in {}",
          cluster.name(),
          process.pid(),
          start.log());
    } catch (EcluseException e) {
      store.end(name);
      jobs.waiting(cluster.name()).forEach(job -> fail(job, e));
    }
  }

  /** It is gone. One that never asked for work will not do so the next time either. */
  private void missed(SessionStore.Known session, EcluseException why) {
    if (!store.end(session.id())) {
      return;
    }
    boolean again = why.code() != ErrorCode.OUT_OF_MEMORY && why.code() != ErrorCode.SPARK_UNFIT;
    for (SparkJob job : jobs.of(session.id())) {
      if (again && job.tries() < MOST_TRIES) {
        LOG.warn("Spark job {} was lost with its application and is begun anew", job.id());
        jobs.again(job.id(), why.getMessage() + "; it is begun anew");
      } else {
        fail(job, why);
      }
    }
    if (!session.isAlive()) {
      jobs.waiting(session.cluster()).forEach(job -> fail(job, why));
    }
    signal.changed();
  }

  private void fail(SparkJob job, EcluseException why) {
    ObjectNode result = JsonMapper.shared().createObjectNode();
    result.put("state", "failed").put("code", why.code().name()).put("message", why.getMessage());
    jobs.end(job.id(), SparkJob.State.FAILED, result);
    signal.changed();
  }

  /** Why the application of a cluster does not get on, if it says that it waits for room. */
  Optional<String> waits(String cluster) {
    return store.of(cluster).flatMap(session -> LastWords.waits(Path.of(session.log())));
  }

  /** Where the tables are. */
  String store() {
    return launcher.store();
  }

  /** A page of the service that runs the application of a cluster. */
  Optional<String> page(Settings.Cluster cluster) {
    return remote(cluster)
        .flatMap(remote -> store.of(cluster.name()).flatMap(s -> remote.page(started(s))));
  }

  /** Ends the application of a cluster, and all that it works on. */
  void end(Settings.Cluster cluster) {
    store
        .of(cluster.name())
        .ifPresent(
            session -> {
              Optional<RemoteApplications> remote = remote(cluster);
              if (remote.isPresent()) {
                remote.get().end(cluster, started(session));
                missed(
                    session,
                    new EcluseException(
                        ErrorCode.CLUSTER_LOST,
                        "The application on cluster %s was ended".formatted(cluster.name())));
              } else {
                session.process().ifPresent(Processes::end);
                missed(session, LastWords.of(session.cluster(), Path.of(session.log())));
              }
            });
  }
}
