package io.ecluse.bench;

import io.ecluse.Servers;
import io.ecluse.metadata.DatabaseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What 10,000 changed rows cost against the size of the table that they go into: keys at the end of
 * their range, and keys that are anywhere.
 */
public final class IncrementBench {
  private static final int ROUNDS = 5;
  private static final List<Long> QUICK = List.of(100_000L, 1_000_000L);
  private static final List<Long> SIZES = List.of(1_000_000L, 10_000_000L, 100_000_000L);

  private final Path folder;
  private final DatabaseSettings metadata;
  private final long rows;

  private IncrementBench(Path folder, long rows) {
    this.folder = folder;
    this.rows = rows;
    this.metadata = Servers.settings(Servers.newDatabase());
  }

  /**
   * @param arguments sizes of tables, in millions of rows, or {@code --quick}
   */
  public static void main(String[] arguments) throws Exception {
    List<Long> sizes =
        Arrays.stream(arguments)
            .filter(a -> a.matches("\\d+"))
            .map(a -> Long.parseLong(a) * 1_000_000)
            .toList();
    if (sizes.isEmpty()) {
      sizes = Arrays.asList(arguments).contains("--quick") ? QUICK : SIZES;
    }
    Map<Long, List<Cost>> all = new TreeMap<>();
    for (long rows : sizes) {
      Path folder = Files.createTempDirectory("ecluse-increment-");
      try {
        all.put(rows, new IncrementBench(folder, rows).measure());
      } finally {
        delete(folder);
      }
    }
    print(all);
  }

  /** What one merge came to. */
  private record Cost(String name, Measured measured, double megabytesWritten, long files) {}

  private List<Cost> measure() throws Exception {
    List<Cost> costs = new ArrayList<>();
    for (String what : List.of("fill", "recent", "scattered", "read")) {
      int rounds = what.equals("fill") ? 1 : ROUNDS;
      long before = bytes();
      System.out.printf("%,d rows: %s%n", rows, what);
      Measured measured = loop(what, rounds);
      costs.add(new Cost(what, measured, (bytes() - before) / 1e6 / rounds, files()));
    }
    return costs;
  }

  private Measured loop(String what, int rounds) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "BENCH_PASSWORD=" + metadata.password()));
    command.addAll(
        Measured.java(
            IncrementLoop.class,
            what,
            folder.toString(),
            String.valueOf(rows),
            String.valueOf(rounds),
            metadata.jdbcUrl(),
            metadata.user()));
    Processes own = new Processes(ProcessHandle.current(), folder.resolve("none"));
    return Measured.of(command, own, own);
  }

  private Stream<Path> walk() {
    try {
      Path warehouse = folder.resolve("warehouse");
      return Files.isDirectory(warehouse)
          ? Files.walk(warehouse).filter(Files::isRegularFile)
          : Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long bytes() {
    try (Stream<Path> files = walk()) {
      return files.mapToLong(f -> f.toFile().length()).sum();
    }
  }

  private long files() {
    try (Stream<Path> files = walk()) {
      return files.filter(f -> f.toString().endsWith(".parquet")).count();
    }
  }

  private static void print(Map<Long, List<Cost>> all) {
    System.out.printf("%n10,000 rows merged, medians of %d merges in one process%n", ROUNDS);
    Figures.row("", "s", "CPU s", "MB written", "peak MB", "files");
    Figures figures = new Figures();
    all.forEach(
        (rows, costs) ->
            costs.forEach(
                c ->
                    Figures.row(
                        "%,d rows: %s".formatted(rows, c.name()),
                        c.measured().warm(),
                        c.measured().warmCpu(),
                        c.megabytesWritten(),
                        c.measured().peakMegabytes(),
                        c.files())));
    List<List<Cost>> sizes = List.copyOf(all.values());
    if (sizes.size() > 1) {
      List<Cost> first = sizes.get(0);
      List<Cost> last = sizes.get(sizes.size() - 1);
      for (int i : new int[] {1, 2}) {
        String name = first.get(i).name();
        figures.atMost(
            "CPU of a merge, %s keys, largest by smallest table".formatted(name),
            last.get(i).measured().warmCpu() / first.get(i).measured().warmCpu(),
            "x",
            i == 1 ? 1.5 : 10);
        figures.atMost(
            "memory of a merge, %s keys, the same".formatted(name),
            last.get(i).measured().peakMegabytes() / first.get(i).measured().peakMegabytes(),
            "x",
            1.5);
      }
    }
    figures.print();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
