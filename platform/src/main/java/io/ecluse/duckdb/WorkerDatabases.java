package io.ecluse.duckdb;

import io.ecluse.engine.EngineSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The databases of a worker: the one of the last query, which serves the next if that reads the
 * same files, and a fresh one that has been told nothing yet, because to start one takes ten
 * milliseconds. Used by one thread.
 */
public final class WorkerDatabases implements AutoCloseable {
  private final EngineSettings settings;
  private final String output;
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "databases");
            thread.setDaemon(true);
            return thread;
          });
  private CompletableFuture<DuckDb> fresh;
  private Optional<DuckDb> last = Optional.empty();
  private List<String> files = List.of();

  public WorkerDatabases(EngineSettings settings, String output) {
    this.settings = settings;
    this.output = output;
    this.fresh = start();
  }

  private CompletableFuture<DuckDb> start() {
    return CompletableFuture.supplyAsync(() -> DuckDb.unlocked(settings), background);
  }

  /** One that can parse. */
  public DuckDb any() {
    return last.orElseGet(this::fresh);
  }

  private DuckDb fresh() {
    try {
      return fresh.join();
    } catch (CompletionException e) {
      fresh = start();
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }

  /** A session that opens these files and the output, and nothing else. */
  public DuckDbSession session(List<String> wanted) {
    if (last.isEmpty() || !files.equals(wanted)) {
      DuckDb next = fresh();
      fresh = start();
      last.ifPresent(old -> background.execute(old::close));
      last = Optional.of(next);
      files = List.copyOf(wanted);
      List<String> all = new ArrayList<>(wanted);
      all.add(output);
      next.lock(all);
    }
    return last.orElseThrow().open();
  }

  @Override
  public void close() {
    background.shutdownNow();
    last.ifPresent(DuckDb::close);
  }
}
