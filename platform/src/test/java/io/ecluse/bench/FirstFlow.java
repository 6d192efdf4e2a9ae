package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.demo.DemoErp;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first flow through Écluse and through a plain Spark program, on the same ERP. */
public final class FirstFlow {
  private static final int RUNS = 5;
  private static final int QUICK_RUNS = 3;

  private FirstFlow() {}

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    int runs = quick ? QUICK_RUNS : RUNS;
    Map<Double, Measured> ecluse = new LinkedHashMap<>();
    Map<Double, Measured> spark = new LinkedHashMap<>();
    for (double scale : quick ? List.of(0.2) : List.of(1.0, 10.0)) {
      try (Workspace workspace = Workspace.open(scale)) {
        try (Platform platform = workspace.platform()) {
          System.out.println("Made the project's database for " + platform.environment());
        }
        System.out.println("Écluse…");
        ecluse.put(scale, ecluse(workspace, runs));
        System.out.println("Spark…");
        spark.put(scale, spark(workspace, runs));
      }
    }
    table(ecluse, spark);
    figures(ecluse, spark).print();
  }

  private static Measured ecluse(Workspace workspace, int runs) throws Exception {
    return measured(
        workspace,
        ".ecluse/postgres",
        Measured.java(FlowLoop.class, workspace.folder().toString(), String.valueOf(runs)));
  }

  private static Measured spark(Workspace workspace, int runs) throws Exception {
    return measured(
        workspace,
        "spark",
        Measured.spark(
            "io.ecluse.spark.FirstFlowPeer",
            "jdbc:postgresql://127.0.0.1:%d/%s".formatted(workspace.erp().port(), DemoErp.DATABASE),
            DemoErp.READER,
            workspace.password(),
            workspace.folder().resolve("spark").toString(),
            String.valueOf(runs)));
  }

  private static Measured measured(Workspace workspace, String folder, List<String> command)
      throws Exception {
    return Measured.of(
        command,
        new Processes(ProcessHandle.current(), workspace.folder().resolve(folder)),
        Processes.server(workspace.folder().resolve(".ecluse/demo-erp")));
  }

  private static void table(Map<Double, Measured> ecluse, Map<Double, Measured> spark) {
    System.out.println();
    System.out.println("Seconds of one run, CPU seconds with child processes, peak memory (PSS)");
    Figures.row("", "warm s", "cold s", "warm CPU s", "cold CPU s", "peak MB");
    ecluse.forEach(
        (scale, ours) -> {
          Measured theirs = spark.get(scale);
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

  private static void row(String name, Measured taken) {
    Figures.row(
        name, taken.warm(), taken.cold(), taken.warmCpu(), taken.coldCpu(), taken.peakMegabytes());
  }

  private static Figures figures(Map<Double, Measured> ecluse, Map<Double, Measured> spark) {
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
