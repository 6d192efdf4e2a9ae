package io.ecluse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

/** Commands and servers that are killed, or started at the same time, in the middle of work. */
final class ProcessFaults {
  private static final Duration WORK = Duration.ofSeconds(60);

  private final Trials trials;
  private final Subject subject;

  ProcessFaults(Trials trials, Subject subject) {
    this.trials = trials;
    this.subject = subject;
  }

  void run(boolean quick) {
    for (int i = 1; i <= (quick ? 1 : 6); i++) {
      trials.run("two extracts at once, both end " + i, WORK, this::twoAtOnce);
    }
    Random random = new Random(7);
    for (int i = 1; i <= (quick ? 2 : 15); i++) {
      long after = 300 + random.nextInt(3_500);
      trials.run("run killed after " + after + " ms, the next is whole", WORK, () -> killed(after));
    }
    for (long after : quick ? new long[] {1_500} : new long[] {100, 500, 1_000, 1_500, 2_500}) {
      trials.run("SIGTERM after " + after + " ms ends a run", WORK, () -> terminated(after));
    }
    trials.run("SIGTERM ends a command that waits for another", WORK, this::waitingTerminated);
    trials.run("server killed in a run, the next one ends it", WORK, this::serverKilled);
    trials.run("a model replaced in mid-run is not built", WORK, this::replaced);
    trials.run("results of a killed server are gone at the next start", WORK, this::spill);
    if (!quick) {
      trials.run(
          "source down: exit code 3 and what to do", Duration.ofMinutes(2), this::sourceDown);
    }
  }

  private void twoAtOnce() throws Exception {
    Subject.Running first = subject.start("extract", "erp", "students");
    Thread.sleep(300);
    Subject.Running second = subject.start("extract", "erp", "campuses");
    try {
      first.end(50).requireCode(0);
      second.end(50).requireCode(0);
    } finally {
      first.kill();
      second.kill();
    }
  }

  private void killed(long after) throws Exception {
    Subject.Running run = subject.start("run", "erp_daily");
    Thread.sleep(after);
    run.kill();
    subject.run("run", "erp_daily").requireCode(0);
    requireWhole();
  }

  private void requireWhole() throws Exception {
    String found =
        subject.rows(
            "select (select count(*) from erp.students) - (select count(*) from marts.students)"
                + " + (select count(*) - count(distinct student_id) from marts.students) as d");
    Trials.require(found.equals("0"), "Students of the ERP and of the mart differ by " + found);
  }

  private void terminated(long after) throws Exception {
    Subject.Running run = subject.start("run", "erp_daily");
    Thread.sleep(after);
    run.process().destroy();
    run.end(15);
    subject.run("run", "erp_daily").requireCode(0);
  }

  private void waitingTerminated() throws Exception {
    Subject.Running first = subject.start("run", "erp_daily");
    Thread.sleep(1_200);
    Subject.Running second = subject.start("run", "erp_daily");
    Thread.sleep(1_200);
    try {
      second.process().destroy();
      second.end(15);
      first.end(50);
    } finally {
      first.kill();
      second.kill();
    }
    subject.run("run", "erp_daily").requireCode(0);
  }

  private void serverKilled() throws Exception {
    String run;
    try (TrialServer server = TrialServer.start(subject)) {
      run = server.startRun("erp_daily");
      Thread.sleep(700);
      server.kill();
    }
    try (TrialServer next = TrialServer.start(subject)) {
      next.requireSuccess(run, WORK);
    }
    requireWhole();
  }

  private void replaced() throws Exception {
    Path model = subject.project().resolve("models/marts/students.sql");
    String text = Files.readString(model);
    try (TrialServer server = TrialServer.start(subject)) {
      String run = server.startRun("erp_daily");
      Files.writeString(
          model, "select 1 as student_id, 'replaced' as first_name\n", StandardCharsets.UTF_8);
      server.requireSuccess(run, WORK);
      String found = server.outcome("select count(region) as n from marts.students", WORK);
      Trials.require(TrialServer.state(found).equals("done"), "Built as replaced: " + found);
    } finally {
      Files.writeString(model, text, StandardCharsets.UTF_8);
    }
  }

  private void spill() throws Exception {
    Path spill = subject.project().resolve(".ecluse/spill");
    try (TrialServer server = TrialServer.start(subject)) {
      String done = server.outcome("select * from erp.grades", WORK);
      Trials.require(TrialServer.state(done).equals("done"), done);
      server.kill();
    }
    try (TrialServer next = TrialServer.start(subject)) {
      next.get("/api/v1/health");
      Thread.sleep(1_000);
      try (Stream<Path> files = Files.walk(spill)) {
        long left = files.filter(Files::isRegularFile).filter(ProcessFaults::isResult).count();
        Trials.require(left == 0, left + " results are left");
      }
    }
  }

  private static boolean isResult(Path file) {
    try {
      return Files.size(file) > 0 && file.getFileName().toString().contains("result");
    } catch (IOException e) {
      return false; // gone meanwhile
    }
  }

  /** Nothing listens where the source is said to be. */
  private void sourceDown() throws Exception {
    Path file = subject.project().resolve("sources/erp.yaml");
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("port: \\d+", "port: " + TrialServer.freePort()));
    try {
      Subject.Ended ended = subject.run("extract", "erp", "campuses").requireCode(3);
      Trials.require(
          ended.output().contains("nothing listens") && !ended.output().contains("\tat "),
          ended.output());
    } finally {
      Files.writeString(file, text);
    }
  }
}
