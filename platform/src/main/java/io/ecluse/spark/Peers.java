package io.ecluse.spark;

import io.ecluse.serve.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** How processes of the platform know each other's doors from those of other programs. */
final class Peers {
  static final String PATH = "/jobs/door";
  private static final String WORD = "ecluse";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Peers() {}

  static Answer answer() {
    return new Answer(
        200, Map.of("Content-Type", "text/plain"), WORD.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a door of the platform is there. */
  static boolean answers(String address, int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://%s:%d%s".formatted(address, port, PATH)))
            .timeout(PATIENCE)
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 && answer.body().equals(WORD);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
