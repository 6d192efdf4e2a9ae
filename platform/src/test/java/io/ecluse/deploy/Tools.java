package io.ecluse.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of others that look at what is deployed, found on this machine or set up below target.
 */
final class Tools {
  static final Path TARGET = Path.of("target").toAbsolutePath();

  private Tools() {}

  /** How a program ended, and all that it printed. */
  record Ended(int status, String output) {}

  static Ended run(List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile("ecluse-tool-", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      String output = Files.readString(out);
      Files.delete(out);
      return new Ended(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Skips the rest where a tool cannot be had, and says so where everybody sees it. */
  static Ended orSkip(String what, List<String> command, Map<String, String> environment) {
    Ended ended;
    try {
      ended = run(command, environment);
    } catch (UncheckedIOException e) {
      ended = new Ended(127, String.valueOf(e.getMessage()));
    }
    if (ended.status() != 0) {
      skip(what, "%s failed: %s".formatted(command, ended.output()));
    }
    return ended;
  }

  static void skip(String what, String why) {
    System.err.println("SKIPPED: " + what + ", since " + why);
    Assumptions.abort(what + ": " + why);
  }
}
