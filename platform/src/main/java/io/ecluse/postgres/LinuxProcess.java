package io.ecluse.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code /proc} tells of a process; see proc(5). */
final class LinuxProcess {
  private LinuxProcess() {}

  /**
   * When a process started, in ticks since the machine's boot: field 22 of {@code /proc/PID/stat}.
   * Empty if it is gone, or a zombie that its parent has not collected.
   */
  static String startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") || fields[0].equals("X") ? "" : fields[19];
    } catch (IOException | IndexOutOfBoundsException e) {
      return "";
    }
  }

  /** The program and its arguments; empty if the process is gone or a zombie. */
  static List<String> commandLine(long pid) {
    try {
      String line = Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"));
      return List.of(line.split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }
}
