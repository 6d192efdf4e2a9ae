package io.ecluse.cli;

import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.flow.EngineWhys;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.Project;
import io.ecluse.project.RunParams;
import io.ecluse.schema.TableName;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a command that works on some of the models takes. */
abstract class ModelsCommand extends RunningCommand {
  @Parameters(
      paramLabel = "SELECTOR",
      arity = "0..1",
      description = "marts.students, marts.*, +marts.students, marts.students+ (default: all)")
  protected String selector = "*";

  @Command(
      name = "build",
      description = "Builds models, tests them, and publishes them if all tests hold.")
  static final class Build extends ModelsCommand {
    @Option(
        names = "--full",
        description = "build all, also those of which neither the file nor what they read changed")
    private boolean full;

    @Option(
        names = "--explain",
        description = "only say by which engine each model would be built, and why")
    private boolean explain;

    @Override
    public Integer call() {
      if (explain) {
        return explained();
      }
      Set<TableName> skipped = new TreeSet<>();
      return run(
          (starts, project) -> {
            if (!full) {
              skipped.addAll(starts.unchanged(project, selector));
            }
            return expander(project).build(selector, skipped);
          },
          () -> skipped);
    }

    private int explained() {
      try (Shell.Opened opened = open(Action.SEE, Subject.every(Subject.Kind.DAG))) {
        Project project = opened.platform().project().get();
        Dag dag = expander(project).build(selector);
        new Listing<EngineWhys.Why>("model")
            .both("model", "model", EngineWhys.Why::model)
            .both("engine", "engine", EngineWhys.Why::engine)
            .both("why", "why", EngineWhys.Why::why)
            .print(
                out(),
                format(),
                EngineWhys.of(
                    opened.platform().stages(),
                    project,
                    dag.withParams(new RunParams(project).of(dag, params())),
                    environment()));
        return 0;
      }
    }
  }

  @Command(name = "test", description = "Runs the tests of models on what is published.")
  static final class Test extends ModelsCommand {
    @Override
    public Integer call() {
      return run(project -> expander(project).test(selector));
    }
  }
}
