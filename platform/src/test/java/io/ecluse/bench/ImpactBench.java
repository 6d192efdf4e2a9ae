package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the users of the ERP feel of an extract: the latency of {@code pgbench}'s, alone, beside an
 * extract, and beside an extract that may slow the source down by 25 % only. The ERP and its users
 * have one core, Écluse has another, as if it were another machine.
 */
public final class ImpactBench {
  private static final int ROUNDS = 3;

  private final Workspace workspace;
  private final Platform platform;
  private final int seconds;
  private final PgbenchLoad users;

  private ImpactBench(Workspace workspace, Platform platform, int seconds) {
    this.workspace = workspace;
    this.platform = platform;
    this.seconds = seconds;
    this.users = new PgbenchLoad(workspace.erp(), workspace.folder());
  }

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    try (Workspace workspace = Workspace.open(quick ? 1 : 10);
        Platform platform = workspace.platform()) {
      new ImpactBench(workspace, platform, quick ? 4 : 15).run(quick ? 1 : ROUNDS);
    }
  }

  /** How an extract is to behave, and what came of it. */
  private record Case(
      String name, Optional<String> limit, List<PgbenchLoad.Felt> felt, AtomicLong rows) {
    Case(String name, Optional<String> limit) {
      this(name, limit, new ArrayList<>(), new AtomicLong());
    }

    double p95() {
      return Figures.median(felt.stream().map(PgbenchLoad.Felt::p95).toList());
    }
  }

  private void run(int rounds) throws Exception {
    users.fill();
    boolean apart = pin();
    Case alone = new Case("alone", Optional.empty());
    Case free = new Case("beside an extract", Optional.of(""));
    Case gentle = new Case("beside one with a budget", Optional.of("max_slowdown: 25"));
    warm();
    for (int round = 0; round < rounds; round++) { // in turns, so that all have the same weather
      for (Case each : List.of(alone, free, gentle)) {
        System.out.println("  " + each.name());
        measure(each);
      }
    }
    System.out.printf(
        "%npgbench, %d transactions a second over %d clients, %d times %d s each; %s%n",
        PgbenchLoad.PER_SECOND,
        PgbenchLoad.CLIENTS,
        rounds,
        seconds,
        apart ? "the ERP and they on one core, Écluse on another" : "all on the same cores");
    Figures.row("medians", "median ms", "p95 ms", "transactions", "rows read/s");
    List.of(alone, free, gentle).forEach(this::row);
    Figures figures = new Figures();
    figures.atMost("p95 with the budget, by alone", gentle.p95() / alone.p95(), "x", 1.25);
    figures.atLeast("p95 without, by alone", free.p95() / alone.p95(), "x", 1.25);
    figures.print();
  }

  private void row(Case done) {
    Figures.row(
        done.name(),
        Figures.median(done.felt().stream().map(PgbenchLoad.Felt::median).toList()),
        done.p95(),
        Math.round(
            Figures.median(done.felt().stream().map(f -> (double) f.transactions()).toList())),
        Math.round(done.rows().get() / (double) (done.felt().size() * seconds)));
  }

  /** Gives the ERP the first core and this process the second, where that can be done. */
  private boolean pin() throws IOException, InterruptedException {
    return Runtime.getRuntime().availableProcessors() > 1
        && taskset("0", Processes.server(workspace.folder().resolve(".ecluse/demo-erp")).root())
        && taskset("1", ProcessHandle.current());
  }

  private static boolean taskset(String core, ProcessHandle process)
      throws IOException, InterruptedException {
    try {
      return new ProcessBuilder("taskset", "-a", "-c", "-p", core, String.valueOf(process.pid()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      System.out.println("No taskset here, so all share the cores: " + e.getMessage());
      return false;
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

  /** Once without anybody else, so that what is measured is no start. */
  private void warm() throws IOException {
    limit("");
    extract(Long.MAX_VALUE);
  }

  /** Users at work for a while, beside extracts one after another if there are to be any. */
  private void measure(Case each) throws Exception {
    if (each.limit().isPresent()) {
      limit(each.limit().get());
    }
    each.felt()
        .add(
            users.felt(
                seconds,
                end -> {
                  while (each.limit().isPresent() && System.nanoTime() < end) {
                    each.rows().addAndGet(extract(end));
                  }
                }));
  }

  /** Returns the rows that it has read. */
  private long extract(long end) {
    AtomicLong rows = new AtomicLong();
    String id = "bench" + System.nanoTime();
    AtomicReference<Runnable> cancel = new AtomicReference<>(() -> {});
    try {
      platform
          .stages()
          .sources()
          .source("erp")
          .extract(
              new ExtractRequest(id, id, List.of(), RowsWanted.AS_PLANNED),
              new UntilTheEnd(end, cancel, rows));
    } catch (EcluseException e) {
      if (e.code() != ErrorCode.CANCELLED) {
        throw e;
      }
    }
    return rows.get();
  }

  /** Cancels an extract that is not over when the clients are. */
  private record UntilTheEnd(long end, AtomicReference<Runnable> cancel, AtomicLong rows)
      implements ExtractListener {
    @Override
    public void log(String line) {}

    @Override
    public void progress(long read, long total) {
      rows.set(read);
      if (System.nanoTime() > end) {
        cancel.get().run();
      }
    }

    @Override
    public void onCancel(Runnable action) {
      cancel.set(action);
    }
  }
}
