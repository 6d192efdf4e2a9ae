package io.ecluse.project;

import io.ecluse.error.EcluseException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a project's folder: its files only, no source, no data. Stateless and thread-safe.
 *
 * <p>Everything wrong is told at once: each file is read as far as it goes, then what the files say
 * of each other is checked; only when nothing is an error the {@link Project} is made.
 */
public final class ProjectReader {
  /** Never throws for what stands in the folder. */
  public ProjectReading read(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Problems problems = new Problems();
    ProjectFiles files = ProjectFiles.read(absolute, problems);
    Tables tables = Tables.of(files, problems);
    new ReferenceCheck(files, tables, problems).run();
    if (problems.hasErrors()) {
      return new ProjectReading(Optional.empty(), problems.sorted());
    }
    Project project = new ProjectAssembly(files, tables).project();
    checkExpansion(project, problems);
    return new ProjectReading(
        problems.hasErrors() ? Optional.empty() : Optional.of(project), problems.sorted());
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
