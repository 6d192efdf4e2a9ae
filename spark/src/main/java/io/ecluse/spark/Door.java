package io.ecluse.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where the platform gives out jobs and hears of them. Safe for use by several threads.
 *
 * <p>A door that is away (it is started anew, the net is broken) is tried again for as long as
 * there is patience; one that says that it does not know us is not.
 */
final class Door {
  /** The token is not ours any more, or the job not: nobody waits for what we do. */
  private static final Set<Integer> CLOSED = Set.of(400, 401, 403, 404, 409);

  private static final int GONE = 410;

  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final String base;
  private final String token;
  private final Duration patience;

  /**
   * @param base address of the jobs, as {@code http://127.0.0.1:8090/jobs}
   * @param patience how long a door may be away
   */
  Door(URI base, String token, Duration patience) {
    this(
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build(),
        base.toString().replaceAll("/+$", ""),
        token,
        patience);
  }

  private Door(HttpClient http, String base, String token, Duration patience) {
    this.http = http;
    this.base = base;
    this.token = token;
    this.patience = patience;
  }

  /** The same for who has this token. */
  Door with(String other) {
    return new Door(http, base, other, patience);
  }

  /** Nobody waits for what we do, or has waited for too long. */
  static class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Closed(String message) {
      super(message);
    }
  }

  /** What we do was wanted once, and is not any more. */
  static final class Ended extends Closed {
    private static final long serialVersionUID = 1L;

    Ended(String message) {
      super(message);
    }
  }

  /** The door does not answer now. */
  static final class Away extends Exception {
    private static final long serialVersionUID = 1L;

    Away(String message) {
      super(message);
    }
  }

  Duration patience() {
    return patience;
  }

  String token() {
    return token;
  }

  JsonNode job(String id) {
    return patiently(() -> require(send(request("/" + id).GET(), ANSWER)));
  }

  /** The next job of a warm session; empty if there was none in this time. */
  Optional<JsonNode> next(String session, Duration wait) {
    String path = "/sessions/%s/next?wait=%d".formatted(session, wait.toSeconds());
    return patiently(() -> send(request(path).GET(), wait.plus(ANSWER)));
  }

  /** Tells of a job and hears whether it is to end; tried once. */
  boolean isCancelled(String id, JsonNode events) throws Away {
    return send(request("/" + id + "/events").POST(body(events)), ANSWER)
        .map(answer -> answer.path("cancel").asBoolean(false))
        .orElse(false);
  }

  void deliver(String id, JsonNode result) {
    patiently(() -> send(request("/" + id + "/result").POST(body(result)), ANSWER));
  }

  private interface Call<T> {
    T answer() throws Away;
  }

  private <T> T patiently(Call<T> call) {
    long begin = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.answer();
      } catch (Away e) {
        if (System.nanoTime() - begin > patience.toNanos()) {
          throw new Closed(
              "The door %s was away for %s: %s".formatted(base, patience, e.getMessage()));
        }
      }
      sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.plus(pause);
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Closed("Interrupted while the door was away");
    }
  }

  private static JsonNode require(Optional<JsonNode> answer) throws Away {
    return answer.orElseThrow(() -> new Away("it said nothing"));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private static HttpRequest.BodyPublisher body(JsonNode json) {
    try {
      return HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError("A tree is always JSON", e);
    }
  }

  private Optional<JsonNode> send(HttpRequest.Builder request, Duration within) throws Away {
    try {
      HttpResponse<byte[]> answer =
          http.send(request.timeout(within).build(), HttpResponse.BodyHandlers.ofByteArray());
      int status = answer.statusCode();
      if (status == GONE) {
        throw new Ended("The door %s answered %d".formatted(base, status));
      } else if (CLOSED.contains(status)) {
        throw new Closed("The door %s answered %d".formatted(base, status));
      }
      if (status >= 300) {
        throw new Away("it answered " + status);
      }
      return answer.body().length == 0
          ? Optional.empty()
          : Optional.of(JSON.readTree(answer.body()));
    } catch (ConnectException e) {
      throw new Away("nobody listens there");
    } catch (IOException e) {
      throw new Away(String.valueOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Closed("Interrupted while the door was asked");
    }
  }
}
