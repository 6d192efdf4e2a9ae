package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.demo.DemoErp;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Source;
import io.ecluse.staging.BatchManifest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * An extract of all tables into Parquet staging, against {@code psql \copy} of the same tables into
 * CSV files; where there is no psql, against the same COPY through pgjdbc.
 */
public final class ExtractBench {
  private static final int ROUNDS = 5;

  private final Workspace workspace;
  private final List<String> tables;
  private final Path copies;

  private ExtractBench(Workspace workspace, List<String> tables, Path copies) {
    this.workspace = workspace;
    this.tables = tables;
    this.copies = copies;
  }

  public static void main(String[] arguments) throws Exception {
    double scale = Arrays.asList(arguments).contains("--quick") ? 0.2 : 10;
    try (Workspace workspace = Workspace.open(scale);
        Platform platform = workspace.platform()) {
      Source source = platform.stages().sources().source("erp");
      List<String> tables = source.streams().stream().map(s -> s.name()).toList();
      Path copies = Files.createDirectory(workspace.folder().resolve("copies"));
      new ExtractBench(workspace, tables, copies).run(source, scale);
    }
  }

  private void run(Source source, double scale) throws Exception {
    boolean psql = hasPsql();
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    long rows = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      long begin = System.nanoTime();
      String id = "bench" + round;
      List<BatchManifest> batches =
          source.extract(new ExtractRequest(id, id, List.of()), new Silent());
      double extract = (System.nanoTime() - begin) / 1e9;
      rows = batches.stream().mapToLong(BatchManifest::rows).sum();
      begin = System.nanoTime();
      if (psql) {
        copyByPsql();
      } else {
        copyByJdbc();
      }
      double copy = (System.nanoTime() - begin) / 1e9;
      if (round > 0) { // the first warms both
        ours.add(extract);
        theirs.add(copy);
      }
    }
    double extract = Figures.median(ours);
    double copy = Figures.median(theirs);
    String peer = psql ? "psql \\copy to CSV" : "COPY to CSV by pgjdbc (no psql here)";
    System.out.printf("%n%d rows of %d tables, scale %s%n", rows, tables.size(), scale);
    Figures.row("", "median s", "rows/s");
    Figures.row("Écluse extract to Parquet", extract, Math.round(rows / extract));
    Figures.row(peer, copy, Math.round(rows / copy));
    Figures figures = new Figures();
    figures.atLeast(
        "extract throughput by " + (psql ? "psql" : "pgjdbc"), copy / extract, "x", 0.8);
    figures.atMost(
        "peak memory of the process (heap 256 MB)",
        Processes.peakMegabytes(ProcessHandle.current().pid()),
        "MB",
        1000);
    figures.print();
  }

  private static boolean hasPsql() {
    try {
      Process process =
          new ProcessBuilder("psql", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void copyByPsql() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "psql",
                "--quiet",
                "--no-psqlrc",
                "--host=127.0.0.1",
                "--port=" + workspace.erp().port(),
                "--username=" + DemoErp.READER,
                "--dbname=" + DemoErp.DATABASE));
    for (String table : tables) {
      command.add("--command=\\copy %s to '%s' csv".formatted(table, file(table)));
    }
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("PGPASSWORD", workspace.password());
    if (builder.start().waitFor() != 0) {
      throw new AssertionError("psql failed");
    }
  }

  private void copyByJdbc() throws SQLException, IOException {
    try (Connection connection = workspace.erp().connect()) {
      PGConnection postgres = connection.unwrap(PGConnection.class);
      for (String table : tables) {
        try (OutputStream out = Files.newOutputStream(file(table))) {
          postgres.getCopyAPI().copyOut("COPY " + table + " TO STDOUT (FORMAT csv)", out);
        }
      }
    }
  }

  private Path file(String table) {
    return copies.resolve(table + ".csv");
  }

  private static final class Silent implements ExtractListener {
    @Override
    public void log(String line) {}

    @Override
    public void progress(long rows, long total) {}

    @Override
    public void onCancel(Runnable action) {}
  }
}
