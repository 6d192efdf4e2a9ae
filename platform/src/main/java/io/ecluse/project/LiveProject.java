package io.ecluse.project;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The project of a process that runs for long: its files may change meanwhile. What is valid takes
 * effect at once; of a project with errors, the last valid state goes on. Safe for use by several
 * threads.
 */
public final class LiveProject implements Supplier<Project> {
  private static final Logger LOG = LoggerFactory.getLogger(LiveProject.class);

  private final ProjectReader reader;
  private final Path folder;
  private volatile Project last;
  private volatile ProjectReading reading;

  /** Reads the project now; EcluseException INVALID_PROJECT if it has errors. */
  public LiveProject(ProjectReader reader, Path folder) {
    this.reader = reader;
    this.folder = folder;
    this.reading = reader.read(folder);
    this.last = reading.orThrow();
  }

  /** The last valid state that was read. */
  @Override
  public Project get() {
    return last;
  }

  /** What the last reading of the files gave, be it valid or not. */
  public ProjectReading reading() {
    return reading;
  }

  /**
   * Reads the files anew and tells what is wrong with them; nothing changes if there are errors.
   */
  public ProjectReading reload() {
    ProjectReading now = reader.read(folder);
    reading = now;
    if (now.errors().isEmpty()) {
      now.project().ifPresent(p -> last = p);
    } else {
      LOG.warn(
          "The project in {} has {} errors; the last valid state goes on",
          folder,
          now.errors().size());
    }
    return now;
  }
}
