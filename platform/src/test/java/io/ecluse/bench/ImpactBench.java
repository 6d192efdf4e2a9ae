package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the users of the ERP feel of an extract: the latency of short transactions, as TPC-B has
 * them, alone, beside an extract, and beside an extract that may slow the source down by 25 % only.
 */
public final class ImpactBench {
  private static final int CLIENTS = 2;
  private static final int ACCOUNTS = 50_000;

  /** Clients think between transactions, as people do; a machine without a pause is no ERP. */
  private static final long THINK_MILLIS = 5;

  private final Workspace workspace;
  private final Platform platform;
  private final int seconds;

  private ImpactBench(Workspace workspace, Platform platform, int seconds) {
    this.workspace = workspace;
    this.platform = platform;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    try (Workspace workspace = Workspace.open(quick ? 1 : 10);
        Platform platform = workspace.platform()) {
      new ImpactBench(workspace, platform, quick ? 5 : 15).run();
    }
  }

  private record Felt(double median, double p95, int transactions) {}

  private void run() throws Exception {
    fill();
    load(List.of()); // warms everything
    Felt alone = load(List.of());
    limit("");
    List<ImpactReceipt> free = new ArrayList<>();
    Felt beside = load(free);
    limit("max_slowdown: 25");
    List<ImpactReceipt> gentle = new ArrayList<>();
    Felt spared = load(gentle);
    System.out.printf("%n%d clients, %d s each%n", CLIENTS, seconds);
    Figures.row("", "median ms", "p95 ms", "transactions", "extracts", "throttled s");
    row("alone", alone, List.of());
    row("beside an extract", beside, free);
    row("beside one with a budget", spared, gentle);
    Figures figures = new Figures();
    figures.atMost("p95 with the budget, by alone", spared.p95() / alone.p95(), "x", 1.25);
    figures.atLeast("p95 without, by alone", beside.p95() / alone.p95(), "x", 1.25);
    figures.print();
  }

  private static void row(String name, Felt felt, List<ImpactReceipt> receipts) {
    Figures.row(
        name,
        felt.median(),
        felt.p95(),
        felt.transactions(),
        receipts.size(),
        receipts.stream().mapToDouble(ImpactReceipt::throttledSeconds).sum());
  }

  private void fill() throws SQLException {
    try (Connection erp = workspace.erp().connect();
        Statement statement = erp.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS accounts AS SELECT i AS id, 0 AS balance FROM generate_series(1, %d) t(i)"
              .formatted(ACCOUNTS));
      statement.execute("ALTER TABLE accounts ADD PRIMARY KEY (id)");
      statement.execute("CREATE TABLE history (account int, amount int, at timestamptz)");
    }
  }

  private void limit(String limit) throws IOException {
    Path file = workspace.folder().resolve("sources/erp.yaml");
    String text = Files.readString(file).replaceAll("(?m)^extract:.*\\R", "");
    Files.writeString(file, text + (limit.isEmpty() ? "" : "extract: { " + limit + " }\n"));
    if (!platform.project().reload().errors().isEmpty()) {
      throw new AssertionError(platform.project().reload().errors());
    }
  }

  /**
   * Clients at work for a while; with {@code receipts} to fill, beside extracts one after another.
   */
  private Felt load(List<ImpactReceipt> receipts) throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    ConcurrentLinkedQueue<Double> latencies = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int seed = i;
      threads.add(new Thread(() -> client(seed, end, latencies)));
    }
    if (receipts instanceof ArrayList) {
      threads.add(new Thread(() -> extracts(end, receipts)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    List<Double> sorted = new ArrayList<>(latencies);
    Collections.sort(sorted);
    return new Felt(
        sorted.get(sorted.size() / 2), sorted.get((int) (sorted.size() * 0.95)), sorted.size());
  }

  private void extracts(long end, List<ImpactReceipt> receipts) {
    for (int i = 0; System.nanoTime() < end; i++) {
      AtomicReference<Thread> stopper = new AtomicReference<>();
      String id = "bench" + System.nanoTime() + "." + i;
      try {
        platform
            .stages()
            .sources()
            .source("erp")
            .extract(
                new ExtractRequest(id, id, List.of()), new UntilTheEnd(end, stopper, receipts));
      } catch (io.ecluse.error.EcluseException e) {
        if (e.code() != io.ecluse.error.ErrorCode.CANCELLED) {
          throw e;
        }
      } finally {
        if (stopper.get() != null) {
          stopper.get().interrupt();
        }
      }
    }
  }

  private void client(int seed, long end, ConcurrentLinkedQueue<Double> latencies) {
    Random random = new Random(seed);
    try (Connection erp = workspace.erp().connect();
        PreparedStatement update =
            erp.prepareStatement("UPDATE accounts SET balance = balance + ? WHERE id = ?");
        PreparedStatement read = erp.prepareStatement("SELECT balance FROM accounts WHERE id = ?");
        PreparedStatement note = erp.prepareStatement("INSERT INTO history VALUES (?, ?, now())")) {
      erp.setAutoCommit(false);
      while (System.nanoTime() < end) {
        int account = 1 + random.nextInt(ACCOUNTS);
        long begin = System.nanoTime();
        update.setInt(1, 1);
        update.setInt(2, account);
        update.executeUpdate();
        read.setInt(1, account);
        read.executeQuery().close();
        note.setInt(1, account);
        note.setInt(2, 1);
        note.executeUpdate();
        erp.commit();
        latencies.add((System.nanoTime() - begin) / 1e6);
        Thread.sleep(THINK_MILLIS);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cancels an extract that is not over when the clients are. */
  private record UntilTheEnd(
      long end, AtomicReference<Thread> stopper, List<ImpactReceipt> receipts)
      implements ExtractListener {
    @Override
    public void log(String line) {}

    @Override
    public void progress(long rows, long total) {}

    @Override
    public void impact(ImpactReceipt receipt) {
      receipts.add(receipt);
    }

    @Override
    public void onCancel(Runnable action) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  Thread.sleep(Math.max(0, (end - System.nanoTime()) / 1_000_000));
                  action.run();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.setDaemon(true);
      thread.start();
      stopper.set(thread);
    }
  }
}
