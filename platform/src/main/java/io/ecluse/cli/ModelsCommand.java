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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a command that works on some of the models takes. */
abstract class ModelsCommand implements Callable<Integer> {
  @Spec protected CommandSpec spec;
  @Mixin protected RunOptions options = new RunOptions();

  @Parameters(
      paramLabel = "SELECTOR",
      arity = "0..1",
      description = "marts.students, marts.*, +marts.students, marts.students+ (default: all)")
  protected String selector = "*";

  @Command(
      name = "build",
      mixinStandardHelpOptions = true,
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
      return options.run(
          (starts, project) -> {
            if (!full) {
              skipped.addAll(starts.unchanged(project, selector));
            }
            return options.expander(project).build(selector, skipped);
          },
          options.params(),
          () -> skipped,
          spec.commandLine());
    }

    private int explained() {
      try (Shell.Opened opened = options.open(Action.SEE, Subject.every(Subject.Kind.DAG))) {
        Project project = opened.platform().project().get();
        Dag dag = options.expander(project).build(selector);
        new Listing<EngineWhys.Why>("model")
            .both("model", "model", EngineWhys.Why::model)
            .both("engine", "engine", EngineWhys.Why::engine)
            .both("why", "why", EngineWhys.Why::why)
            .print(
                spec.commandLine().getOut(),
                options.format(),
                EngineWhys.of(
                    opened.platform().stages(),
                    project,
                    dag.withParams(new RunParams(project).of(dag, options.params())),
                    options.environment()));
        return 0;
      }
    }
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = "Runs the tests of models on what is published.")
  static final class Test extends ModelsCommand {
    @Override
    public Integer call() {
      return options.run(
          project -> options.expander(project).test(selector),
          options.params(),
          spec.commandLine());
    }
  }
}
