package io.ecluse.query;

import io.ecluse.duckdb.EngineFiles;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The processes for people's queries: started when needed, bounded by the {@link Lanes}, one kept
 * warm. What the operating system lets one have is set before it becomes Java, so that nothing it
 * does can take more; when memory runs out all the same, it is the one to go. Safe for use by
 * several threads.
 */
final class WorkerPool implements AutoCloseable {
  private static final int KEPT = 3;
  private static final int WARM = 1;
  private static final long IDLE_SECONDS = 60;
  private static final long FAT = 320L << 20;

  /**
   * The rest of the arguments becomes the process. What cannot be limited on this system is not:
   * DuckDB's own limit still holds there.
   */
  private static final String LIMITED =
      "echo 1000 > /proc/self/oom_score_adj; ulimit -c 0; ulimit -d \"$1\"; shift; exec \"$@\"";

  private final WorkerSettings settings;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          1,
          work -> {
            Thread thread = new Thread(work, "query-timer");
            // not that of the request which comes first: this thread outlives the web server
            thread.setContextClassLoader(WorkerPool.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
          });
  private final Deque<WorkerProcess> idle = new ArrayDeque<>();
  private final Set<WorkerProcess> all = new HashSet<>();
  private boolean closed;

  WorkerPool(WorkerSettings settings) {
    this.settings = settings;
  }

  /** Runs what is to be done later; nothing that takes long. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /** One that is idle, else a new one. */
  WorkerProcess take() {
    synchronized (this) {
      if (closed) {
        throw ErrorCode.CANCELLED.error("The platform stops");
      }
      while (!idle.isEmpty()) {
        WorkerProcess worker = idle.pop();
        if (worker.isUsable()) {
          worker.reset();
          return worker;
        }
        end(worker);
      }
    }
    WorkerProcess started = start();
    synchronized (this) {
      all.add(started);
    }
    return started;
  }

  /** Takes it back; what is broken or has grown is ended, and the next started in its place. */
  void giveBack(WorkerProcess worker) {
    boolean kept = worker.isUsable() && worker.residentBytes() < FAT;
    synchronized (this) {
      if (kept && !closed && idle.size() < KEPT) {
        idle.push(worker);
        if (idle.size() > WARM) {
          timer.schedule(this::trim, IDLE_SECONDS, TimeUnit.SECONDS);
        }
        return;
      }
      all.remove(worker);
      if (!closed && idle.isEmpty()) {
        timer.execute(this::startSpare);
      }
    }
    worker.close();
  }

  /** So that whoever asks next need not wait for it. */
  private void startSpare() {
    WorkerProcess spare = start();
    synchronized (this) {
      if (!closed && idle.isEmpty()) {
        all.add(spare);
        idle.push(spare);
        return;
      }
    }
    spare.close();
  }

  private void trim() {
    List<WorkerProcess> spare = new ArrayList<>();
    synchronized (this) {
      while (idle.size() > WARM) {
        WorkerProcess oldest = idle.removeLast();
        all.remove(oldest);
        spare.add(oldest);
      }
    }
    spare.forEach(WorkerProcess::close);
  }

  private synchronized void end(WorkerProcess worker) {
    all.remove(worker);
    worker.close();
  }

  private WorkerProcess start() {
    Path folder = settings.engine().spill().resolve("worker-" + UUID.randomUUID());
    try {
      Files.createDirectories(folder);
      ProcessBuilder builder = new ProcessBuilder(command(folder));
      Map<String, String> environment = builder.environment();
      String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
      environment.clear(); // no secret of ours reaches it
      environment.put("PATH", path);
      environment.put("LC_ALL", "C.UTF-8");
      environment.put("TMPDIR", folder.toString());
      builder.directory(folder.toFile());
      builder.redirectError(ProcessBuilder.Redirect.to(folder.resolve("log").toFile()));
      return new WorkerProcess(builder.start(), folder, settings.most(), timer);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error(
          "Could not start a process for the query: " + e.getMessage(), e);
    }
  }

  private List<String> command(Path folder) {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xms16m",
            "-Xmx160m",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:ErrorFile=" + folder.resolve("crash"),
            "-XX:+DisplayVMOutputToStderr",
            "-Xshare:auto",
            "--add-opens=java.base/java.nio=ALL-UNNAMED", // for Arrow
            "-Dfile.encoding=UTF-8",
            "-Duser.timezone=UTC",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            EngineFiles.classPath(settings.program()),
            WorkerMain.class.getName(),
            String.valueOf(settings.share(Lane.LONG)),
            String.valueOf(settings.engine().threads()),
            folder.resolve("spill").toString(),
            String.valueOf(settings.spill()),
            folder.resolve(WorkerMain.OUTPUT).toString());
    List<String> command = new ArrayList<>();
    if (!System.getProperty("os.name").startsWith("Windows")) {
      command.addAll(
          List.of("/bin/sh", "-c", LIMITED, "query", String.valueOf(settings.most() / 1024)));
    }
    command.addAll(java);
    return command;
  }

  @Override
  public void close() {
    List<WorkerProcess> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(all);
      all.clear();
      idle.clear();
    }
    left.forEach(WorkerProcess::close);
    timer.shutdownNow();
  }
}
