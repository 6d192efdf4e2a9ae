package io.ecluse.cli;

import io.ecluse.project.ProjectTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = "Makes a new project; never changes a file that is there.")
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "the new project's folder")
  private Path folder = Path.of("");

  @Option(
      names = "--template",
      paramLabel = "TEMPLATE",
      description =
          "supinfo, the school's example; aws, the same for what deploy/aws makes; or blank (default: blank)")
  private String template = "blank";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "what the template leaves open, as bucket=school-data")
  private Map<String, String> values = Map.of();

  @Override
  public Integer call() {
    Path target = folder.toAbsolutePath().normalize();
    List<String> files = new ProjectTemplate(template, values).writeTo(target);
    var out = spec.commandLine().getOut();
    files.forEach(f -> out.println("  " + f));
    out.printf(
        "Made %d files in %s; next: ecluse validate --dir %s%n", files.size(), target, folder);
    return Main.DONE;
  }
}
