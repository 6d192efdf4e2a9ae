package io.ecluse.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What a caller with bad manners, or a bad intent, may try at a server: to read files through SQL,
 * to take all of the machine, to shut others out, to get in. Bounded in number and time, and on the
 * loopback interface alone.
 */
public final class AttackTrials {
  private static final double SCALE = 0.05;

  private AttackTrials() {}

  public static void main(String[] arguments) throws Exception {
    List<String> wanted = Arrays.asList(arguments);
    boolean quick = wanted.contains("--quick");
    Trials trials = new Trials();
    try (Workspace workspace = Workspace.open(SCALE)) {
      Subject subject = new Subject(workspace.folder());
      subject.run("run", "erp_daily").requireCode(0);
      try (TrialServer server = TrialServer.start(subject)) {
        if (asked(wanted, "sql")) {
          new SqlAttacks(trials, subject, server).run();
        }
        if (asked(wanted, "resources")) {
          new ResourceAttacks(trials, subject, server).run(quick);
        }
        if (asked(wanted, "http")) {
          new HttpAttacks(trials, server).run(quick);
        }
        if (asked(wanted, "files")) {
          new FileAttacks(trials, subject).run();
        }
      }
    }
    System.exit(trials.end());
  }

  private static boolean asked(List<String> wanted, String group) {
    return wanted.stream().allMatch(w -> w.startsWith("--")) || wanted.contains(group);
  }
}
