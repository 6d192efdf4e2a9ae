package io.ecluse.cli;

import io.ecluse.Dialect;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.project.Problem;
import io.ecluse.project.ProjectReading;
import io.ecluse.schema.ColumnFinder;
import io.ecluse.schema.SqlParser;
import java.util.Locale;
import picocli.CommandLine.Command;

@Command(
    name = "validate",
    description = "Reads the whole project and reports all errors, touching no source and no data.")
final class ValidateCommand extends ProjectCommand {
  @Override
  public Integer call() {
    shell().ask(Action.SEE, Subject.PROJECT);
    ProjectReading reading = read();
    var out = out();
    if (isJson()) {
      new Listing<Problem>("file")
          .field("severity", p -> p.severity().name().toLowerCase(Locale.ROOT))
          .field("file", Problem::file)
          .field("line", Problem::line)
          .field("column", Problem::column)
          .field("message", Problem::message)
          .field("hint", Problem::hint)
          .print(out, format(), reading.problems());
    } else {
      for (Problem problem : reading.problems()) {
        out.println(problem);
      }
      reading
          .project()
          .filter(p -> reading.errors().isEmpty())
          .ifPresent(
              p ->
                  out.printf(
                      "%s is valid: %d sources, %d DAGs, %d models, %d audits, %d dashboards%n",
                      p.name(),
                      p.sources().size(),
                      p.dags().size(),
                      p.models().size(),
                      p.audits().size(),
                      p.dashboards().size()));
      if (!reading.errors().isEmpty()) {
        out.printf(
            "%d error%s%s%n",
            reading.errors().size(),
            reading.errors().size() == 1 ? "" : "s",
            reading.project().isPresent()
                ? "; what depends on these files does not run, all else does"
                : "");
      }
    }
    return reading.errors().isEmpty() ? Main.DONE : Main.WRONG_USAGE;
  }

  private ProjectReading read() {
    try (SqlParser parser = Dialect.parser();
        ColumnFinder columns = Dialect.columns()) {
      return Dialect.reader(parser).check(folder(), columns);
    }
  }
}
