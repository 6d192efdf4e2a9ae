package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Bundle;
import io.ecluse.schema.ColumnFinder;
import io.ecluse.schema.SqlParser;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a project's folder: its files only, no source, no data. Stateless and thread-safe.
 *
 * <p>Everything wrong is told at once: each file is read as far as it goes, then what the files say
 * of each other is checked; the {@link Project} is made of the files without errors, and knows the
 * others by name. Only without its settings there is none.
 */
public final class ProjectReader {
  private static final int TRIES = 3;

  private final SqlParser parser;
  private final Vocabulary vocabulary;

  public ProjectReader(SqlParser parser, Vocabulary vocabulary) {
    this.parser = parser;
    this.vocabulary = vocabulary;
  }

  /**
   * As {@link #read(Path)}, and looks for columns that are named in vain: what only those want to
   * know who mend the files.
   */
  public ProjectReading check(Path folder, ColumnFinder columns) {
    Path absolute = folder.toAbsolutePath().normalize();
    Bundle bundle = ProjectBundle.of(absolute).pack();
    return read(new ProjectFiles.Place(absolute, absolute, bundle), Optional.of(columns));
  }

  /** Never throws for what stands in the folder. */
  public ProjectReading read(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    for (int i = 0; i < TRIES; i++) {
      ProjectBundle bundle = ProjectBundle.of(absolute);
      ProjectReading reading = read(absolute, absolute, bundle.pack());
      if (reading.project().isEmpty() || ProjectBundle.of(absolute).hash().equals(bundle.hash())) {
        return reading;
      }
    }
    // files that change all the time are read as they were at some moment
    return readApart(ProjectBundle.of(absolute), absolute);
  }

  /** The settings of an environment alone, if they can be used; {@link #read} says why not. */
  public Optional<Settings> settings(Path folder, String environment) {
    Problems problems = new Problems();
    Value.Entries settings = ProjectFiles.readSettings(folder, vocabulary, problems);
    return problems.isBroken(ProjectFiles.SETTINGS)
        ? Optional.empty()
        : Optional.ofNullable(
            new SettingsAssembly(folder, settings).byEnvironment().get(environment));
  }

  /**
   * The project that a bundle was kept of.
   *
   * @param folder where it stands now: data and secrets are looked for there
   * @throws EcluseException DATA_CORRUPT; INVALID_PROJECT if this version reads the files otherwise
   */
  public Project read(Bundle bundle, Path folder) {
    return readApart(ProjectBundle.unpack(bundle), folder.toAbsolutePath().normalize()).orThrow();
  }

  /**
   * What the text of a source's file says, as a project of nothing else would have it.
   *
   * @throws EcluseException INVALID_PROJECT
   */
  public SourceFile source(String name, String text) {
    ProjectBundle alone =
        ProjectBundle.NONE
            .with(ProjectFiles.SETTINGS, "name: alone\n".getBytes(StandardCharsets.UTF_8))
            .with("sources/" + name + ".yaml", text.getBytes(StandardCharsets.UTF_8));
    return readApart(alone, Path.of("").toAbsolutePath()).orThrow().source(name);
  }

  /** What the folder would give if these were its files. */
  ProjectReading readApart(ProjectBundle bundle, Path folder) {
    try {
      Path place = Files.createTempDirectory("ecluse-project-");
      try {
        bundle.writeTo(place);
        return read(folder, place, bundle.pack());
      } finally {
        delete(place);
      }
    } catch (IOException e) {
      throw ErrorCode.DISK_FULL.error(
          "Could not lay out the project's files in %s: %s"
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
          e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private ProjectReading read(Path folder, Path place, Bundle bundle) {
    return read(new ProjectFiles.Place(folder, place, bundle), Optional.empty());
  }

  private ProjectReading read(ProjectFiles.Place place, Optional<ColumnFinder> columns) {
    Problems problems = new Problems();
    ProjectFiles files = ProjectFiles.read(place, parser, vocabulary, problems);
    Tables tables = Tables.of(files, problems);
    Map<String, Set<TableName>> queries =
        new ReferenceCheck(files, tables, parser, vocabulary, problems).run();
    new PortabilityCheck(files, parser, problems).run();
    columns.ifPresent(finder -> new ColumnCheck(files, tables, problems, parser, finder).run());
    if (problems.isBroken(ProjectFiles.SETTINGS)) {
      return new ProjectReading(Optional.empty(), problems.sorted());
    }
    Project project = new ProjectAssembly(files, tables, vocabulary, problems, queries).project();
    int before = problems.brokenFiles();
    checkExpansion(project, problems);
    Project usable =
        problems.brokenFiles() == before
            ? project
            : new ProjectAssembly(files, tables, vocabulary, problems, queries).project();
    return new ProjectReading(Optional.of(usable), problems.sorted());
  }

  private static void checkExpansion(Project project, Problems problems) {
    DagExpander expander = new DagExpander(project);
    for (DagFile dag : project.dags().values()) {
      try {
        expander.expand(dag);
      } catch (EcluseException e) {
        problems.in(dag.path()).error(Position.START, String.valueOf(e.getMessage()));
      }
    }
  }
}
