package io.ecluse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A process, all that it started, and the server whose data lies in a folder, which may have been
 * let go by the process that started it. Read from {@code /proc}.
 */
final class Processes {
  private static final double TICKS_PER_SECOND = 100;
  private static final int FIRST_TIME = 11;
  private static final int TIMES = 4;

  private final ProcessHandle root;
  private final String folder;

  Processes(ProcessHandle root, Path folder) {
    this.root = root;
    this.folder = folder.toString();
  }

  /** The server whose data lies in a folder. */
  static Processes server(Path folder) {
    try (Stream<Path> files = Files.walk(folder, 3)) {
      Path pid =
          files
              .filter(f -> f.getFileName().toString().equals("postmaster.pid"))
              .findFirst()
              .orElseThrow();
      ProcessHandle server =
          ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0).strip())).orElseThrow();
      return new Processes(server, Path.of("/nowhere"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle root() {
    return root;
  }

  /** The same with another process at the root. */
  Processes with(ProcessHandle other) {
    return new Processes(other, Path.of(folder));
  }

  /** Memory as it is now, each shared page counted once: the sum of PSS. */
  double megabytes() {
    return all().stream().mapToLong(p -> kilobytes(p, "smaps_rollup", "Pss:")).sum() / 1024.0;
  }

  /** CPU time so far, with that of children that have ended. */
  double cpuSeconds() {
    long ticks = 0;
    for (long pid : all()) {
      String stat = read(pid, "stat").orElse("");
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      for (int i = FIRST_TIME; i < FIRST_TIME + TIMES && i < fields.length; i++) {
        ticks += Long.parseLong(fields[i]);
      }
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** The most memory that this one process ever had resident. */
  static double peakMegabytes(long pid) {
    return kilobytes(pid, "status", "VmHWM:") / 1024.0;
  }

  private Set<Long> all() {
    Set<Long> all = new LinkedHashSet<>();
    add(root, all);
    ProcessHandle.allProcesses()
        .filter(p -> read(p.pid(), "cmdline").orElse("").contains(folder))
        .filter(p -> p.pid() != ProcessHandle.current().pid() || p.equals(root))
        .forEach(p -> add(p, all));
    return all;
  }

  private static void add(ProcessHandle process, Set<Long> to) {
    to.add(process.pid());
    process.descendants().forEach(p -> to.add(p.pid()));
  }

  private static long kilobytes(long pid, String file, String key) {
    try (Stream<String> lines = read(pid, file).orElse("").lines()) {
      return lines
          .filter(l -> l.startsWith(key))
          .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
          .sum();
    }
  }

  /** Empty if the process has ended meanwhile, or is another user's. */
  private static Optional<String> read(long pid, String file) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), file));
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
