package io.ecluse.bench;

import io.ecluse.demo.DemoErp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Users of an ERP at work: {@code pgbench} with its own TPC-B-like transactions, so many a second,
 * each come when it comes. A latency counts from the moment a transaction was due, so whoever waits
 * for those before it waits as people do.
 *
 * @param folder where its logs are
 */
record PgbenchLoad(DemoErp erp, Path folder) {
  static final int CLIENTS = 4;
  static final int PER_SECOND = 100;
  private static final String USER = "clerk";
  private static final int SCALE = 10;
  private static final int WARM_UP_SECONDS = 3;
  private static final int LATENCY = 2;
  private static final int SECOND = 4;

  /** What they felt, in milliseconds. */
  record Felt(double median, double p95, int transactions) {}

  /** What goes on beside them. */
  interface Beside {
    void until(long endNanos) throws Exception;
  }

  /** Makes its user and, in a schema of its own, its tables. */
  void fill() throws Exception {
    try (var connection = erp.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE %1$s LOGIN PASSWORD '%1$s'".formatted(USER));
      statement.execute("CREATE SCHEMA %1$s AUTHORIZATION %1$s".formatted(USER));
    }
    ended(start("--initialize", "--quiet", "--scale=" + SCALE));
  }

  /** Has them work for so long, after a while for themselves. */
  Felt felt(int seconds, Beside beside) throws Exception {
    Path logs = Files.createTempDirectory(folder, "pgbench");
    Process pgbench =
        start(
            "--no-vacuum",
            "--client=" + CLIENTS,
            "--rate=" + PER_SECOND,
            "--time=" + (WARM_UP_SECONDS + seconds),
            "--log",
            "--log-prefix=" + logs.resolve("log"));
    Thread.sleep(WARM_UP_SECONDS * 1000L);
    long begin = System.currentTimeMillis() / 1000;
    beside.until(System.nanoTime() + seconds * 1_000_000_000L);
    ended(pgbench);
    List<Double> latencies = latencies(logs, begin);
    return new Felt(
        latencies.get(latencies.size() / 2),
        latencies.get((int) (latencies.size() * 0.95)),
        latencies.size());
  }

  private static List<Double> latencies(Path logs, long begin) throws IOException {
    List<Double> latencies = new ArrayList<>();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          String[] fields = line.split(" ");
          if (Long.parseLong(fields[SECOND]) >= begin) {
            latencies.add(Long.parseLong(fields[LATENCY]) / 1000.0);
          }
        }
      }
    }
    return latencies.stream().sorted().toList();
  }

  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("taskset", "-c", "0", "pgbench"));
    command.addAll(List.of("--host=127.0.0.1", "--port=" + erp.port(), "--username=" + USER));
    command.addAll(List.of(options));
    command.add(DemoErp.DATABASE);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("pgbench.log").toFile());
    builder.environment().put("PGPASSWORD", USER);
    return builder.start();
  }

  private void ended(Process pgbench) throws Exception {
    if (pgbench.waitFor() != 0) {
      throw new AssertionError("pgbench: " + Files.readString(folder.resolve("pgbench.log")));
    }
  }
}
