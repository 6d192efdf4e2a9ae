package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.flow.RunStarts;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that works on a project, and how to open it. */
class ProjectOptions {
  private static final int LOCAL_WORKERS = 8;

  /** What a command prints. */
  enum Format {
    /** For people. */
    TABLE,
    /** For programs. */
    JSON
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--dir", paramLabel = "DIR", description = "the project's folder (default: .)")
  private Path folder = Path.of("");

  @Option(names = "--env", paramLabel = "ENV", description = "the environment (default: dev)")
  private String environment = Project.DEFAULT_ENVIRONMENT;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table or json (default: table)")
  private Format format = Format.TABLE;

  Path folder() {
    return path(folder);
  }

  /** A path as it was typed, seen from where. */
  Path path(Path typed) {
    return shell().folder().resolve(typed).normalize();
  }

  Shell shell() {
    return Shell.of(spec);
  }

  /** Times as people at this shell read them. */
  Times times() {
    return new Times(shell().zone());
  }

  String environment() {
    return environment;
  }

  Format format() {
    return format;
  }

  boolean isJson() {
    return format == Format.JSON;
  }

  /** A command on the same project, to be typed as it stands. */
  String command(String... words) {
    List<String> command = new ArrayList<>(List.of("ecluse"));
    command.addAll(List.of(words));
    if (!folder.toString().isEmpty()) {
      command.addAll(List.of("--dir", folder.toString()));
    }
    if (!environment.equals(Project.DEFAULT_ENVIRONMENT)) {
      command.addAll(List.of("--env", environment));
    }
    return command.stream().map(ProjectOptions::shell).collect(Collectors.joining(" "));
  }

  /** A word as a shell reads it. */
  static String shell(String word) {
    return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * The platform, for what a command does.
   *
   * @throws io.ecluse.error.EcluseException FORBIDDEN
   */
  Shell.Opened open(Action action, Subject subject) {
    shell().ask(action, subject);
    return shell().open(opening(Platform.Workers.NONE, 0));
  }

  /**
   * Runs something of the project as it is, shows how it goes, and returns the exit code.
   *
   * @param params instead of the DAG's own
   */
  int run(Function<Project, Dag> dag, Map<String, String> params, CommandLine line) {
    return run((starts, project) -> dag.apply(project), params, Set::of, line);
  }

  /**
   * The same.
   *
   * @param dag may ask what there is to do
   * @param skipped models that were left as they are, once the run has begun
   */
  int run(
      BiFunction<RunStarts, Project, Dag> dag,
      Map<String, String> params,
      Supplier<Set<TableName>> skipped,
      CommandLine line) {
    shell().ask(Action.START_RUN, Subject.every(Subject.Kind.DAG));
    try (Shell.Opened opened =
        shell().open(opening(Platform.Workers.UNLESS_ANOTHER_RUNS, LOCAL_WORKERS))) {
      Platform platform = opened.platform();
      return new RunWatcher(platform.scheduler(), line.getErr(), shell())
          .run(
              () ->
                  platform
                      .starts()
                      .start(
                          new RunStarts.Wish(
                              project -> allowed(dag.apply(platform.starts(), project)),
                              params,
                              Trigger.CLI)),
              skipped,
              line.getOut(),
              isJson());
    }
  }

  private Dag allowed(Dag dag) {
    shell().ask(Action.START_RUN, new Subject(Subject.Kind.DAG, dag.id()));
    return dag;
  }

  Platform.Opening opening(Platform.Workers who, int workers) {
    return new Platform.Opening(folder(), environment, who, workers, shell().variables())
        .with(Registrations.builtIn().with(shell().policy()));
  }
}
