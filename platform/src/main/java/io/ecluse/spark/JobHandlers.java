package io.ecluse.spark;

import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What applications on clusters ask and tell, whichever server it comes by: work, how that goes,
 * what came of it. Everything is in the metadata database when it is answered, so that any process
 * may answer the next. Safe for use by several threads.
 */
final class JobHandlers {
  static final String PATH = "/jobs";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SESSIONS = PATH + "/sessions/";
  private static final String BEARER = "Bearer ";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /** Jobs of other processes; of those of this one it hears. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int LONGEST_LINE = 4_000;

  private final SessionStore sessions;
  private final JobStore jobs;
  private final Signal signal;
  private final Tokens tokens = new Tokens();

  JobHandlers(SessionStore sessions, JobStore jobs, Signal signal) {
    this.sessions = sessions;
    this.jobs = jobs;
    this.signal = signal;
  }

  /**
   * @param base where catalogs are, without a slash at the end
   */
  Answer answer(Ask ask, String base) throws InterruptedException {
    Optional<String> token = token(ask);
    if (token.isEmpty()) {
      return error(401, "A token is needed");
    }
    String hash = Tokens.hash(token.get());
    if (ask.path().startsWith(SESSIONS) && ask.path().endsWith("/next")) {
      String name = ask.path().substring(SESSIONS.length(), ask.path().length() - "/next".length());
      return next(name, hash, wait(ask), base);
    }
    String[] words = ask.path().split("/", -1);
    Optional<SparkJob> job = jobs.withToken(hash);
    if (job.isEmpty() || words.length < 3 || !job.get().id().equals(words[2])) {
      return error(410, "Nobody waits for this job by this token");
    }
    String what = words.length > 3 ? words[3] : "";
    if (ask.method().equals("POST") && what.equals("events")) {
      return events(job.get(), ask.body());
    } else if (ask.method().equals("POST") && what.equals("result")) {
      return result(job.get(), ask.body());
    }
    return error(404, "There is nothing at " + ask.path());
  }

  /** Whether a request is of an application or a job, so that what it sends is worth reading. */
  boolean knows(Ask ask) {
    return token(ask)
        .map(Tokens::hash)
        .filter(hash -> sessions.isKnown(hash) || jobs.withToken(hash).isPresent())
        .isPresent();
  }

  /** The token of a request. */
  static Optional<String> token(Ask ask) {
    return Optional.ofNullable(ask.headers().get("Authorization"))
        .filter(h -> h.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(h -> h.substring(BEARER.length()).strip());
  }

  private static Duration wait(Ask ask) {
    String text = ask.query().getOrDefault("wait", "0");
    Duration wanted =
        text.matches("[0-9]{1,4}") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
    return wanted.compareTo(LONGEST_WAIT) < 0 ? wanted : LONGEST_WAIT;
  }

  /** The next job for an application, which is asked for again and again. */
  private Answer next(String session, String hash, Duration wait, String base)
      throws InterruptedException {
    long until = System.nanoTime() + wait.toNanos();
    while (true) {
      long seen = signal.seen();
      Optional<String> cluster = sessions.seen(session, hash);
      if (cluster.isEmpty()) {
        return error(410, "Nobody has work for this application any more");
      }
      String token = tokens.token();
      Optional<JobStore.Taken> taken = jobs.take(cluster.get(), session, Tokens.hash(token));
      if (taken.isPresent()) {
        signal.changed();
        return json(200, request(taken.get(), token, base));
      }
      Duration left = Duration.ofNanos(until - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        return new Answer(204, Map.of(), new byte[0]);
      }
      signal.await(seen, left.compareTo(LOOK) < 0 ? left : LOOK);
    }
  }

  private static ObjectNode request(JobStore.Taken taken, String token, String base) {
    ObjectNode request = (ObjectNode) taken.request();
    request.put("id", taken.id()).put("run", taken.runId()).put("token", token);
    request.put("catalog", base + "/iceberg/runs/" + taken.runId());
    return request;
  }

  private Answer events(SparkJob job, byte[] body) {
    JsonNode told = read(body);
    List<String> lines = new ArrayList<>();
    told.path("log")
        .forEach(
            line -> {
              String level = line.path("level").asString("INFO");
              String text = line.path("text").asString("");
              String whole = level.equals("INFO") ? text : level + " " + text;
              lines.add(whole.length() > LONGEST_LINE ? whole.substring(0, LONGEST_LINE) : whole);
            });
    jobs.tell(job.id(), lines, there(told, "progress"), there(told, "facts"));
    signal.changed();
    boolean wanted = job.state() == SparkJob.State.RUNNING && !job.isCancelled();
    return json(200, JSON.createObjectNode().put("cancel", !wanted));
  }

  private static Optional<JsonNode> there(JsonNode told, String name) {
    return Optional.of(told.path(name)).filter(JsonNode::isObject);
  }

  private Answer result(SparkJob job, byte[] body) {
    JsonNode result = read(body);
    there(result, "facts")
        .ifPresent(facts -> jobs.tell(job.id(), List.of(), Optional.empty(), Optional.of(facts)));
    boolean done = result.path("state").asString("").equals("done");
    jobs.end(job.id(), done ? SparkJob.State.DONE : SparkJob.State.FAILED, result);
    signal.changed();
    return json(200, JSON.createObjectNode().put("cancel", false));
  }

  private static JsonNode read(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      return JSON.createObjectNode();
    }
  }

  static Answer error(int status, String message) {
    return json(status, JSON.createObjectNode().put("message", message));
  }

  private static Answer json(int status, ObjectNode body) {
    return new Answer(
        status,
        Map.of("Content-Type", "application/json"),
        body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
