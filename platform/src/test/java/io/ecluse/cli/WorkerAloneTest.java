package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.metadata.WebServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class WorkerAloneTest {
  @TempDir Path folder;

  @Test
  void aServerWithoutAWebDoorRunsWhatFilesSayThatComeLater()
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("ecluse.yaml"), "name: alone\n");
    int health = freePort();
    String[] words = {
      "server", "--no-web", "--dir", folder.toString(), "--health-port", String.valueOf(health)
    };
    try (Program worker = Program.ofClasses(folder, words);
        Platform other = DemoFixture.platform(folder, Platform.Workers.NONE)) {
      worker.awaitOutput("runs the DAGs of alone by their schedules, without a web door");
      assertThat(new WebServers(other.metadata().jdbi(), "dev").all()).isEmpty();
      assertThat(get(health, "/health/live")).isEqualTo(200);
      assertThat(get(health, "/health/ready")).isEqualTo(200);
      assertThat(get(health, "/api/v1/home")).isEqualTo(404);
      HttpResponse<String> numbers = ask(health, "/metrics", HttpResponse.BodyHandlers.ofString());
      assertThat(numbers.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain;version=0.0.4");
      assertThat(numbers.body())
          .contains("\necluse_database_up 1\n")
          .contains("\necluse_workers 1\n");

      Path models = Files.createDirectories(folder.resolve("models/marts"));
      Files.writeString(
          models.resolve("one.sql"), "/* ecluse\ndescription: x\n*/\nSELECT 1 AS one\n");
      Path dags = Files.createDirectories(folder.resolve("dags"));
      Files.writeString(
          dags.resolve("often.yaml"),
          """
          description: x
          schedule: "* * * * *"
          timezone: UTC
          tasks:
            one: { build: marts.one }
          """);

      while (other.warehouse().tables().isEmpty()) {
        assertThat(worker.isAlive()).isTrue();
        Thread.sleep(200);
      }
      assertThat(other.warehouse().tables().get(0).name()).hasToString("marts.one");
      worker.terminate();
      assertThat(worker.exitCode()).isIn(0, 143);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int get(int port, String path) throws IOException, InterruptedException {
    return ask(port, path, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static <T> HttpResponse<T> ask(int port, String path, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(), body);
  }
}
