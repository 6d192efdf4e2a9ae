package io.ecluse.yarn;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.spark.LastWords;
import io.ecluse.spark.RemoteApplications.Application;
import io.ecluse.spark.RemoteApplications.Started;
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
 * An application on YARN, from its submission to its end, which a thread of its own watches. What
 * YARN says of it goes into its log, beside what the submission printed.
 */
final class YarnSession {
  private static final Logger LOG = LoggerFactory.getLogger(YarnSession.class);
  private static final long BETWEEN_LOOKS = 1_000;

  /** One that was submitted by a process that died may not have come to YARN yet. */
  private static final Duration NAMELESS = Duration.ofMinutes(10);

  /** Resource managers are started anew, and applications go on meanwhile. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final Yarn yarn;
  private final String name;
  private final Duration room;
  private final Consumer<String> called;
  private Optional<Path> log = Optional.empty();
  private String said = "";
  private volatile Optional<EcluseException> gone = Optional.empty();
  private volatile boolean isLeft;

  /**
   * @param room how long it may wait for room
   * @param called is told by what it can be found again
   */
  YarnSession(Yarn yarn, String name, Duration room, Consumer<String> called) {
    this.yarn = yarn;
    this.name = name;
    this.room = room;
    this.called = called;
  }

  void start(Application application, String owner) {
    log = Optional.of(application.here().log());
    run(
        () -> {
          submit(application, owner);
          watch(find().orElseThrow(() -> LastWords.of(yarn.name(), application.here().log())));
        });
  }

  void takeUp(Started application) {
    log = Optional.of(application.log());
    run(
        () -> {
          long begun = System.nanoTime() - application.age().toNanos();
          Optional<ApplicationId> id = application.handle().map(ApplicationId::fromString);
          while (id.isEmpty() && !isLeft) {
            id = find();
            if (id.isEmpty() && System.nanoTime() - begun > NAMELESS.toNanos()) {
              throw ErrorCode.CLUSTER_LOST.error(
                  "The application on cluster %s has never come to YARN".formatted(yarn.name()));
            }
            pause();
          }
          if (id.isPresent()) {
            watch(id.get());
          }
        });
  }

  private void run(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (EcluseException e) { // a task of its own: whoever asks is told
                gone = Optional.of(e);
              } finally {
                yarn.close();
              }
            },
            "yarn-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void submit(Application application, String owner) {
    yarn.reach();
    Map<String, String> conf = new LinkedHashMap<>(application.here().bring().get());
    conf.put("spark.yarn.tags", owner + "," + YarnApplications.tag(name));
    conf.put("spark.yarn.submit.waitAppCompletion", "false");
    // a second driver would not know what the first was working on: we begin it anew
    conf.put("spark.yarn.maxAppAttempts", "1");
    // Hadoop makes classes of ours by their names, and looks for them where it was loaded
    conf.put("spark.driver.extraClassPath", "__app__.jar");
    conf.put("spark.executor.extraClassPath", "__app__.jar");
    Process process = application.here().submission().apply(conf);
    try {
      while (!process.waitFor(BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
        if (isLeft) {
          return; // it goes on, and is found by its name
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<ApplicationId> find() {
    Optional<ApplicationId> found =
        YarnApplications.tagged(yarn, YarnApplications.tag(name))
            .map(ApplicationReport::getApplicationId)
            .max(Comparator.naturalOrder());
    found.ifPresent(
        id -> {
          LOG.info("The application {} on cluster {} is {}", name, yarn.name(), id);
          called.accept(id.toString());
        });
    return found;
  }

  private void watch(ApplicationId id) {
    long heard = System.nanoTime();
    while (!isLeft) {
      Optional<ApplicationReport> report = report(id, heard);
      if (report.isPresent()) {
        heard = System.nanoTime();
        look(report.get());
      }
      pause();
    }
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

  private void look(ApplicationReport report) {
    switch (report.getYarnApplicationState()) {
      case NEW, NEW_SAVING, SUBMITTED, ACCEPTED -> {
        tell("Application report (state: ACCEPTED): " + oneLine(report.getDiagnostics()));
        long waited = System.currentTimeMillis() - report.getStartTime();
        if (waited > room.toMillis() && !isLaunched(report)) {
          end();
          throw ErrorCode.CLUSTER_REFUSED.error(
              "Queue %s of cluster %s had no room for the application within %d s: %s; free some, name another queue, ask for less (memory, executors, executor_memory), or wait for longer (room) in clusters.%s of ecluse.yaml"
                  .formatted(
                      report.getQueue(),
                      yarn.name(),
                      room.toSeconds(),
                      oneLine(report.getDiagnostics()),
                      yarn.name()));
        }
      }
      case RUNNING -> {}
      case FINISHED, FAILED, KILLED -> {
        tell(report.getDiagnostics());
        log.ifPresent(file -> new DriverLog(yarn).append(report, file));
        tell(
            "Application %s has ended: %s"
                .formatted(report.getApplicationId(), report.getFinalApplicationStatus()));
        throw LastWords.of(yarn.name(), log.orElse(Path.of("")));
      }
    }
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
      LOG.warn("What YARN says of {} cannot be written down: {}", name, e.getMessage());
    }
  }

  private void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      isLeft = true;
    }
  }

  Optional<EcluseException> gone() {
    return gone;
  }

  /** Kills it there; one that is still being submitted, too, as soon as it is known there. */
  void end() {
    YarnApplications.tagged(yarn, YarnApplications.tag(name))
        .forEach(application -> YarnApplications.kill(yarn, application));
  }

  /** It goes on without us. */
  void leave() {
    isLeft = true;
  }
}
