package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Api;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Template;
import io.ecluse.source.Discovery;
import io.ecluse.source.Finding;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.files.FilesInspection;
import io.ecluse.source.http.HttpInspection;
import io.ecluse.source.jdbc.JdbcInspection;
import io.ecluse.source.postgres.PostgresInspection;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks at the sources of a project, and at those that may become one. */
public final class SourceInspections {
  private final Secrets secrets;
  private final Path folder;

  /**
   * @param folder the project's, whether or not it holds one yet
   */
  public SourceInspections(Secrets secrets, Path folder) {
    this.secrets = secrets;
    this.folder = folder;
  }

  /**
   * What there is.
   *
   * @throws EcluseException SECRET_MISSING, and what a discovery says
   */
  public Discovery discover(SourceTarget target, SourceInspection.InspectionListener listener) {
    return inspection(target).discover(listener);
  }

  /**
   * What there is in a source that the project has.
   *
   * @throws EcluseException SECRET_MISSING, and what a discovery says; INVALID_USAGE for a source
   *     that cannot be looked at
   */
  public Discovery discover(SourceFile file, SourceInspection.InspectionListener listener) {
    try (Scratch scratch = Scratch.open()) {
      return inspection(file, scratch).discover(listener);
    }
  }

  /** Whether an extract of the source will work, and what to do if not. */
  public void check(SourceFile file, Consumer<Finding> found) {
    List<SourceInspection.WantedStream> wanted =
        file.streams().values().stream()
            .map(s -> new SourceInspection.WantedStream(s.name(), s.primaryKey(), s.cursor()))
            .toList();
    try (Scratch scratch = Scratch.open()) {
      SourceInspection inspection;
      try {
        inspection = inspection(file, scratch);
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.SECRET_MISSING) {
          throw e;
        }
        found.accept(Finding.problem("secret", String.valueOf(e.getMessage()), secretRemedy(file)));
        return;
      }
      inspection.check(wanted, found);
    }
  }

  private static String secretRemedy(SourceFile file) {
    return password(file.access())
        .map(Template::text)
        .filter(t -> t.startsWith("${secret:"))
        .map(t -> "run: ecluse secret " + t.substring("${secret:".length(), t.length() - 1))
        .orElse("give the values that connection names in " + file.path());
  }

  private static Optional<Template> password(SourceFile.Access access) {
    if (access instanceof SourceFile.Url url) {
      return url.password();
    }
    return access instanceof SourceFile.Connection server ? server.password() : Optional.empty();
  }

  private SourceInspection inspection(SourceFile file, Scratch scratch) {
    JdbcTargets databases = new JdbcTargets(secrets, folder);
    return switch (file.type()) {
      case JDBC -> JdbcInspection.any(databases.any(file), Clock.systemUTC());
      case MARIADB -> JdbcInspection.mariaDb(databases.mariaDb(file), Clock.systemUTC());
      case FILES ->
          new FilesInspection(
              new FolderSettings(secrets, folder).of(file, (SourceFile.Folder) file.access()),
              scratch.copies(),
              scratch.decoder(),
              scratch.folder());
      case HTTP ->
          new HttpInspection(
              new ApiSettings(secrets).of(file, (Api) file.access()),
              scratch.decoder(),
              scratch.folder(),
              Clock.systemUTC());
      case POSTGRES, PLUGIN -> inspection(SourceTarget.of(file));
    };
  }

  private SourceInspection inspection(SourceTarget target) {
    return new PostgresInspection(new TargetSettings(secrets, folder).of(target));
  }
}
