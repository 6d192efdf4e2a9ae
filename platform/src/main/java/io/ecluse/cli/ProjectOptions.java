package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.demo.DemoErp;
import io.ecluse.flow.RunStarts;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Trigger;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options of every command that works on a project, and how to open it. */
final class ProjectOptions {
  private static final int LOCAL_WORKERS = 8;

  /** What a command prints. */
  enum Format {
    /** For people. */
    TABLE,
    /** For programs. */
    JSON
  }

  @Option(names = "--dir", paramLabel = "DIR", description = "the project's folder (default: .)")
  private Path folder = Path.of("");

  @Option(names = "--env", paramLabel = "ENV", description = "the environment (default: dev)")
  private String environment = Project.DEFAULT_ENVIRONMENT;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table or json (default: table)")
  private Format format = Format.TABLE;

  Path folder() {
    return folder.toAbsolutePath().normalize();
  }

  String environment() {
    return environment;
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

  /** The platform, to look at things. */
  Platform open() {
    return new Platform(opening(Platform.Workers.NONE, 0));
  }

  /** The platform, to run things: by another process if one takes tasks, else by this one. */
  private Running openToRun() {
    Optional<DemoErp> erp = DemoErp.startIfPresent(folder());
    try {
      return new Running(
          new Platform(opening(Platform.Workers.UNLESS_ANOTHER_RUNS, LOCAL_WORKERS)), erp);
    } catch (RuntimeException | Error e) {
      erp.ifPresent(DemoErp::close);
      throw e;
    }
  }

  Platform.Opening opening(Platform.Workers who, int workers) {
    return new Platform.Opening(folder(), environment, who, workers, System.getenv());
  }

  /**
   * Runs something of the project as it is, shows how it goes, and returns the exit code.
   *
   * @param params instead of the DAG's own
   */
  int run(Function<Project, Dag> dag, Map<String, String> params, CommandLine line) {
    try (Running running = openToRun()) {
      Platform platform = running.platform();
      return new RunWatcher(platform.scheduler(), line.getErr(), RunWatcher.Terminal.detect())
          .run(
              () -> platform.starts().start(new RunStarts.Wish(dag, params, Trigger.CLI)),
              line.getOut(),
              isJson());
    }
  }

  /** A platform that runs tasks, with the demo's ERP if the project has one. */
  private record Running(Platform platform, Optional<DemoErp> erp) implements Closeable {
    @Override
    public void close() {
      try {
        platform.close();
      } finally {
        erp.ifPresent(DemoErp::close);
      }
    }
  }
}
