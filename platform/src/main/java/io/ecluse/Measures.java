package io.ecluse;

import com.sun.management.UnixOperatingSystemMXBean;
import io.ecluse.pipeline.Task;
import io.ecluse.scheduler.Load;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What there is to watch, as Prometheus reads it. Everything is read when it is asked for: nothing
 * is counted meanwhile, so it is the same whichever process of a project is asked, but for the
 * lines about the process itself. No line holds a row's data.
 */
public record Measures(Platform platform) {
  /** The type of the text. */
  public static final String TYPE = "text/plain;version=0.0.4;charset=utf-8";

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double NANOS = 1e9;
  private static final Map<String, Long> RUNS = Map.of("queued", 0L, "running", 0L);
  private static final Map<String, Long> TASKS = Map.of("pending", 0L, "running", 0L);

  /** Lines of text, each a number. */
  private static final class Lines {
    private final StringBuilder text = new StringBuilder();

    void gauge(String name, String help) {
      type(name, help, "gauge");
    }

    void type(String name, String help, String type) {
      text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
    }

    void value(String name, String labels, double value) {
      String number =
          value == Math.rint(value) && Math.abs(value) < 1e15
              ? String.valueOf((long) value)
              : String.valueOf(value);
      text.append(name).append(labels).append(' ').append(number).append('\n');
    }

    void one(String name, String help, double value) {
      gauge(name, help);
      value(name, "", value);
    }

    static String label(String name, String value) {
      String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      return "{%s=\"%s\"}".formatted(name, quoted);
    }
  }

  /**
   * All of it; while the database is away, what is known without.
   *
   * @param seen which DAGs may be told of
   */
  public String text(Predicate<String> seen) {
    Lines lines = new Lines();
    lines.gauge("ecluse_info", "What runs here.");
    lines.value(
        "ecluse_info",
        "{version=\"%s\",project=\"%s\",environment=\"%s\"}"
            .formatted(version(), platform.project().get().name(), platform.environment()),
        1);
    boolean answers = platform.metadata().answers();
    lines.one("ecluse_database_up", "Whether the metadata database answers.", answers ? 1 : 0);
    if (answers) {
      long begin = System.nanoTime();
      Load load = platform.scheduler().load();
      lines.one(
          "ecluse_database_seconds",
          "What it took the metadata database to tell the lines below.",
          (System.nanoTime() - begin) / NANOS);
      work(lines, load);
      dags(lines, load, seen);
    }
    disk(lines);
    process(lines);
    return lines.text.toString();
  }

  private static String version() {
    return Optional.ofNullable(Platform.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private static void work(Lines lines, Load load) {
    by(lines, "state", "ecluse_runs", "Runs that are kept, by state.", load.runs(), RUNS);
    by(lines, "state", "ecluse_tasks", "Tasks of runs that go on, by state.", load.tasks(), TASKS);
    by(
        lines,
        "queue",
        "ecluse_tasks_ready",
        "Tasks that wait for nothing but a place.",
        load.ready(),
        Map.of(Task.DEFAULT_QUEUE, 0L));
    lines.one(
        "ecluse_oldest_queued_run_seconds",
        "For how long a run has waited to begin.",
        load.oldest().map(t -> Duration.between(t, Instant.now()).toMillis() / 1e3).orElse(0.0));
    lines.one("ecluse_workers", "Processes that run tasks.", load.workers());
    lines.one("ecluse_worker_places", "How many tasks they may run at a time.", load.places());
  }

  /** What is nought has a line, too, where somebody waits for it to be more. */
  private static void by(
      Lines lines,
      String label,
      String name,
      String help,
      Map<String, Long> counts,
      Map<String, Long> noughts) {
    lines.gauge(name, help);
    Map<String, Long> all = new TreeMap<>(noughts);
    all.putAll(counts);
    all.forEach((key, count) -> lines.value(name, Lines.label(label, key), count));
  }

  private static void dags(Lines lines, Load load, Predicate<String> seen) {
    var dags = load.dags().stream().filter(d -> seen.test(d.id())).toList();
    String success = "ecluse_dag_last_success_timestamp_seconds";
    lines.gauge(success, "When the last run that succeeded had ended.");
    dags.forEach(
        d -> d.success().ifPresent(t -> lines.value(success, dag(d), t.toEpochMilli() / 1e3)));
    String last = "ecluse_dag_last_run_succeeded";
    lines.gauge(last, "Whether the last run that has ended did so well.");
    dags.forEach(d -> lines.value(last, dag(d), d.last() == RunState.SUCCESS ? 1 : 0));
    String seconds = "ecluse_dag_last_run_seconds";
    lines.gauge(seconds, "How long the last run took that has ended.");
    dags.forEach(d -> lines.value(seconds, dag(d), d.seconds()));
  }

  private static String dag(Load.OfDag dag) {
    return Lines.label("dag", dag.id());
  }

  private void disk(Lines lines) {
    Path state = platform.project().get().stateFolder();
    try {
      double free = Files.getFileStore(state).getUsableSpace();
      lines.one("ecluse_state_free_bytes", "Space where the state is.", free);
    } catch (IOException e) {
      // it is not known: there is no line
    }
  }

  private static void process(Lines lines) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    lines.one(
        "process_start_time_seconds", "When this process began.", runtime.getStartTime() / 1e3);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      lines.type("process_cpu_seconds_total", "Time of processors.", "counter");
      lines.value("process_cpu_seconds_total", "", system.getProcessCpuTime() / NANOS);
      lines.one("process_open_fds", "Open files.", system.getOpenFileDescriptorCount());
    }
    resident()
        .ifPresent(b -> lines.one("process_resident_memory_bytes", "Memory of this process.", b));
    var memory = ManagementFactory.getMemoryMXBean();
    MemoryUsage heap = memory.getHeapMemoryUsage();
    lines.gauge("jvm_memory_used_bytes", "Memory that Java uses.");
    lines.value("jvm_memory_used_bytes", Lines.label("area", "heap"), heap.getUsed());
    lines.value(
        "jvm_memory_used_bytes",
        Lines.label("area", "nonheap"),
        memory.getNonHeapMemoryUsage().getUsed());
    lines.gauge("jvm_memory_max_bytes", "The most that Java may use.");
    lines.value("jvm_memory_max_bytes", Lines.label("area", "heap"), heap.getMax());
    lines.one(
        "jvm_threads_current", "Threads.", ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private static Optional<Double> resident() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
