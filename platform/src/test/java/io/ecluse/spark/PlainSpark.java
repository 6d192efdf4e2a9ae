package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Spark as anybody has it, who knows of us what the documentation says: a process of its own. */
public final class PlainSpark {
  private static final Path PROGRAM = Path.of("src", "test", "spark", "Statements.java");

  private PlainSpark() {}

  /**
   * The rows of statements.
   *
   * @param folder for what it writes besides
   * @param settings as they follow {@code --conf}
   */
  public static List<String> rows(Path folder, List<String> settings, String... statements)
      throws IOException, InterruptedException {
    SparkDistribution.Found found = new SparkDistribution(System.getenv()).find(List.of());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Launcher.JVM);
    command.addAll(List.of("-Xmx600m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Duser.timezone=UTC");
    command.add("-cp");
    command.add(found.home().resolve("jars") + "/*:" + found.runtime());
    command.add(PROGRAM.toAbsolutePath().toString());
    command.addAll(settings);
    command.add("--");
    command.addAll(List.of(statements));
    Path out = Files.createTempFile(folder, "spark", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("Spark does not end");
    }
    List<String> lines = Files.readAllLines(out);
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    return lines.stream().filter(l -> l.startsWith("ROW ")).map(l -> l.substring(4)).toList();
  }
}
