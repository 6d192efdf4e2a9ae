package io.ecluse.project;

import io.ecluse.error.Nearest;
import io.ecluse.schema.ColumnFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The project of a process that runs for long: its files may change meanwhile. They take effect at
 * once; a file with errors stops what depends on it. Only when the settings have errors, the last
 * state without goes on. Safe for use by several threads.
 */
public final class LiveProject implements Supplier<Project> {
  private static final Logger LOG = LoggerFactory.getLogger(LiveProject.class);

  private final ProjectReader reader;
  private final Path folder;
  private final Supplier<? extends ColumnFinder> finders;
  private volatile List<Problem> found = List.of();
  private volatile Project last;
  private volatile ProjectReading reading;
  private volatile String read;

  /** Reads the project now; EcluseException INVALID_PROJECT if its settings have errors. */
  public LiveProject(ProjectReader reader, Path folder, Supplier<? extends ColumnFinder> finders) {
    this.reader = reader;
    this.finders = finders;
    this.folder = folder;
    this.read = ProjectBundle.of(folder).hash();
    this.reading = reader.read(folder);
    this.last = reading.orThrow();
    tell(reading);
  }

  /** The last state that could be used. */
  @Override
  public Project get() {
    return last;
  }

  /** What the last reading of the files gave, be it valid or not. */
  public ProjectReading reading() {
    return reading;
  }

  /** All that is known to be wrong: by the last reading, and by the last {@link #check()}. */
  public List<Problem> problems() {
    return Stream.concat(reading.problems().stream(), found.stream())
        .distinct()
        .sorted(Problem.ORDER)
        .toList();
  }

  /** Looks for what reading does not, which takes longer: columns that are named in vain. */
  public void check() {
    try (ColumnFinder finder = finders.get()) {
      List<Problem> more = new ArrayList<>(reader.check(folder, finder).problems());
      more.removeAll(reading.problems());
      found = List.copyOf(more);
    }
  }

  /** Reads the files anew and tells what is wrong with them. */
  public ProjectReading reload() {
    read = ProjectBundle.of(folder).hash(); // before: what changes meanwhile is read again
    ProjectReading now = reader.read(folder);
    reading = now;
    now.project().ifPresent(p -> last = p);
    tell(now);
    return now;
  }

  /** Reads the files anew if any has changed since; whether one has. */
  public boolean refresh() {
    if (ProjectBundle.of(folder).hash().equals(read)) {
      return false;
    }
    reload();
    return true;
  }

  private void tell(ProjectReading now) {
    if (now.errors().isEmpty()) {
      return;
    }
    List<String> files = now.errors().stream().map(Problem::file).distinct().toList();
    LOG.warn(
        "{} in the project in {}: {}; ecluse validate lists the errors",
        files.size() == 1 ? "A file has errors" : files.size() + " files have errors",
        folder,
        Nearest.list(files)
            + (now.project().isPresent()
                ? "; what depends on them does not run, all else does"
                : "; the last valid state goes on"));
  }
}
