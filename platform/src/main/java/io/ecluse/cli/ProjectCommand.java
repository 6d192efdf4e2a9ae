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
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command that works on a project: its options, how it opens the project and tells what it did.
 */
@Command(mixinStandardHelpOptions = true)
abstract class ProjectCommand implements Callable<Integer> {
  private static final int LOCAL_WORKERS = 8;

  /** What a command prints. */
  enum Format {
    /** For people. */
    TABLE,
    /** For programs. */
    JSON
  }

  @Spec private CommandSpec spec;

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
    return command.stream().map(ProjectCommand::shell).collect(Collectors.joining(" "));
  }

  /** A word as a shell reads it. */
  static String shell(String word) {
    return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Where what the command found out goes. */
  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Where goes what people may know meanwhile. */
  PrintWriter progress() {
    return spec.commandLine().getErr();
  }

  /** Prints what was found out or done, in the form that is wanted. */
  void tell(Object forPrograms, Consumer<PrintWriter> forPeople) {
    if (isJson()) {
      Output.json(out(), forPrograms);
    } else {
      forPeople.accept(out());
    }
  }

  /** What a word lacks that was not typed. */
  CommandLine.ParameterException lacks(String question) {
    return new CommandLine.ParameterException(spec.commandLine(), question);
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
   * Does something with the platform, and returns the exit code.
   *
   * @throws io.ecluse.error.EcluseException FORBIDDEN
   */
  int with(Action action, Subject subject, Consumer<Platform> work) {
    try (Shell.Opened opened = open(action, subject)) {
      work.accept(opened.platform());
      return Main.DONE;
    }
  }

  /** Parameters of a run, instead of the DAG's own. */
  Map<String, String> params() {
    return Map.of();
  }

  /** Runs something of the project as it is, shows how it goes, and returns the exit code. */
  int run(Function<Project, Dag> dag) {
    return run((starts, project) -> dag.apply(project), Set::of);
  }

  /**
   * The same.
   *
   * @param dag may ask what there is to do
   * @param skipped models that were left as they are, once the run has begun
   */
  int run(BiFunction<RunStarts, Project, Dag> dag, Supplier<Set<TableName>> skipped) {
    shell().ask(Action.START_RUN, Subject.every(Subject.Kind.DAG));
    try (Shell.Opened opened =
        shell().open(opening(Platform.Workers.UNLESS_ANOTHER_RUNS, LOCAL_WORKERS))) {
      RunStarts starts = opened.platform().starts();
      RunStarts.Wish wish =
          new RunStarts.Wish(project -> allowed(dag.apply(starts, project)), params(), Trigger.CLI);
      return new RunWatcher(opened.platform().scheduler(), progress(), shell())
          .run(() -> starts.start(wish), skipped, out(), isJson());
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
