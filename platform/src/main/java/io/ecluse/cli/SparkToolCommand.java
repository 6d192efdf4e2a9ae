package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.SparkWiring;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.metadata.WebServers;
import io.ecluse.spark.SparkTools;
import io.ecluse.spark.SparkTools.Tool;
import io.ecluse.web.ServerProbe;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * One of Spark's own tools, joined to the catalog. What is no option of ours is the tool's; a
 * program has options of its own, so all is the tool's there from the first such word on.
 */
abstract class SparkToolCommand extends ProjectCommand {
  private static final String MORE =
      " All other options are the tool's own. Its catalog is what is published, to read.";

  /** Of the token, should this process be killed before it takes it back. */
  private static final Duration LONGEST = Duration.ofDays(7);

  private final Tool tool;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "which of the project's clusters (default: the usual one)")
  private Optional<String> cluster = Optional.empty();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "the catalog of a run that goes on, to read and write, instead")
  private Optional<String> run = Optional.empty();

  @Unmatched private final List<String> arguments = new ArrayList<>();

  SparkToolCommand(Tool tool) {
    this.tool = tool;
  }

  @Command(
      name = "spark-shell",
      description = "Opens Spark's shell for Scala, joined to the catalog." + MORE)
  static final class SparkShell extends SparkToolCommand {
    SparkShell() {
      super(Tool.SPARK_SHELL);
    }
  }

  @Command(
      name = "pyspark",
      description = "Opens Spark's shell for Python, joined to the catalog." + MORE)
  static final class Python extends SparkToolCommand {
    Python() {
      super(Tool.PYSPARK);
    }
  }

  @Command(
      name = "spark-submit",
      description =
          "Runs a program on Spark, joined to the catalog: what is published, to read. From the first option that is none of these on, all is spark-submit's own.")
  static final class Submit extends SparkToolCommand {
    Submit() {
      super(Tool.SPARK_SUBMIT);
    }
  }

  @Override
  public Integer call() throws IOException {
    try (Foreground foreground = new Foreground(shell());
        Shell.Opened opened = open(Action.GIVE_ACCESS, Subject.PROJECT)) {
      Platform platform = opened.platform();
      String name = tool.word() + "-" + UUID.randomUUID().toString().substring(0, 8);
      String token = platform.tokens().newBearer(name, Optional.of(LONGEST));
      SparkTools tools = SparkWiring.tools(platform, opening(Platform.Workers.NONE, 0));
      try (SparkTools.Joined joined =
          tools.join(
              new SparkTools.Wish(tool, cluster, run, arguments),
              new SparkTools.Way(token, server(platform)))) {
        return foreground.run(joined.process());
      } finally {
        platform.tokens().revoke(name);
      }
    }
  }

  /** One whose certificate every program would trust: one that has none. */
  private static Optional<URI> server(Platform platform) {
    return new WebServers(platform.metadata().jdbi(), platform.environment())
        .all().stream()
            .filter(s -> "http".equals(s.url().getScheme()))
            .filter(ServerProbe::answers)
            .map(WebServers.Listening::url)
            .findFirst();
  }
}
