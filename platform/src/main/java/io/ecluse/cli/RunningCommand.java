package io.ecluse.cli;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.project.Compute;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.project.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** What all commands take that run models of a project. */
abstract class RunningCommand extends ProjectCommand {
  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "a parameter of the run, instead of its default; may come several times")
  private Map<String, String> params = new LinkedHashMap<>();

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description = "auto, duckdb or spark, instead of what files say")
  private Optional<String> engine = Optional.empty();

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "where Spark runs: one of the project's clusters, or local")
  private Optional<String> cluster = Optional.empty();

  @Override
  Map<String, String> params() {
    return params;
  }

  /**
   * What makes the DAG of the command, by the engine that it asks for.
   *
   * @throws EcluseException INVALID_USAGE, NOT_FOUND
   */
  DagExpander expander(Project project) {
    engine
        .filter(word -> !Compute.ENGINES.contains(word))
        .ifPresent(
            word -> {
              throw ErrorCode.INVALID_USAGE.error(
                  "--engine is one of %s, but got '%s'"
                      .formatted(String.join(", ", Compute.ENGINES), word));
            });
    Set<String> known = new TreeSet<>(project.settings(environment()).clusters().keySet());
    known.add(Settings.LOCAL_CLUSTER);
    cluster
        .filter(name -> !known.contains(name))
        .ifPresent(
            name -> {
              throw ErrorCode.NOT_FOUND.error(
                  "There is no cluster '%s' in environment %s%s; ecluse.yaml has %s"
                      .formatted(
                          name,
                          environment(),
                          Nearest.hint(name, known).map(hint -> ", " + hint).orElse(""),
                          String.join(", ", known)));
            });
    return new DagExpander(project, new Compute(engine, cluster));
  }
}
