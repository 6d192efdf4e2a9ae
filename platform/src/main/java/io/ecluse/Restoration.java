package io.ecluse;

import io.ecluse.backup.Restore;
import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.ProjectReading;
import io.ecluse.project.Secrets;
import io.ecluse.project.Settings;
import io.ecluse.schema.SqlParser;
import io.ecluse.storage.Owner;
import io.ecluse.warehouse.Home;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes a project of a backup: its files in a new folder, its metadata in the database that is
 * configured, which must be empty.
 */
record Restoration(Restore restore, String environment, Map<String, String> variables) {
  private static final Pattern NAMES_DATABASE = Pattern.compile("(?m)^\\s*database\\s*:");

  Restored run() {
    int files = restore.files();
    List<String> notes = new ArrayList<>();
    try {
      ProjectReading reading = read();
      Path state = restore.target().resolve(".ecluse");
      try (ProjectDatabase database =
          ProjectDatabase.open(variables, state, configured(reading), secrets())) {
        restore.catalog(database.settings());
        adopt(reading, database);
      }
      reading
          .project()
          .ifPresent(
              project ->
                  project
                      .environments()
                      .forEach(each -> look(each, project.settings(each), notes)));
    } catch (RuntimeException | Error e) {
      restore.drop(e);
      throw e;
    }
    restore.finish();
    return new Restored(files, notes);
  }

  private ProjectReading read() {
    try (SqlParser parser = Dialect.parser()) {
      return Dialect.reader(parser).read(restore.target());
    }
  }

  /** A project with errors is restored too, to be mended, as long as that needs no guess. */
  private Optional<Settings.Database> configured(ProjectReading reading) {
    if (reading.project().isPresent()) {
      return reading.project().get().settings(environment).database();
    }
    try {
      String text = Files.readString(restore.target().resolve("ecluse.yaml"));
      if (ProjectDatabase.url(variables).isEmpty() && NAMES_DATABASE.matcher(text).find()) {
        reading.orThrow();
      }
    } catch (IOException e) {
      reading.orThrow();
    }
    return Optional.empty();
  }

  /**
   * Tables and batches are in the new folder, also if the files that the catalog was written of are
   * on this machine still, or the project says a place outside.
   */
  private void adopt(ProjectReading reading, ProjectDatabase database) {
    if (reading.project().isEmpty()) {
      return;
    }
    try (Metadata metadata = new Metadata(database.settings())) {
      for (String each : reading.project().get().environments()) {
        Settings settings = reading.project().get().settings(each);
        place(Owner.Kind.STAGING, settings);
        new Warehouse(metadata.jdbi(), each, place(Owner.Kind.WAREHOUSE, settings), new Disk())
            .settle(new Home(database.home().place(), Home.Kind.PRIVATE));
      }
    }
  }

  private Path place(Owner.Kind kind, Settings settings) {
    String said = new Stored(kind, settings, secrets(), restore.target()).location();
    return restore.settle(kind.word(), settings.environment(), said);
  }

  /** Batches that stayed in a store elsewhere are to be there still. */
  private void look(String each, Settings settings, List<String> notes) {
    List<String> batches = restore.elsewhere(each);
    if (batches.isEmpty()) {
      return;
    }
    Stored remote = new Stored(Owner.Kind.STAGING, settings, secrets(), restore.target());
    try {
      Set<String> there = new HashSet<>(remote.whole());
      notes.add(
          "%d of %d batches are still in %s, which stays with the project that was backed up: set another staging.location, or, if that project is gone, remove ecluse-staging.txt there"
              .formatted(
                  batches.stream().filter(there::contains).count(),
                  batches.size(),
                  remote.location()));
    } catch (EcluseException e) {
      notes.add(
          "%d batches were in %s, where nobody could look: %s"
              .formatted(batches.size(), remote.location(), e.getMessage()));
    }
  }

  private Secrets secrets() {
    return new LocalSecrets(variables, restore.target());
  }
}
