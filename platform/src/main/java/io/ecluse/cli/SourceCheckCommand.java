package io.ecluse.cli;

import io.ecluse.Dialect;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.demo.DemoErp;
import io.ecluse.project.SourceFile;
import io.ecluse.source.Finding;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description =
        "Tries all that an extract of a source needs and says what to do about what is missing. Exit code 0: all fine, 1: something is missing, 3: the source is unreachable.")
final class SourceCheckCommand extends ProjectCommand {
  @Parameters(paramLabel = "NAME", description = "name of a file in sources/, without .yaml")
  private String name = "";

  @Override
  public Integer call() {
    shell().ask(Action.LOOK_INTO, new Subject(Subject.Kind.SOURCE, name));
    SourceFile file = Dialect.read(folder()).source(name);
    List<Finding> findings = new ArrayList<>();
    PrintWriter out = out();
    Optional<DemoErp> erp = DemoErp.startIfPresent(folder());
    try {
      Dialect.inspections(folder(), shell().variables())
          .check(
              file,
              finding -> {
                findings.add(finding);
                if (!isJson()) {
                  print(out, finding);
                }
              });
    } finally {
      erp.ifPresent(DemoErp::close);
    }
    if (isJson()) {
      new Listing<Finding>("check")
          .field("check", Finding::check)
          .field("state", f -> f.state().name().toLowerCase(Locale.ROOT))
          .field("found", Finding::found)
          .field("remedy", Finding::remedy)
          .print(out, format(), findings);
    }
    return exitCode(findings);
  }

  private static void print(PrintWriter out, Finding finding) {
    String mark =
        switch (finding.state()) {
          case OK -> "✓";
          case NOTE -> "·";
          case PROBLEM, UNREACHABLE -> "✗";
        };
    out.printf("%s %-13s %s%n", mark, finding.check(), finding.found());
    finding.remedy().forEach(r -> out.println("                → " + r));
    out.flush();
  }

  private static int exitCode(List<Finding> findings) {
    List<Finding.State> states = findings.stream().map(Finding::state).toList();
    if (states.contains(Finding.State.UNREACHABLE)) {
      return Main.UNREACHABLE;
    }
    return states.contains(Finding.State.PROBLEM) ? Main.FAILED : Main.DONE;
  }
}
