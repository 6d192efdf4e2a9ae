package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.AccessTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A platform on a project without anything, for servers of all kinds. */
final class BlankServer implements AutoCloseable {
  static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Platform platform;
  private final AccessTokens tokens;

  private BlankServer(Platform platform) {
    this.platform = platform;
    this.tokens = platform.tokens();
  }

  static BlankServer open(Path folder) {
    return open(folder, Platform.Workers.NONE);
  }

  static BlankServer open(Path folder, Platform.Workers who) {
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("ecluse.yaml"), "name: blank\nquery: { max_rows: 2000000 }\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BlankServer(new Platform(new Platform.Opening(folder, "dev", who, 2, Map.of())));
  }

  WebServer serve(WebSettings settings) {
    return WebServer.start(platform, settings);
  }

  Platform platform() {
    return platform;
  }

  AccessTokens tokens() {
    return tokens;
  }

  static HttpResponse<String> send(HttpRequest.Builder request) {
    return send(HTTP, request);
  }

  static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
    try {
      return client.send(
          request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static HttpRequest.Builder request(WebServer server, String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .header("Content-Type", "application/json");
  }

  /** Signs in by a link of the server, and answers what that was answered. */
  static HttpRequest.Builder signIn(WebServer server) {
    String code = server.signInLink().split("code=")[1];
    return request(server, SessionController.PATH)
        .POST(HttpRequest.BodyPublishers.ofString("{\"code\":\"" + code + "\"}"));
  }

  static String cookie(HttpResponse<String> signedIn) {
    return signedIn.headers().firstValue("Set-Cookie").orElseThrow();
  }

  @Override
  public void close() {
    platform.close();
  }
}
