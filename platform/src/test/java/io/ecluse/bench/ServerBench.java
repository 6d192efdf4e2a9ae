package io.ecluse.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The demo, then its server: how long until the first page, and how much memory all of it holds
 * when idle, both PostgreSQL servers included.
 */
public final class ServerBench {
  private static final int STARTS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final String program = Path.of(System.getProperty("bench.home"), "ecluse").toString();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;

  private ServerBench(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    Path folder = Workspace.newFolder();
    try {
      new ServerBench(folder).run(quick ? "0.2" : "1", quick ? 1 : STARTS);
    } finally {
      Workspace.delete(folder);
    }
  }

  private void run(String scale, int starts) throws Exception {
    System.out.println("Running the demo at scale " + scale + "…");
    Process demo = start("demo", "--once", "--scale", scale, "--dir", folder.toString());
    if (demo.waitFor() != 0) {
      throw new AssertionError("ecluse demo ended with " + demo.exitValue());
    }
    List<Double> seconds = new ArrayList<>();
    List<Double> megabytes = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      int port = freePort();
      long begin = System.nanoTime();
      Process server = start("server", "--dir", folder.toString(), "--port", String.valueOf(port));
      try {
        firstPage(server, port);
        seconds.add((System.nanoTime() - begin) / 1e9);
        Thread.sleep(IDLE.toMillis());
        megabytes.add(new Processes(server.toHandle(), folder).megabytes());
      } finally {
        server.destroy();
        if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          server.destroyForcibly();
        }
      }
    }
    System.out.printf("%nMedian of %d starts%n", starts);
    Figures.row("first page after s", Figures.median(seconds));
    Figures.row("idle memory MB (PSS)", Figures.median(megabytes));
    Figures figures = new Figures();
    figures.atMost("server start to first page", Figures.median(seconds), "s", 5);
    figures.atMost("idle memory, PostgreSQL included", Figures.median(megabytes), "MB", 700);
    figures.print();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void firstPage(Process server, int port) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (server.isAlive() && System.nanoTime() < end) {
      try {
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // it does not listen yet
      }
      Thread.sleep(20);
    }
    throw new AssertionError("The server gave no page");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
