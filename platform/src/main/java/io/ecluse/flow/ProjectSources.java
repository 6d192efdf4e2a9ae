package io.ecluse.flow;

import io.ecluse.project.Project;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.Source;
import io.ecluse.source.postgres.PostgresSource;
import io.ecluse.staging.StagingArea;
import java.time.Clock;
import java.util.function.Supplier;

/** The sources of the project's files. */
public final class ProjectSources implements Sources {
  private final Supplier<Project> project;
  private final Secrets secrets;
  private final StagingArea staging;
  private final PartEncoder encoder;
  private final Clock clock;

  public ProjectSources(
      Supplier<Project> project,
      Secrets secrets,
      StagingArea staging,
      PartEncoder encoder,
      Clock clock) {
    this.project = project;
    this.secrets = secrets;
    this.staging = staging;
    this.encoder = encoder;
    this.clock = clock;
  }

  @Override
  public Source source(String name) {
    SourceFile file = project.get().source(name);
    return new PostgresSource(
        new TargetSettings(secrets, project.get().folder()).of(SourceTarget.of(file)),
        staging,
        encoder,
        clock);
  }
}
