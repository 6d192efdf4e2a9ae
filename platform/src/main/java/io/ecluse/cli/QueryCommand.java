package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.ErrorCode;
import io.ecluse.query.Ticket;
import io.ecluse.warehouse.ReadView;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = "Runs a SELECT on the warehouse.")
final class QueryCommand implements Callable<Integer> {
  private static final int MOST_TABLE_ROWS = 1_000;

  private enum Format {
    TABLE,
    CSV,
    JSON,
    PARQUET
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SQL", description = "one SELECT")
  private String sql = "";

  @Option(names = "--dir", paramLabel = "DIR", description = "the project's folder (default: .)")
  private Path folder = Path.of("");

  @Option(names = "--env", paramLabel = "ENV", description = "the environment (default: dev)")
  private String environment = io.ecluse.project.Project.DEFAULT_ENVIRONMENT;

  @Option(
      names = "--at",
      paramLabel = "TIME|SNAPSHOT",
      description = "as of 2026-01-31, 2026-01-31T03:00:00Z, or a snapshot's number")
  private Optional<String> at = Optional.empty();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "what a run has written, published or not")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, csv, json or parquet (default: table)")
  private Format format = Format.TABLE;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "write to a file")
  private Optional<Path> output = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Shell shell = Shell.of(spec);
    shell.ask(Action.QUERY, Subject.every(Subject.Kind.QUERY));
    Platform.Opening opening =
        new Platform.Opening(
                shell.folder().resolve(folder).normalize(),
                environment,
                Platform.Workers.NONE,
                0,
                shell.variables())
            .with(Registrations.builtIn().with(shell.policy()));
    if (format == Format.PARQUET && output.isEmpty()) {
      throw ErrorCode.INVALID_USAGE.error("--format parquet needs a file: add -o result.parquet");
    }
    Cancellation cancellation = new Cancellation();
    try (Closeable left = shell.whenLeft(cancellation::cancel);
        Shell.Opened opened = shell.open(opening)) {
      Platform platform = opened.platform();
      if (format == Format.PARQUET) {
        platform.queries().export(ticket(cancellation), sql, view(), file(output.orElseThrow()));
      } else if (output.isPresent()) {
        try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file(output.get())))) {
          print(platform, cancellation, writer);
        }
      } else {
        print(platform, cancellation, spec.commandLine().getOut());
      }
      return Main.DONE;
    }
  }

  private void print(Platform platform, Cancellation cancellation, PrintWriter out) {
    RowWriter writer =
        switch (format) {
          case CSV -> new RowWriter.Csv(out);
          case JSON -> new RowWriter.Json(out);
          case TABLE, PARQUET -> new RowWriter.Table(out, MOST_TABLE_ROWS);
        };
    platform.queries().stream(ticket(cancellation), sql, view(), writer);
    writer.end();
    out.flush();
  }

  private Ticket ticket(Cancellation cancellation) {
    return Ticket.patient(Shell.of(spec).caller(), cancellation);
  }

  private Path file(Path typed) {
    return Shell.of(spec).folder().resolve(typed);
  }

  private ReadView view() {
    if (run.isPresent()) {
      return new ReadView.OfRun(run.get());
    }
    return at.map(a -> ReadView.parse(a, Shell.of(spec).zone())).orElse(ReadView.PUBLISHED);
  }
}
