package io.ecluse.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * What doing the same over and over in one process took. The process tells each time with a line
 * {@code run MILLISECONDS CPU-MILLISECONDS}; the first counts from its start.
 *
 * @param serverCpu CPU seconds a time of the server that was read
 * @param bytes written at one time, of a program that tells with a line {@code wrote BYTES}
 */
record Measured(
    List<Double> seconds, List<Double> cpu, double peakMegabytes, double serverCpu, long bytes) {
  private static final long SAMPLE_MILLIS = 100;

  /** Runs the program. */
  static Measured of(List<String> command, Processes own, Processes server)
      throws IOException, InterruptedException {
    double before = server.cpuSeconds();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Processes all = own.with(process.toHandle());
    AtomicReference<Double> peak = new AtomicReference<>(0.0);
    Thread sampler = new Thread(() -> sample(all, peak));
    sampler.setDaemon(true);
    sampler.start();
    List<Double> seconds = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    long bytes = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("run ")) {
          String[] fields = line.split(" ");
          seconds.add(Double.parseDouble(fields[1]) / 1000);
          cpu.add(Double.parseDouble(fields[2]) / 1000);
        } else if (line.startsWith("wrote ")) {
          bytes = Long.parseLong(line.substring("wrote ".length()));
        }
      }
    }
    int exit = process.waitFor();
    sampler.interrupt();
    if (exit != 0 || seconds.isEmpty()) {
      throw new AssertionError("Ended with %d after %s: %s".formatted(exit, seconds, command));
    }
    System.out.println("  seconds of each run: " + seconds);
    double serverCpu = (server.cpuSeconds() - before) / seconds.size();
    return new Measured(seconds, cpu, peak.get(), serverCpu, bytes);
  }

  /** The same, with what its folder was found to hold, unless the program told itself. */
  Measured wrote(long found) {
    return new Measured(seconds, cpu, peakMegabytes, serverCpu, bytes == 0 ? found : bytes);
  }

  private static void sample(Processes processes, AtomicReference<Double> peak) {
    try {
      while (true) {
        peak.accumulateAndGet(processes.megabytes(), Math::max);
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  double cold() {
    return seconds.get(0);
  }

  double coldCpu() {
    return cpu.get(0);
  }

  double warm() {
    return Figures.median(afterWarmUp(seconds));
  }

  double warmCpu() {
    return Figures.median(afterWarmUp(cpu));
  }

  /** The first two warm up, or one of two or three; one alone has none to warm it. */
  private static List<Double> afterWarmUp(List<Double> all) {
    int warm = all.size() == 1 ? 0 : Math.min(2, Math.max(1, all.size() - 2));
    return all.subList(warm, all.size());
  }

  /** A program of Java, with the memory and the compiler that the launcher gives to a server. */
  static List<String> java(Class<?> program, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(compiler());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms40m",
            "-Xmx256m",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8",
            "-Decluse.log=WARN",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The options that the launcher has for it. */
  private static List<String> compiler() {
    Path launcher = Path.of(System.getProperty("bench.home"), "ecluse");
    try (Stream<String> lines = Files.lines(launcher)) {
      String line = lines.filter(l -> l.startsWith("better=")).findFirst().orElseThrow();
      return List.of(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')).split(" "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A program beside Spark, with Spark's default memory. */
  static List<String> spark(String program, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    OPENED.forEach(p -> command.add("--add-opens=java.base/" + p + "=ALL-UNNAMED"));
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("bench.spark.classpath"), program));
    command.addAll(List.of(arguments));
    return command;
  }

  /** What Spark's own launcher opens. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");
}
