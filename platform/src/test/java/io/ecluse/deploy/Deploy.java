package io.ecluse.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files by which the platform is deployed, and the programs that check them. */
public final class Deploy {
  /** The folder of the checkout. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** What is made for these tests, and kept for the next time. */
  static final Path MADE = Path.of("target", "deploy").toAbsolutePath();

  private Deploy() {}

  public static Path file(String name) {
    return ROOT.resolve("deploy").resolve(name);
  }

  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> yaml(String text) {
    LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(200).build();
    return (Map<String, Object>) new Load(settings).loadFromString(text);
  }

  /** What a program has said, on both ways, and how it ended. */
  record Ended(int status, String output) {
    List<String> lines() {
      return output.lines().toList();
    }

    /** The output of one that is to do its work. */
    String orFail() {
      if (status != 0) {
        throw new AssertionError("Ended with " + status + ":\n" + output);
      }
      return output;
    }
  }

  static Ended run(String... command) {
    return run(Map.of(), ROOT, List.of(command));
  }

  static Ended run(Map<String, String> environment, Path folder, List<String> command) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
    } catch (IOException e) {
      return new Ended(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the test, and says so, where a program is missing. */
  static void need(String what, String... programs) {
    List<String> missing = new ArrayList<>();
    for (String program : programs) {
      if (run("sh", "-c", "command -v " + program).status() != 0) {
        missing.add(program);
      }
    }
    skipUnless(missing.isEmpty(), what, "there is no " + String.join(", no ", missing));
  }

  /** Ends the test, and says so, unless something is as it must be. */
  static void skipUnless(boolean there, String what, String why) {
    if (!there) {
      System.err.println("SKIPPED: " + what + " not tried, since " + why);
    }
    Assumptions.assumeTrue(there, why);
  }
}
