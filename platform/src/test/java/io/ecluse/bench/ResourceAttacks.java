package io.ecluse.bench;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Queries that want all of the machine, or for ever. */
final class ResourceAttacks {
  /** Without an end for practical purposes, and without much memory. */
  private static final String ENDLESS =
      "select sum(a.range * b.range % 7) as s from range(10000000) a, range(10000000) b";

  private static final double MOST_GIGABYTES = 8;

  private final Trials trials;
  private final Subject subject;
  private final TrialServer server;

  ResourceAttacks(Trials trials, Subject subject, TrialServer server) {
    this.trials = trials;
    this.subject = subject;
    this.server = server;
  }

  void run(boolean quick) {
    List<String> bombs =
        List.of(
            "select length(repeat('x', 2000000000)) + length(repeat('y', 2000000001)) as n",
            "select len(list(range)) as n from range(200000000)",
            "select len(string_agg(range::varchar, ',')) as n from range(100000000)",
            "select max(len(l)) as n from (select list_transform(range(100000000), x -> x + 1) as l)",
            "select count(*) as n from (select distinct hash(a.range, b.range) from range(100000) a, range(10000) b)");
    for (String bomb : quick ? bombs.subList(0, 2) : bombs) {
      trials.run(
          "memory stays bounded: " + bomb, Duration.ofSeconds(90), () -> requireBounded(bomb));
      trials.run("cancelled within seconds: " + bomb, Duration.ofSeconds(20), () -> cancel(bomb));
    }
    trials.run("cancelled within seconds: endless", Duration.ofSeconds(20), () -> cancel(ENDLESS));
    trials.run("eight endless queries starve nobody else", Duration.ofSeconds(40), this::starve);
    trials.run("a hundred results are bounded", Duration.ofSeconds(60), this::history);
  }

  private void requireBounded(String sql) throws Exception {
    HttpResponse<String> first = server.submit(sql);
    String body = first.body();
    double most = 0;
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    String id = first.statusCode() < 300 ? TrialServer.id(body) : "";
    while (TrialServer.state(body).equals("running") && System.nanoTime() < end) {
      most = Math.max(most, gigabytes());
      Trials.require(most < MOST_GIGABYTES, "It took " + most + " GB");
      Thread.sleep(100);
      body = server.get("/api/v1/queries/" + id).body();
    }
    if (!id.isEmpty()) {
      server.post("/api/v1/queries/" + id + "/cancel", "");
    }
    Trials.require(server.process().isAlive(), "The server is gone");
    Trials.require(!body.contains("\"INTERNAL\""), body);
  }

  private double gigabytes() {
    return new Processes(server.process().toHandle(), subject.project()).megabytes() / 1024;
  }

  private void cancel(String sql) throws Exception {
    HttpResponse<String> first = server.submit(sql);
    if (!TrialServer.state(first.body()).equals("running")) {
      return; // it ended at once, or was refused
    }
    String id = TrialServer.id(first.body());
    Thread.sleep(800);
    long begin = System.nanoTime();
    server.post("/api/v1/queries/" + id + "/cancel", "");
    while (TrialServer.state(server.get("/api/v1/queries/" + id).body()).equals("running")) {
      long seconds = (System.nanoTime() - begin) / 1_000_000_000;
      Trials.require(seconds < 3, "Still running " + seconds + " s after it was cancelled");
      Thread.sleep(20);
    }
    String after = server.outcome("select 1 as one", Duration.ofSeconds(5));
    Trials.require(TrialServer.state(after).equals("done"), "Nothing runs after it: " + after);
  }

  private void starve() throws Exception {
    List<String> running = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      HttpResponse<String> answer = server.submit(ENDLESS);
      if (answer.statusCode() < 300) {
        running.add(TrialServer.id(answer.body()));
      }
    }
    try {
      TrialServer other = server.as(TrialServer.token(subject));
      for (int i = 0; i < 5; i++) {
        long begin = System.nanoTime();
        String answer =
            other.outcome("select count(*) as n from erp.campuses", Duration.ofSeconds(5));
        Trials.require(TrialServer.state(answer).equals("done"), "Another's query: " + answer);
        Trials.require(
            System.nanoTime() - begin < Duration.ofSeconds(4).toNanos(), "Another waits 4 s");
      }
      Trials.require(other.get("/api/v1/health").statusCode() == 200, "Health does not answer");
    } finally {
      for (String id : running) {
        server.post("/api/v1/queries/" + id + "/cancel", "");
      }
    }
  }

  private void history() throws Exception {
    String first = TrialServer.id(server.submit("select 42 as n").body());
    for (int i = 0; i < 110; i++) {
      String state =
          TrialServer.state(server.outcome("select " + i + " as n", Duration.ofSeconds(5)));
      Trials.require(state.equals("done"), "Query " + i + " is " + state);
    }
    HttpResponse<String> again = server.get("/api/v1/queries/" + first);
    Trials.require(
        again.statusCode() == 200 && again.body().contains("42"),
        "The first query is forgotten: " + again.body());
  }
}
