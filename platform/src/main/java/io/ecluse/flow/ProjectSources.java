package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Project;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Template;
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
  private static final int LARGEST_PORT = 65_535;

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
    SourceFile.Connection connection = file.connection();
    PostgresSourceSettings.Server server =
        new PostgresSourceSettings.Server(
            connection.host().resolve(secrets),
            port(file),
            connection.database().resolve(secrets),
            connection.user().resolve(secrets),
            connection.password().map(p -> p.resolve(secrets)).orElse(""),
            option(connection, "sslmode", "prefer"),
            file.extraction().connectTimeout());
    return new PostgresSource(
        new PostgresSourceSettings(
            name,
            server,
            file.schema(),
            file.extraction().connections(),
            file.extraction().statementTimeout(),
            file.extraction().lockTimeout(),
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

  private String option(SourceFile.Connection connection, String name, String otherwise) {
    Template value = connection.options().get(name);
    return value == null ? otherwise : value.resolve(secrets);
  }

  private int port(SourceFile file) {
    String text = file.connection().port().resolve(secrets);
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= LARGEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below, with the value
    }
    throw new EcluseException(
        ErrorCode.INVALID_PROJECT,
        "%s: connection.port must be 1 to 65535, but is '%s'".formatted(file.path(), text));
  }
}
