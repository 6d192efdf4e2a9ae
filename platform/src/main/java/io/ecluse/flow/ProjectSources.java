package io.ecluse.flow;

import io.ecluse.project.Project;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.source.DriftPolicy;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.Source;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.postgres.PostgresSource;
import io.ecluse.source.postgres.PostgresSourceSettings;
import io.ecluse.staging.StagingArea;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
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
    PostgresSourceSettings plain =
        new TargetSettings(secrets, project.get().folder()).of(SourceTarget.of(file));
    return new PostgresSource(
        new PostgresSourceSettings(
            plain.name(),
            plain.server(),
            plain.schema(),
            plain.connections(),
            plain.statementTimeout(),
            plain.lockTimeout(),
            plans(file),
            new ImpactLimits(
                file.extraction().maxSlowdown().map(percent -> percent / 100.0),
                file.extraction().maxRate()),
            file.extraction().maxRejected(),
            DriftPolicy.valueOf(file.drift().name())),
        staging,
        encoder,
        clock);
  }

  private static Map<String, StreamPlan> plans(SourceFile file) {
    Map<String, StreamPlan> plans = new HashMap<>();
    file.streams()
        .forEach(
            (name, stream) ->
                plans.put(
                    name,
                    new StreamPlan(
                        StreamPlan.Mode.valueOf(stream.mode().name()),
                        stream.cursor(),
                        stream.lookBack(),
                        stream.primaryKey(),
                        stream.detectsDeletes()
                            ? StreamPlan.Deletes.DETECT
                            : StreamPlan.Deletes.IGNORE)));
    return plans;
  }
}
