package io.ecluse.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Kills, lost disks, copied projects and other faults, on the demo's project, with the program as
 * people start it. What is bounded: each trial by its time, kills by their number; all on this
 * machine, and gone when it ends.
 */
public final class FaultTrials {
  private static final double SCALE = 0.05;

  private FaultTrials() {}

  public static void main(String[] arguments) throws Exception {
    List<String> wanted = Arrays.asList(arguments);
    boolean quick = wanted.contains("--quick");
    Trials trials = new Trials();
    try (Workspace workspace = Workspace.open(SCALE)) {
      Subject subject = new Subject(workspace.folder());
      subject.run("run", "erp_daily").requireCode(0);
      Path scratch = Workspace.newFolder();
      try {
        if (asked(wanted, "processes")) {
          new ProcessFaults(trials, subject).run(quick);
        }
        if (asked(wanted, "database")) {
          new DatabaseFaults(trials, subject).run(quick);
        }
        if (asked(wanted, "warehouse")) {
          new WarehouseFaults(trials, subject, scratch).run(quick);
        }
        if (asked(wanted, "disks") && !quick) {
          new DiskFaults(trials, subject, scratch).run();
        }
      } finally {
        Workspace.delete(scratch);
      }
    }
    System.exit(trials.end());
  }

  private static boolean asked(List<String> wanted, String group) {
    return wanted.stream().allMatch(w -> w.startsWith("--")) || wanted.contains(group);
  }
}
