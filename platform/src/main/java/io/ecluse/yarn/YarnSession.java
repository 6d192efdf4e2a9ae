package io.ecluse.yarn;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.spark.LastWords;
import io.ecluse.spark.RemoteApplications.Application;
import io.ecluse.spark.RemoteApplications.Started;
import io.ecluse.spark.RemoteSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application on YARN, from its submission to its end. What YARN says of it goes into its log,
 * beside what the submission printed.
 */
final class YarnSession extends RemoteSession {
  private static final Logger LOG = LoggerFactory.getLogger(YarnSession.class);
  private static final long BETWEEN_LOOKS = 1_000;

  /** One that was submitted by a process that died may not have come to YARN yet. */
  private static final Duration NAMELESS = Duration.ofMinutes(10);

  /** Resource managers are started anew, and applications go on meanwhile. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final Yarn yarn;
  private final Words words;
  private final Duration room;
  private final Consumer<String> called;
  private Optional<Path> log = Optional.empty();
  private String said = "";

  /**
   * What an application has as tags there.
   *
   * @param owner whose it is
   * @param name its own
   */
  record Words(String owner, String name) {
    String tag() {
      return YarnService.tag(name);
    }
  }

  /**
   * @param room how long it may wait for room
   * @param called is told by what it can be found again
   */
  YarnSession(Yarn yarn, Words words, Duration room, Consumer<String> called) {
    super(yarn.name(), words.name());
    this.yarn = yarn;
    this.words = words;
    this.room = room;
    this.called = called;
  }

  @Override
  protected EcluseException start(Application application) {
    log = Optional.of(application.here().log());
    submit(application);
    return find()
        .map(this::watch)
        .orElseGet(() -> LastWords.of(cluster(), application.here().log()));
  }

  @Override
  protected EcluseException takeUp(Started application) {
    log = Optional.of(application.log());
    long begun = System.nanoTime() - application.age().toNanos();
    Optional<ApplicationId> id = application.handle().map(ApplicationId::fromString);
    while (id.isEmpty() && !isLeft()) {
      id = find();
      if (id.isEmpty() && System.nanoTime() - begun > NAMELESS.toNanos()) {
        return lost("has never come to YARN");
      }
      pause();
    }
    return id.map(this::watch).orElseGet(() -> lost("was ended"));
  }

  private void submit(Application application) {
    yarn.reach();
    Map<String, String> conf = new LinkedHashMap<>(application.here().bring().get());
    conf.put("spark.yarn.tags", words.owner() + "," + words.tag());
    conf.put("spark.yarn.submit.waitAppCompletion", "false");
    // a second driver would not know what the first was working on: we begin it anew
    conf.put("spark.yarn.maxAppAttempts", "1");
    // Hadoop makes classes of ours by their names, and looks for them where it was loaded
    conf.put("spark.driver.extraClassPath", "__app__.jar");
    conf.put("spark.executor.extraClassPath", "__app__.jar");
    Process process = application.here().submission().apply(conf);
    try {
      while (!process.waitFor(BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
        if (isLeft()) {
          return; // it goes on, and is found by its name
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<ApplicationId> find() {
    Optional<ApplicationId> found =
        YarnService.tagged(yarn, words.tag())
            .map(ApplicationReport::getApplicationId)
            .max(Comparator.naturalOrder());
    found.ifPresent(
        id -> {
          LOG.info("The application {} on cluster {} is {}", name(), cluster(), id);
          called.accept(id.toString());
        });
    return found;
  }

  private EcluseException watch(ApplicationId id) {
    long heard = System.nanoTime();
    while (!isLeft()) {
      Optional<ApplicationReport> report = report(id, heard);
      if (report.isPresent()) {
        heard = System.nanoTime();
        Optional<EcluseException> end = look(report.get());
        if (end.isPresent()) {
          return end.get();
        }
      }
      pause();
    }
    return lost("was ended");
  }

  /**
   * What YARN says of an application; empty if it does not answer.
   *
   * @param heard when it did last
   * @throws EcluseException if it has not answered for long, or does not know the application
   */
  private Optional<ApplicationReport> report(ApplicationId id, long heard) {
    try {
      return Optional.of(yarn.ask(client -> client.getApplicationReport(id)));
    } catch (EcluseException e) {
      if (e.getCause() instanceof ApplicationNotFoundException) {
        throw ErrorCode.CLUSTER_LOST.error(
            "YARN of cluster %s does not know %s any more".formatted(yarn.name(), id), e);
      }
      if (System.nanoTime() - heard > SILENCE.toNanos()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Why it is gone, if it is by what YARN says. */
  private Optional<EcluseException> look(ApplicationReport report) {
    return switch (report.getYarnApplicationState()) {
      case NEW, NEW_SAVING, SUBMITTED, ACCEPTED -> {
        tell("Application report (state: ACCEPTED): " + oneLine(report.getDiagnostics()));
        long waited = System.currentTimeMillis() - report.getStartTime();
        if (waited <= room.toMillis() || isLaunched(report)) {
          yield Optional.empty();
        }
        end();
        yield Optional.of(noRoom(report));
      }
      case RUNNING -> Optional.empty();
      case FINISHED, FAILED, KILLED -> {
        tell(report.getDiagnostics());
        log.ifPresent(file -> new DriverLog(yarn).append(report, file));
        tell(
            "Application %s has ended: %s"
                .formatted(report.getApplicationId(), report.getFinalApplicationStatus()));
        yield Optional.of(LastWords.of(cluster(), log.orElse(Path.of(""))));
      }
    };
  }

  private EcluseException noRoom(ApplicationReport report) {
    return ErrorCode.CLUSTER_REFUSED.error(
        "Queue %s of cluster %s had no room for the application within %d s: %s; free some, name another queue, ask for less (memory, executors, executor_memory), or wait for longer (room) in clusters.%s of ecluse.yaml"
            .formatted(
                report.getQueue(),
                cluster(),
                room.toSeconds(),
                oneLine(report.getDiagnostics()),
                cluster()));
  }

  /** A driver that starts slowly does not wait for room. */
  private static boolean isLaunched(ApplicationReport report) {
    return String.valueOf(report.getDiagnostics()).contains("AM container is launched");
  }

  private static String oneLine(String text) {
    return String.valueOf(text).strip().replaceAll("\\s+", " ");
  }

  /** Each thing once. */
  private void tell(String text) {
    if (log.isEmpty() || text == null || text.isBlank() || text.equals(said)) {
      return;
    }
    said = text;
    try {
      Files.write(
          log.get(),
          List.of(text),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("What YARN says of {} cannot be written down: {}", name(), e.getMessage());
    }
  }

  private void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Waiting for YARN was interrupted", e);
    }
  }

  /** Kills it there; one that is still being submitted, too, as soon as it is known there. */
  @Override
  protected void end() {
    super.end();
    YarnService.tagged(yarn, words.tag())
        .forEach(application -> YarnService.kill(yarn, application));
  }

  @Override
  protected void close() {
    yarn.close();
  }
}
