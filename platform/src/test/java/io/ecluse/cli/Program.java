package io.ecluse.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The program as people start it, in a process of its own. */
public final class Program implements AutoCloseable {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

  private final Process process;
  private final Path output;

  private Program(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** The folder of the checkout. */
  public static Path repository() {
    return REPOSITORY;
  }

  /** Starts {@code ecluse} with arguments. */
  public static Program start(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of(REPOSITORY.resolve("ecluse").toString()));
    command.addAll(List.of(arguments));
    return startCommand(folder, command);
  }

  /** Starts the program from the classes under test, without what a build would make of them. */
  public static Program ofClasses(Path folder, String... arguments) {
    return ofClassesWith(List.of(), folder, arguments);
  }

  /** The same, with options of the JVM. */
  static Program ofClassesWith(List<String> options, Path folder, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Decluse.log=INFO",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath(),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    return startCommand(folder, command);
  }

  /** That of this process, as seen from any folder. */
  static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Starts any command in which {@code ./ecluse} and {@code ecluse} are the program. */
  public static Program startCommand(Path folder, List<String> command) {
    try {
      Path output = Files.createTempFile("ecluse-output-", ".txt");
      output.toFile().deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile());
      builder.environment().put("ECLUSE_NO_BUILD", "1");
      builder.environment().put("ECLUSE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1"); // as all tests
      return new Program(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has printed so far. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end and returns the exit code. */
  public int exitCode() {
    try {
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Did not end within 180 s:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGTERM, without waiting for what comes of it. */
  public void terminate() {
    process.destroy();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has printed something. */
  public void awaitOutput(String text) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!output().contains(text)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("Never printed '" + text + "':\n" + output());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** SIGKILL: no hook runs. */
  public void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** SIGTERM, as a service manager or Ctrl-C ends it. */
  @Override
  public void close() {
    process.destroy();
    exitCode();
  }
}
