package io.ecluse.bench;

import java.lang.management.ManagementFactory;

/** Does the same several times in this process and tells what each took, for {@link Measured}. */
final class Rounds {
  private Rounds() {}

  /** What is done, numbered from 0. */
  interface Round {
    void run(int number) throws Exception;
  }

  /**
   * @param processes all that does the work
   */
  static void run(int rounds, Processes processes, Round round) throws Exception {
    long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
    double cpu = 0;
    for (int i = 0; i < rounds; i++) {
      round.run(i);
      long end = System.currentTimeMillis();
      double used = processes.cpuSeconds();
      System.out.printf("run %d %d%n", end - begin, Math.round((used - cpu) * 1000));
      begin = System.currentTimeMillis();
      cpu = used;
    }
  }
}
