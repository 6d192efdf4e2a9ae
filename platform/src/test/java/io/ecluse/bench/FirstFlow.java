package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.demo.DemoErp;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** The first flow through Écluse and through a plain Spark program, on the same ERP. */
public final class FirstFlow {
  private static final int RUNS = 5;
  private static final int QUICK_RUNS = 3;
  private static final long SAMPLE_MILLIS = 100;

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

  private FirstFlow() {}

  /** What running the flow over and over in one process took. */
  private record Taken(
      double cold, double warm, double coldCpu, double warmCpu, double peakMegabytes) {}

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    int runs = quick ? QUICK_RUNS : RUNS;
    Map<Double, Taken> ecluse = new LinkedHashMap<>();
    Map<Double, Taken> spark = new LinkedHashMap<>();
    for (double scale : quick ? List.of(0.2) : List.of(1.0, 10.0)) {
      try (Workspace workspace = Workspace.open(scale)) {
        try (Platform platform = workspace.platform()) {
          System.out.println("Made the project's database for " + platform.environment());
        }
        System.out.println("Écluse…");
        ecluse.put(
            scale,
            measured(ecluse(workspace, runs), workspace.folder().resolve(".ecluse/postgres")));
        System.out.println("Spark…");
        spark.put(scale, measured(spark(workspace, runs), workspace.folder().resolve("spark")));
      }
    }
    table(ecluse, spark);
    figures(ecluse, spark).print();
  }

  /** With the memory that the launcher gives to a server. */
  private static List<String> ecluse(Workspace workspace, int runs) {
    return List.of(
        java(),
        "-XX:+UseSerialGC",
        "-Xms64m",
        "-Xmx256m",
        "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "-Decluse.log=WARN",
        "-cp",
        System.getProperty("java.class.path"),
        FlowLoop.class.getName(),
        workspace.folder().toString(),
        String.valueOf(runs));
  }

  private static List<String> spark(Workspace workspace, int runs) {
    List<String> command = new ArrayList<>(List.of(java()));
    OPENED.forEach(p -> command.add("--add-opens=java.base/" + p + "=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            System.getProperty("bench.spark.classpath"),
            "io.ecluse.spark.FirstFlowPeer",
            "jdbc:postgresql://127.0.0.1:%d/%s".formatted(workspace.erp().port(), DemoErp.DATABASE),
            DemoErp.READER,
            workspace.password(),
            workspace.folder().resolve("spark").toString(),
            String.valueOf(runs)));
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Taken measured(List<String> command, Path folder)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    AtomicReference<Double> peak = new AtomicReference<>(0.0);
    Thread sampler = new Thread(() -> sample(new Processes(process.toHandle(), folder), peak));
    sampler.setDaemon(true);
    sampler.start();
    List<Double> seconds = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("run ")) {
          String[] fields = line.split(" ");
          seconds.add(Double.parseDouble(fields[1]) / 1000);
          cpu.add(Double.parseDouble(fields[2]) / 1000);
        }
      }
    }
    int exit = process.waitFor();
    if (exit != 0 || seconds.size() < QUICK_RUNS) {
      throw new AssertionError("Ended with %d after %s".formatted(exit, seconds));
    }
    System.out.println("  seconds of each run: " + seconds);
    int warm = Math.min(2, seconds.size() - 2); // the first two runs warm up, or one of three
    return new Taken(
        seconds.get(0),
        Figures.median(seconds.subList(warm, seconds.size())),
        cpu.get(0),
        Figures.median(cpu.subList(warm, cpu.size())),
        peak.get());
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

  private static void table(Map<Double, Taken> ecluse, Map<Double, Taken> spark) {
    System.out.println();
    System.out.println("Seconds of one run, CPU seconds with child processes, peak memory (PSS)");
    Figures.row("", "warm s", "cold s", "warm CPU s", "cold CPU s", "peak MB");
    ecluse.forEach(
        (scale, ours) -> {
          Taken theirs = spark.get(scale);
          row("Écluse, scale " + scale, ours);
          row("Spark local[2], scale " + scale, theirs);
          Figures.row(
              "  Spark / Écluse",
              theirs.warm() / ours.warm(),
              theirs.cold() / ours.cold(),
              theirs.warmCpu() / ours.warmCpu(),
              theirs.coldCpu() / ours.coldCpu(),
              theirs.peakMegabytes() / ours.peakMegabytes());
        });
  }

  private static void row(String name, Taken taken) {
    Figures.row(
        name, taken.warm(), taken.cold(), taken.warmCpu(), taken.coldCpu(), taken.peakMegabytes());
  }

  private static Figures figures(Map<Double, Taken> ecluse, Map<Double, Taken> spark) {
    Figures figures = new Figures();
    ecluse.forEach(
        (scale, ours) -> {
          String at = " at scale " + scale;
          if (scale <= 1) {
            figures.atMost("first flow warm" + at, ours.warm(), "s", 3);
          }
          figures.atLeast(
              "times faster than Spark, a process a flow" + at,
              spark.get(scale).cold() / ours.warm(),
              "x",
              scale <= 1 ? 10 : 1);
          figures.atLeast(
              "times faster than Spark, warm too" + at,
              spark.get(scale).warm() / ours.warm(),
              "x",
              1);
          figures.atMost("peak memory" + at, ours.peakMegabytes(), "MB", 1000);
        });
    if (ecluse.size() > 1) {
      double least = Collections.min(ecluse.keySet());
      double most = Collections.max(ecluse.keySet());
      figures.atMost(
          "growth from scale %s to %s".formatted(least, most),
          ecluse.get(most).warm() / ecluse.get(least).warm(),
          "x",
          most / least);
    }
    return figures;
  }
}
