package io.ecluse.cli;

import io.ecluse.project.ProjectTemplate;
import java.nio.file.Path;
import java.util.List;
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
      description = "supinfo, the school's example, or blank (default: blank)")
  private String template = "blank";

  @Override
  public Integer call() {
    Path target = folder.toAbsolutePath().normalize();
    List<String> files = new ProjectTemplate(template).writeTo(target);
    var out = spec.commandLine().getOut();
    files.forEach(f -> out.println("  " + f));
    out.printf(
        "Made %d files in %s; next: ecluse validate --dir %s%n", files.size(), target, folder);
    return Main.DONE;
  }
}
