package io.ecluse.flow;

import io.ecluse.project.LiveProject;
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

/**
 * Notices that files of the project have changed, and has them read: what runs by schedules is then
 * what they say.
 */
public final class ProjectWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectWatcher.class);
  private static final int SECONDS = 2;

  private final LiveProject project;
  private final RunStarts starts;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          r -> {
            Thread thread = new Thread(r, "project-watcher");
            thread.setDaemon(true);
            return thread;
          });

  /** Of nothing yet: files may have changed between the platform's reading and the first look. */
  private int seen;

  private boolean started;

  public ProjectWatcher(LiveProject project, RunStarts starts) {
    this.project = project;
    this.starts = starts;
  }

  /** Looks from now on, until closed; a second call does nothing. */
  public synchronized void start() {
    if (!started) {
      started = true;
      timer.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }
  }

  private void look() {
    try {
      int now = state();
      if (now != seen) {
        seen = now;
        if (project.reload().project().isPresent()) {
          starts.followSchedules();
          LOG.info("The project's files were read");
        }
        project.check();
      }
    } catch (RuntimeException e) {
      LOG.warn("The project's files could not be looked at", e);
    }
  }

  /** Changes when any file of the project does. */
  private int state() {
    Path folder = project.get().folder();
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
