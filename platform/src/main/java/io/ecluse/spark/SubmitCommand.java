package io.ecluse.spark;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Spark's submission where there are jars alone: the command that Spark's own launcher makes of
 * options, as its script for the shell has it do.
 */
final class SubmitCommand {
  /** What the launcher prints before the command, whose words are each followed by a zero. */
  private static final String BEGIN = "\0\n";

  private SubmitCommand() {}

  static List<String> of(Path home, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                home.resolve("jars") + "/*",
                "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(arguments);
    ProcessBuilder launcher =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    launcher.environment().putAll(environment);
    Process process = launcher.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int begin = said.indexOf(BEGIN);
    try {
      if (process.waitFor() != 0 || begin < 0) {
        throw ErrorCode.INVALID_USAGE.error("Spark's launcher refuses these arguments");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Spark was being started", e);
    }
    return Arrays.asList(said.substring(begin + BEGIN.length()).split("\0"));
  }
}
