package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API server of a cluster of Kubernetes, as far as pods of applications need it. The token is
 * read anew for each request, since it changes by itself. Safe for use by several threads.
 */
final class KubeApi {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubeEntry entry;
  private Optional<HttpClient> client = Optional.empty();

  KubeApi(KubeEntry entry) {
    this.entry = entry;
  }

  /** Reads something of the namespace; empty if it is not there. */
  Optional<JsonNode> read(String kind, String name) {
    HttpResponse<String> answer = ask("read " + kind, "GET", kind + "/" + name, "");
    return answer.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(json(answer));
  }

  /** All of a kind that have a label. */
  List<JsonNode> list(String kind, String label) {
    String selector = URLEncoder.encode(label, StandardCharsets.UTF_8);
    HttpResponse<String> answer =
        ask("list " + kind, "GET", kind + "?labelSelector=" + selector, "");
    if (answer.statusCode() == NOT_FOUND) {
      throw refused("list " + kind, answer);
    }
    return json(answer).path("items").valueStream().toList();
  }

  /** Makes something, unless it is there. */
  void create(String kind, JsonNode object) {
    HttpResponse<String> answer = ask("make one of " + kind, "POST", kind, object.toString());
    if (answer.statusCode() == NOT_FOUND) {
      throw refused("make one of " + kind, answer);
    }
  }

  /** Deletes something; what is gone is fine. */
  void delete(String kind, String name) {
    ask("delete one of " + kind, "DELETE", kind + "/" + name, "");
  }

  /** What a pod has printed last. */
  String log(String pod) {
    return ask("read the log of a pod", "GET", "pods/" + pod + "/log?tailLines=2000", "").body();
  }

  HttpResponse<String> ask(String what, String method, String path, String body) {
    String url = "%s/api/v1/namespaces/%s/%s".formatted(entry.url(), entry.namespace(), path);
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body));
      entry.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
      HttpResponse<String> answer =
          client().send(request.build(), HttpResponse.BodyHandlers.ofString());
      int status = answer.statusCode();
      if (status >= 300 && status != NOT_FOUND && status != CONFLICT) {
        throw refused(what, answer);
      }
      return answer;
    } catch (IOException e) {
      throw ErrorCode.CLUSTER_UNREACHABLE.error(
          "Could not %s: the API server of cluster %s does not answer at %s (%s); look whether master and ca_file in clusters.%s of ecluse.yaml are right"
              .formatted(
                  what,
                  entry.cluster().name(),
                  entry.url(),
                  Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()),
                  entry.cluster().name()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Waiting for Kubernetes was interrupted", e);
    }
  }

  private EcluseException refused(String what, HttpResponse<String> answer) {
    String cluster = entry.cluster().name();
    String said = said(answer.body());
    return switch (answer.statusCode()) {
      case 401 ->
          ErrorCode.CLUSTER_REFUSED.error(
              "Could not %s: cluster %s does not know who asks, or no more (%s); the token in token_file of clusters.%s has run out, or there is none"
                  .formatted(what, cluster, said, cluster));
      case 403 ->
          ErrorCode.CLUSTER_REFUSED.error(
              "Could not %s: cluster %s does not allow it (%s); docs/spark.md has the rights that are needed"
                  .formatted(what, cluster, said));
      case 429, 500, 502, 503, 504 ->
          ErrorCode.CLUSTER_UNREACHABLE.error(
              "Could not %s: the API server of cluster %s is too busy (%s); try again later"
                  .formatted(what, cluster, said));
      default ->
          ErrorCode.CLUSTER_REFUSED.error(
              "Could not %s: cluster %s says: %s".formatted(what, cluster, said));
    };
  }

  private static String said(String body) {
    try {
      return JsonMapper.shared().readTree(body).path("message").asString(body);
    } catch (JacksonException e) {
      return body.lines().findFirst().orElse("");
    }
  }

  private JsonNode json(HttpResponse<String> answer) {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException e) {
      throw ErrorCode.CLUSTER_UNREACHABLE.error(
          "What answers at %s is no API server of Kubernetes; mend master in clusters.%s of ecluse.yaml"
              .formatted(entry.url(), entry.cluster().name()),
          e);
    }
  }

  private synchronized HttpClient client() throws IOException {
    if (client.isEmpty()) {
      HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
      Optional<Path> ca = entry.caFile();
      if (ca.isPresent()) {
        builder.sslContext(trusting(ca.get()));
      }
      client = Optional.of(builder.build());
    }
    return client.get();
  }

  private static SSLContext trusting(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + number++, each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " has no certificate: " + e.getMessage(), e);
    }
  }
}
