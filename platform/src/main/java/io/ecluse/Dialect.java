package io.ecluse;

import io.ecluse.decode.FileParts;
import io.ecluse.duckdb.EngineColumns;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.engine.EngineSettings;
import io.ecluse.flow.NewSource;
import io.ecluse.flow.SourceInspections;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.schema.ColumnFinder;
import io.ecluse.schema.SqlParser;
import io.ecluse.source.Landing;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.SourceTools;
import io.ecluse.staging.StagingArea;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The SQL of projects, without any of its data. */
public final class Dialect {
  /** Bytes of memory, of which a look needs no more. */
  private static final long LITTLE = 256L << 20;

  private Dialect() {}

  /** Whoever asked closes it. */
  public static SqlParser parser() {
    return new EngineParser();
  }

  /** Whoever asked closes it. */
  public static ColumnFinder columns() {
    return new EngineColumns();
  }

  /** What reads projects with the kinds of things that the platform brings. */
  public static ProjectReader reader(SqlParser parser) {
    return new ProjectReader(parser, Registrations.builtIn().vocabulary());
  }

  /** What looks at the sources of a project, secrets of this machine. */
  public static SourceInspections inspections(Path folder, Map<String, String> variables) {
    return inspections(Registrations.builtIn(), folder, variables);
  }

  /** The same, with other kinds of sources. */
  public static SourceInspections inspections(
      Registrations registered, Path folder, Map<String, String> variables) {
    return new SourceInspections(
        registered.sourceTypes(),
        new LocalSecrets(variables, folder),
        folder,
        Dialect::toolsOfALook);
  }

  /** Nothing lands there. */
  private static SourceTools toolsOfALook(Path scratch) {
    EngineSettings little =
        new EngineSettings(LITTLE, 1, scratch.resolve("spill"), 8 * LITTLE, List.of(scratch));
    return new SourceTools(
        new Landing.Stage(
            new StagingArea(scratch.resolve("staging")), PartEncoder.NONE, Clock.systemUTC()),
        new FileParts(little));
  }

  /** What can be said of sources on a command line. */
  public static NewSource.Words sourceWords() {
    return new NewSource.Words(Registrations.builtIn().sourceTypes().namings());
  }

  /** The project in a folder, with no more opened than its files. */
  public static Project read(Path folder) {
    try (SqlParser parser = parser()) {
      return reader(parser).read(folder).orThrow();
    }
  }
}
