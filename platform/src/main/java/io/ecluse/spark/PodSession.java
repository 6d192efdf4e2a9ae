package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.spark.RemoteApplications.Application;
import io.ecluse.spark.RemoteApplications.Started;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One application whose driver is a pod, from its submission to its end. The pod's name is made of
 * the application's, which is kept before anything is asked: whoever comes later finds it by that.
 */
final class PodSession extends RemoteSession {
  static final String PODS = "pods";
  static final String SECRETS = "secrets";
  static final String WAITS = "waits for room";

  private static final Logger LOG = LoggerFactory.getLogger(PodSession.class);
  private static final String KEY = "token";

  /** For how long an API server may be away, or refuse a token that is being replaced. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KubeEntry entry;
  private final KubeApi api;
  private final PodName pod;
  private final Consumer<String> called;
  private final Duration look;
  private Optional<Path> log = Optional.empty();

  /**
   * @param called is told what it can be found again by
   * @param look how often the pod is looked at
   */
  PodSession(KubeEntry entry, PodName pod, Consumer<String> called, Duration look) {
    super(entry.cluster().name(), pod.application());
    this.entry = entry;
    this.api = new KubeApi(entry);
    this.pod = pod;
    this.called = called;
    this.look = look;
  }

  @Override
  protected EcluseException start(Application application) {
    log = Optional.of(application.here().log());
    Thread beat = beating();
    try {
      api.list(PODS, PodName.OWNER + "=" + pod.owner()); // who cannot do this can do nothing
      api.create(SECRETS, secret(application.token()));
      submit(application);
    } finally {
      beat.interrupt();
    }
    called.accept(pod.pod());
    return watch();
  }

  @Override
  protected EcluseException takeUp(Started application) {
    log = Optional.of(application.log());
    return watch();
  }

  private Thread beating() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  called.accept(new Beat(Instant.now()).text());
                  Thread.sleep(Beat.EACH.toMillis());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "pod-beat");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** For the driver alone: it is in no command line and no configuration. */
  private JsonNode secret(String token) {
    ObjectNode secret = JsonMapper.shared().createObjectNode();
    secret.put("apiVersion", "v1").put("kind", "Secret").put("type", "Opaque");
    ObjectNode metadata = secret.putObject("metadata").put("name", pod.secret());
    labels().forEach(metadata.putObject("labels")::put);
    secret
        .putObject("data")
        .put(KEY, Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
    return secret;
  }

  private Map<String, String> labels() {
    return Map.of(PodName.OWNER, pod.owner(), PodName.APPLICATION, pod.application());
  }

  private void submit(Application application) {
    Map<String, String> conf = new LinkedHashMap<>();
    Path token = application.here().log().resolveSibling(application.name() + ".token");
    conf.putAll(entry.submission(token));
    conf.put("spark.kubernetes.driver.pod.name", pod.pod());
    conf.put("spark.kubernetes.submission.waitAppCompletion", "false");
    conf.put(KubeEntry.SECRET, pod.secret() + ":" + KEY);
    labels()
        .forEach(
            (label, value) -> {
              conf.put("spark.kubernetes.driver.label." + label, value);
              conf.put("spark.kubernetes.executor.label." + label, value);
            });
    conf.put(
        "spark.jars",
        Stream.of(application.here().bring().get().getOrDefault("spark.jars", "").split(","))
            .map(jar -> DoorJars.url(application.door(), Path.of(jar)))
            .collect(Collectors.joining(",")));
    conf.put(
        Launcher.APPLICATION, DoorJars.url(application.door(), application.jars().application()));
    try {
      PropertiesFile.ofOwner(token, entry.token().orElse(""));
      if (application.here().submission().apply(conf).waitFor() != 0) {
        throw LastWords.of(cluster(), application.here().log());
      }
    } catch (IOException e) {
      throw ErrorCode.CLUSTER_REFUSED.error(
          "The application for cluster %s could not be started: %s"
              .formatted(cluster(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Waiting for Kubernetes was interrupted", e);
    } finally {
      delete(token);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted: {}", file, e.getMessage());
    }
  }

  private EcluseException watch() {
    Instant heard = Instant.now();
    String said = "";
    while (true) {
      try {
        Optional<JsonNode> there = api.read(PODS, pod.pod());
        heard = Instant.now();
        if (there.isEmpty()) {
          return lost("is gone: its pod %s is not there any more".formatted(pod.pod()));
        }
        PodState state = PodState.of(there.get());
        if (state.failure().isPresent() || state.isOver()) {
          return ended(state);
        }
        String now = state.waits().map(why -> WAITS + " (" + why + ")").orElse(state.phase());
        if (!now.equals(said)) {
          said = now;
          say("Pod %s of cluster %s %s".formatted(pod.pod(), cluster(), now));
        }
      } catch (EcluseException e) {
        if (heard.isBefore(Instant.now().minus(PATIENCE))) {
          return e;
        }
      }
      if (isUnwanted() || isLeft()) {
        return lost("was ended");
      }
      pause();
    }
  }

  private EcluseException ended(PodState state) {
    if (state.failure().isPresent()) {
      return state.failure().get().of(cluster());
    }
    if (state.phase().equals("Succeeded")) {
      return lost("has ended by itself, as it does when it has had no work for a while");
    }
    keep(api.log(pod.pod()));
    return log.map(file -> LastWords.of(cluster(), file))
        .orElseGet(() -> lost("has ended before its work was done"));
  }

  /** Keeps what the driver has printed where others of the platform look for it. */
  private void keep(String text) {
    try {
      Path file = log.orElse(Files.createTempFile("ecluse-" + pod.application(), ".log"));
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      log = Optional.of(file);
    } catch (IOException e) {
      LOG.warn("The log of pod {} could not be kept: {}", pod.pod(), e.getMessage());
    }
  }

  private void say(String line) {
    LOG.info("{}", line);
    log.filter(Files::exists).ifPresent(file -> keep(line + "\n"));
  }

  private void pause() {
    try {
      Thread.sleep(look.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Waiting for Kubernetes was interrupted", e);
    }
  }

  /** Its pod, which may start its container again until then, and with it its secret. */
  @Override
  protected void tidy() {
    api.delete(PODS, pod.pod());
    api.delete(SECRETS, pod.secret());
  }
}
