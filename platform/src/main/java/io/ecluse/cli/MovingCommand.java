package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import io.ecluse.scheduler.RunState;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Relocation;
import io.ecluse.text.Amounts;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes what an environment has in one place to another. */
abstract class MovingCommand extends ProjectCommand {
  private static final int MOST_RUNS = 10_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "LOCATION",
      description =
          "the new location: a folder, s3://bucket/folder or hdfs://host:port/folder; the keys s3 and hdfs beside it say how it is reached")
  private Optional<String> location = Optional.empty();

  @Option(
      names = "--delete-old",
      description =
          "without LOCATION: delete what is where it was before, once nobody can read there any more")
  private boolean deleteOld;

  abstract Relocation<?> relocation(Platform platform);

  @Override
  public Integer call() {
    if (location.isPresent() == deleteOld) {
      throw ErrorCode.INVALID_USAGE.error(
          "Say where it is to be taken, or --delete-old once it is there");
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
    Relocation<?> relocation = relocation(platform);
    LocationSetting setting =
        new LocationSetting(
            folder(), platform.project().get(), platform.environment(), relocation.kind());
    String value = setting.value(place);
    MoveProgress progress = new MoveProgress(progress());
    AtomicBoolean ended = new AtomicBoolean();
    Relocation.Report report;
    try (Closeable goodbye = shell().whenLeft(() -> ended.set(true))) {
      report =
          relocation.move(
              place + "/" + platform.environment(), new Relocation.Asked(progress, ended::get));
    } catch (IOException e) {
      throw new AssertionError("Nobody is told any more, which throws nothing", e);
    }
    tell(relocation.kind(), report, setting.write(value));
    return Main.DONE;
  }

  /**
   * @param left what is still to be done by hand
   */
  private void tell(Owner.Kind kind, Relocation.Report report, Optional<String> left) {
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
          "The %s are in %s: %s files (%s), each compared, %s of them copied by this command%n",
          kind.content(),
          report.to(),
          Amounts.number(report.files()),
          Amounts.bytes(report.bytes()),
          Amounts.number(report.copied()));
      out.printf(
          "What is in %s stays, until %s%n",
          report.from(), command("move", kind.word(), "--delete-old"));
    } else {
      out.printf("The %s are in %s already%n", kind.content(), report.to());
    }
    left.ifPresentOrElse(out::println, () -> out.println("ecluse.yaml says so"));
  }

  private int deleteOld(Platform platform) {
    Relocation<?> relocation = relocation(platform);
    List<Relocation.Removed> removed =
        relocation.removeLeft(
            new Relocation.Readers(
                platform.project().get().settings(platform.environment()).query().timeout(),
                platform
                    .scheduler()
                    .list(
                        Optional.empty(),
                        Optional.of(RunState.RUNNING),
                        MOST_RUNS,
                        Optional.empty())
                    .stream()
                    .flatMap(run -> run.startedAt().stream())
                    .toList()),
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
      out.printf("The %s were nowhere else%n", relocation.kind().content());
    }
    return Main.DONE;
  }
}
