package io.ecluse.flow;

import io.ecluse.project.Api;
import io.ecluse.project.Project;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.SourceFactory;
import io.ecluse.source.files.FilesSource;
import io.ecluse.source.http.HttpSource;
import io.ecluse.source.jdbc.JdbcSource;
import io.ecluse.source.postgres.PostgresSource;
import io.ecluse.source.postgres.PostgresSourceSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The sources of the project's files. */
public final class ProjectSources implements Sources {
  private final Supplier<Project> project;
  private final Secrets secrets;
  private final Landing.Stage stage;
  private final FileDecoder decoder;
  private final SourcePlugins plugins = new SourcePlugins();

  public ProjectSources(
      Supplier<Project> project, Secrets secrets, Landing.Stage stage, FileDecoder decoder) {
    this.project = project;
    this.secrets = secrets;
    this.stage = stage;
    this.decoder = decoder;
  }

  @Override
  public Sources of(Project fixed) {
    return new ProjectSources(() -> fixed, secrets, stage, decoder);
  }

  @Override
  public Source source(String name) {
    SourceFile file = project.get().source(name);
    return switch (file.type()) {
      case POSTGRES -> postgres(file);
      case FILES ->
          new FilesSource(
              new FolderSettings(secrets, project.get().folder())
                  .of(file, (SourceFile.Folder) file.access()),
              stage,
              decoder);
      case JDBC -> JdbcSource.any(databases().any(file), stage);
      case MARIADB -> JdbcSource.mariaDb(databases().mariaDb(file), stage);
      case HTTP ->
          new HttpSource(new ApiSettings(secrets).of(file, (Api) file.access()), stage, decoder);
      case PLUGIN -> plugin(file, (SourceFile.Plugin) file.access());
    };
  }

  private Source plugin(SourceFile file, SourceFile.Plugin access) {
    Map<String, String> settings = new LinkedHashMap<>();
    access.settings().forEach((key, value) -> settings.put(key, value.resolve(secrets)));
    Path folder = project.get().folder();
    return plugins
        .factory(file, access.type(), folder)
        .open(
            new SourceFactory.Opening(
                file.name(), settings, List.copyOf(file.streams().keySet()), folder, stage));
  }

  private JdbcTargets databases() {
    return new JdbcTargets(secrets, project.get().folder());
  }

  private Source postgres(SourceFile file) {
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
            JdbcTargets.plans(file),
            JdbcTargets.limits(file),
            file.extraction().maxRejected(),
            file.drift(),
            new PostgresSourceSettings.Ranges(
                PostgresSourceSettings.Ranges.USUAL_PAGES,
                file.extraction().checksums()
                    ? PostgresSourceSettings.Compare.CHECKSUMS
                    : PostgresSourceSettings.Compare.COUNTS),
            plain.rowSecurity()),
        stage.staging(),
        stage.encoder(),
        stage.clock());
  }
}
