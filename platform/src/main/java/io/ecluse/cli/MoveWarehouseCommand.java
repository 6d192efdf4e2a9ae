package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.Relocation;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "warehouse",
    description =
        "Takes the environment's tables to another folder or store while they are read and written, and sets warehouse.location. Cut off anywhere, the same command goes on. What is where they were stays, until --delete-old.")
final class MoveWarehouseCommand extends ProjectCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "LOCATION",
      description =
          "the new warehouse.location: a folder, s3://bucket/folder or hdfs://host:port/folder; warehouse.s3 and warehouse.hdfs say how it is reached")
  private Optional<String> location = Optional.empty();

  @Option(
      names = "--delete-old",
      description =
          "without LOCATION: delete the tables where they were before, once no query can read there any more")
  private boolean deleteOld;

  @Override
  public Integer call() {
    if (location.isPresent() == deleteOld) {
      throw ErrorCode.INVALID_USAGE.error(
          "Say where the tables are to be taken, or --delete-old once they are there");
    }
    location.ifPresent(Relocation::requireLocation);
    try (Shell.Opened opened = open(Action.MOVE_TABLES, Subject.PROJECT)) {
      return deleteOld ? deleteOld(opened.platform()) : move(opened.platform(), location.get());
    }
  }

  private int move(Platform platform, String said) {
    String place =
        Relocation.isElsewhere(said)
            ? said.replaceFirst("/+$", "")
            : path(Path.of(said.replaceFirst("^(?i:file):(//)?", ""))).toString();
    LocationSetting setting =
        new LocationSetting(folder(), platform.project().get(), platform.environment());
    String value = setting.value(place);
    MoveProgress progress = new MoveProgress(progress());
    AtomicBoolean ended = new AtomicBoolean();
    Relocation.Report report;
    try (Closeable goodbye = shell().whenLeft(() -> ended.set(true))) {
      report =
          platform
              .warehouse()
              .relocation()
              .move(
                  place + "/" + platform.environment(), new Relocation.Asked(progress, ended::get));
    } catch (IOException e) {
      throw new AssertionError("Nobody is told any more, which throws nothing", e);
    }
    tell(report, setting.write(value));
    return Main.DONE;
  }

  /**
   * @param left what is still to be done by hand
   */
  private void tell(Relocation.Report report, Optional<String> left) {
    PrintWriter out = out();
    boolean moved = !report.from().equals(report.to());
    if (isJson()) {
      Output.json(
          out,
          new Fields()
              .with("from", report.from())
              .with("to", report.to())
              .with("moved", moved)
              .with("files", report.files())
              .with("bytes", report.bytes())
              .with("copied", report.copied())
              .with("to_do", left.map(List::of).orElse(List.of())));
      return;
    }
    if (moved) {
      out.printf(
          "The tables are in %s: %s files (%s), each compared, %s of them copied by this command%n",
          report.to(),
          Amounts.number(report.files()),
          Amounts.bytes(report.bytes()),
          Amounts.number(report.copied()));
      out.printf(
          "What is in %s stays, until %s%n",
          report.from(), command("move", "warehouse", "--delete-old"));
    } else {
      out.printf("The tables are in %s already%n", report.to());
    }
    left.ifPresentOrElse(out::println, () -> out.println("ecluse.yaml says so"));
  }

  private int deleteOld(Platform platform) {
    List<Relocation.Removed> removed =
        platform
            .warehouse()
            .relocation()
            .removeLeft(
                platform.project().get().settings(platform.environment()).query().timeout(),
                Clock.systemUTC());
    PrintWriter out = out();
    if (isJson()) {
      Output.json(
          out,
          removed.stream()
              .map(
                  r ->
                      new Fields()
                          .with("location", r.location())
                          .with("files", r.files())
                          .with("bytes", r.bytes()))
              .toList());
      return Main.DONE;
    }
    removed.forEach(
        r ->
            out.printf(
                "Deleted %s files (%s) in %s%n",
                Amounts.number(r.files()), Amounts.bytes(r.bytes()), r.location()));
    if (removed.isEmpty()) {
      out.println("The tables were nowhere else");
    }
    return Main.DONE;
  }
}
