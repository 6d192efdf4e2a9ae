package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.source.Declared;
import io.ecluse.source.Discovery;
import io.ecluse.source.Finding;
import io.ecluse.source.FindingListener;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceTypes;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Looks at the sources of a project, and at those that may become one. */
public final class SourceInspections {
  private final SourceTypes types;
  private final Secrets secrets;
  private final Path folder;
  private final Function<Path, SourceTools> tools;

  /**
   * @param folder the project's, whether or not it holds one yet
   * @param tools for one look, in a folder of its own
   */
  public SourceInspections(
      SourceTypes types, Secrets secrets, Path folder, Function<Path, SourceTools> tools) {
    this.tools = tools;
    this.types = types;
    this.secrets = secrets;
    this.folder = folder;
  }

  /**
   * What there is in a source.
   *
   * @throws EcluseException SECRET_MISSING, and what a discovery says; INVALID_USAGE for a source
   *     that cannot be looked at
   */
  public Discovery discover(SourceFile file, SourceInspection.InspectionListener listener) {
    try (Scratch scratch = Scratch.open(tools)) {
      return inspection(declared(file), scratch).discover(listener);
    }
  }

  /** Whether an extract of the source will work, and what to do if not. */
  public void check(SourceFile file, FindingListener found) {
    List<SourceInspection.WantedStream> wanted =
        file.streams().values().stream()
            .map(s -> new SourceInspection.WantedStream(s.name(), s.primaryKey(), s.cursor()))
            .toList();
    Declared source = declared(file);
    try (Scratch scratch = Scratch.open(tools)) {
      SourceInspection inspection;
      try {
        inspection = inspection(source, scratch);
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.SECRET_MISSING) {
          throw e;
        }
        found.accept(
            Finding.problem("secret", String.valueOf(e.getMessage()), secretRemedies(source)));
        return;
      }
      inspection.check(wanted, found);
    }
  }

  private static String[] secretRemedies(Declared source) {
    Set<String> missing = source.missingSecrets();
    return missing.isEmpty()
        ? new String[] {"give the values that %s names".formatted(source.file().path())}
        : missing.stream().map(s -> "run: ecluse secret " + s).toArray(String[]::new);
  }

  private Declared declared(SourceFile file) {
    return new Declared(file, secrets, folder);
  }

  private SourceInspection inspection(Declared source, Scratch scratch) {
    return types.of(source.file(), folder).inspection(source, scratch.tools(), scratch.folder());
  }
}
