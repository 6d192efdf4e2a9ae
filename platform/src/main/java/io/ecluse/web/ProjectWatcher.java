package io.ecluse.web;

import io.ecluse.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that files of the project have changed, and has the platform read them. */
final class ProjectWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectWatcher.class);
  private static final int SECONDS = 2;

  private final Platform platform;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          r -> {
            Thread thread = new Thread(r, "project-watcher");
            thread.setDaemon(true);
            return thread;
          });

  /** Of nothing yet: files may have changed between the platform's reading and the first look. */
  private int seen;

  ProjectWatcher(Platform platform) {
    this.platform = platform;
  }

  void start() {
    timer.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      int now = state();
      if (now != seen) {
        seen = now;
        if (platform.project().reload().project().isPresent()) {
          platform.starts().followSchedules();
          LOG.info("The project's files were read");
        }
        platform.project().check();
      }
    } catch (RuntimeException e) {
      LOG.warn("The project's files could not be looked at", e);
    }
  }

  /** Changes when any file of the project does. */
  private int state() {
    Path folder = platform.project().get().folder();
    int hash = 1;
    for (String part :
        new String[] {"sources", "dags", "models", "tests", "dashboards", "ecluse.yaml"}) {
      try (Stream<Path> files = Files.walk(folder.resolve(part))) {
        for (Path file : files.sorted().toList()) {
          hash = Objects.hash(hash, file, Files.getLastModifiedTime(file), Files.size(file));
        }
      } catch (IOException e) {
        hash = Objects.hash(hash, part);
      }
    }
    return hash;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
