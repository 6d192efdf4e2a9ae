package io.ecluse.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The private PostgreSQL is killed under those that need it. */
final class DatabaseFaults {
  private final Trials trials;
  private final Subject subject;

  DatabaseFaults(Trials trials, Subject subject) {
    this.trials = trials;
    this.subject = subject;
  }

  void run(boolean quick) {
    for (int i = 1; i <= (quick ? 1 : 3); i++) {
      trials.run(
          "postmaster killed under a server, which answers again " + i,
          Duration.ofSeconds(40),
          this::underServer);
    }
    trials.run(
        "postmaster killed under a server's run, which ends well",
        Duration.ofSeconds(90),
        this::underRun);
    trials.run(
        "postmaster killed under a command, which ends",
        Duration.ofSeconds(90),
        this::underCommand);
  }

  private void underServer() throws Exception {
    try (TrialServer server = TrialServer.start(subject)) {
      server.awaitAnswer("/api/v1/home", Duration.ofSeconds(10));
      killPostmaster();
      long killed = System.nanoTime();
      long end = killed + Duration.ofSeconds(15).toNanos();
      while (true) {
        HttpResponse<String> answer = server.get("/api/v1/home");
        if (answer.statusCode() == 200) {
          break;
        }
        Trials.require(
            answer.statusCode() == 503 && answer.body().contains("\"error\""),
            "Meanwhile it answered " + answer.statusCode() + " " + answer.body());
        Trials.require(System.nanoTime() < end, "Still 503 after 15 s");
        Thread.sleep(50);
      }
      Trials.require(
          server.get("/api/v1/health").statusCode() == 200, "Not healthy although it answers");
    }
  }

  private void underRun() throws Exception {
    try (TrialServer server = TrialServer.start(subject)) {
      String run = server.startRun("erp_daily");
      Thread.sleep(600);
      killPostmaster();
      server.awaitAnswer("/api/v1/home", Duration.ofSeconds(15));
      server.requireSuccess(run, Duration.ofSeconds(60));
    }
  }

  private void underCommand() throws Exception {
    Subject.Running run = subject.start("run", "erp_daily");
    Thread.sleep(2_000);
    killPostmaster();
    Subject.Ended ended = run.end(60);
    ended.requireCode(0, 1, 3);
    Trials.require(!ended.output().contains("\tat "), "A stack trace: " + ended.output());
    subject.run("run", "erp_daily").requireCode(0);
  }

  /** Kills it as soon as it is there. */
  private void killPostmaster() throws IOException, InterruptedException {
    Path file = subject.project().resolve(".ecluse/postgres/data/postmaster.pid");
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!Files.exists(file)) {
      Trials.require(System.nanoTime() < end, "There is no " + file.getFileName());
      Thread.sleep(20);
    }
    long number = Long.parseLong(Files.readAllLines(file).get(0).strip());
    ProcessHandle.of(number).ifPresent(ProcessHandle::destroyForcibly);
  }
}
