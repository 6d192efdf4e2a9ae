package io.ecluse.flow;

import io.ecluse.project.Project;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.source.Declared;
import io.ecluse.source.Source;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceTypes;
import java.util.function.Supplier;

/**
 * Finds the sources of the project's files, their secrets resolved at that moment. Safe for use by
 * several threads.
 */
public final class ProjectSources {
  private final Supplier<Project> project;
  private final SourceTypes types;
  private final Secrets secrets;
  private final SourceTools tools;

  public ProjectSources(
      Supplier<Project> project, SourceTypes types, Secrets secrets, SourceTools tools) {
    this.project = project;
    this.types = types;
    this.secrets = secrets;
    this.tools = tools;
  }

  /** Those of a state of the project, instead of what it is now. */
  public ProjectSources of(Project fixed) {
    return new ProjectSources(() -> fixed, types, secrets, tools);
  }

  /**
   * @throws io.ecluse.error.EcluseException NOT_FOUND, SECRET_MISSING
   */
  public Source source(String name) {
    Project now = project.get();
    SourceFile file = now.source(name);
    return types.of(file, now.folder()).open(new Declared(file, secrets, now.folder()), tools);
  }

  /** Whether a source leaves out rows that cannot land, which can be read again. */
  public boolean leavesRowsOut(String name) {
    Project now = project.get();
    return types.of(now.source(name), now.folder()).leavesRowsOut();
  }
}
