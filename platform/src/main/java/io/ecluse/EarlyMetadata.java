package io.ecluse;

import io.ecluse.backup.Restore;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Opens a project's metadata while its files are still read: a command that only looks would spend
 * a third of its time on each. Not safe for use by several threads.
 */
final class EarlyMetadata implements AutoCloseable {
  private final Map<String, String> variables;
  private final Path folder;
  private CompletableFuture<Optional<Opened>> opened;

  /** What was opened with which settings. */
  record Opened(Settings settings, ProjectDatabase database, Metadata metadata) {
    private void close() {
      try (ProjectDatabase last = database) {
        metadata.close();
      }
    }
  }

  /**
   * Begins.
   *
   * @param folder of the project, absolute
   * @param settings those of the environment, if they can be used
   */
  EarlyMetadata(Map<String, String> variables, Path folder, Supplier<Optional<Settings>> settings) {
    this.variables = variables;
    this.folder = folder;
    this.opened =
        CompletableFuture.supplyAsync(
            () -> settings.get().map(this::open), EarlyMetadata::besideTheReader);
  }

  /** The threads of {@link java.util.concurrent.ForkJoinPool} read files. */
  private static void besideTheReader(Runnable opening) {
    Thread thread = new Thread(opening, "metadata-start");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * What is open, once it is; opened anew should the settings have changed meanwhile.
   *
   * @param settings those that the project was read with
   * @throws io.ecluse.error.EcluseException what opening says
   */
  Opened get(Settings settings) {
    Optional<Opened> early = join();
    if (early.isEmpty() || !early.get().settings().equals(settings)) {
      close();
      opened = CompletableFuture.completedFuture(Optional.of(open(settings)));
    }
    return join().orElseThrow();
  }

  private Opened open(Settings settings) {
    Restore.requireFinished(folder);
    Path state = folder.resolve(".ecluse");
    new PrivateFolders(variables).close(state, settings);
    ProjectDatabase database =
        ProjectDatabase.open(
            variables, state, settings.database(), new LocalSecrets(variables, folder));
    try {
      return new Opened(settings, database, new Metadata(database.settings(), database.host()));
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  private Optional<Opened> join() {
    try {
      return opened.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // opening throws no checked exception
    }
  }

  /** Closes what is open; a second call does nothing. */
  @Override
  public void close() {
    CompletableFuture<Optional<Opened>> last = opened;
    opened = CompletableFuture.completedFuture(Optional.empty());
    last.exceptionally(failed -> Optional.empty()).join().ifPresent(Opened::close);
  }
}
