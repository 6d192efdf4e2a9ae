package io.ecluse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Commands by the launcher, with a server on their project and without one: wall time, CPU of the
 * command's own processes, and the most memory that it had resident; then a build of models of
 * which none has changed.
 */
public final class CliBench {
  private static final String HEADER = "/* ecluse\ndescription: One of many\n*/\n";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<List<String>> LOOKING =
      List.of(
          List.of("ls"),
          List.of("ls", "tables"),
          List.of("show", "table", "marts.students"),
          List.of("query", "select 1"));

  private final String program = Path.of(System.getProperty("bench.home"), "ecluse").toString();
  private final Figures figures = new Figures();
  private final int rounds;

  private CliBench(int rounds) {
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    CliBench bench = new CliBench(quick ? 2 : 5);
    Path demo = Workspace.newFolder();
    Path many = Workspace.newFolder();
    try {
      bench.looking(demo);
      bench.building(many, quick ? 100 : 500);
    } finally {
      Workspace.delete(demo);
      Workspace.delete(many);
    }
    bench.figures.print();
  }

  private record Cost(double seconds, double cpuSeconds, double megabytes) {}

  private void looking(Path folder) throws Exception {
    run(folder, List.of("demo", "--once", "--scale", "0.2"));
    Figures.row("command", "s", "CPU s", "MB");
    Process server = serve(folder);
    try {
      for (List<String> words : LOOKING) {
        Cost cost = median(folder, words, "served: ");
        figures.atMost("with a server: " + name(words), cost.seconds(), "s", 0.7);
        figures.atMost("with a server: " + name(words), cost.megabytes(), "MB", 100);
      }
    } finally {
      end(server);
    }
    for (List<String> words : LOOKING) {
      Cost cost = median(folder, words, "alone: ");
      figures.atMost("without: " + name(words), cost.seconds(), "s", 1.2);
    }
  }

  private void building(Path folder, int models) throws Exception {
    Path marts = Files.createDirectories(folder.resolve("models/marts"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: many\n");
    Files.writeString(marts.resolve("m0.sql"), HEADER + "SELECT 1 AS x\n");
    for (int i = 1; i < models; i++) {
      Files.writeString(
          marts.resolve("m" + i + ".sql"),
          HEADER + "SELECT x + 1 AS x FROM marts.m" + (i / 2) + "\n");
    }
    List<String> build = List.of("build");
    Cost first = run(folder, build);
    Figures.row("first build of " + models, first.seconds(), first.cpuSeconds(), first.megabytes());
    Cost alone = median(folder, build, "unchanged, alone: ");
    Process server = serve(folder);
    try {
      Cost served = median(folder, build, "unchanged, served: ");
      figures.atMost("build, nothing changed, with a server", served.seconds(), "s", 2);
    } finally {
      end(server);
    }
    figures.atMost("build, nothing changed, without", alone.seconds(), "s", 2);
  }

  private static String name(List<String> words) {
    return String.join(" ", words);
  }

  /** The median of each figure, after one that is not counted. */
  private Cost median(Path folder, List<String> words, String how) throws Exception {
    run(folder, words);
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      costs.add(run(folder, words));
    }
    Cost median =
        new Cost(
            Figures.median(costs.stream().map(Cost::seconds).toList()),
            Figures.median(costs.stream().map(Cost::cpuSeconds).toList()),
            Figures.median(costs.stream().map(Cost::megabytes).toList()));
    Figures.row(how + name(words), median.seconds(), median.cpuSeconds(), median.megabytes());
    return median;
  }

  private Cost run(Path folder, List<String> words) throws Exception {
    double cpuBefore = cpuOfChildren();
    long begin = System.nanoTime();
    Process process = start(folder, words);
    double megabytes = 0;
    while (!process.waitFor(5, TimeUnit.MILLISECONDS)) {
      megabytes = Math.max(megabytes, Processes.peakMegabytes(process.pid()));
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (process.exitValue() != 0) {
      throw new AssertionError("ecluse %s ended with %d".formatted(words, process.exitValue()));
    }
    return new Cost(seconds, cpuOfChildren() - cpuBefore, megabytes);
  }

  /** Of those that have ended, and were waited for. */
  private static double cpuOfChildren() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
  }

  private Process start(Path folder, List<String> words) throws IOException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(words);
    command.addAll(List.of("--dir", folder.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private Process serve(Path folder) throws Exception {
    Process server = start(folder, List.of("server", "--port", "0"));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(folder.resolve(".ecluse/door/dev"))) {
      if (!server.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("The server opened no door");
      }
      Thread.sleep(50);
    }
    return server;
  }

  private static void end(Process server) throws InterruptedException {
    server.destroy();
    if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      server.destroyForcibly();
    }
  }
}
