package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks an API, as gently as it wants and as often as it takes. Each answer is in a file, whole, so
 * a connection that breaks leaves no half of a page. Used by one thread; {@link #cancel} comes from
 * others.
 */
final class HttpApi {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MOST_REDIRECTS = 5;

  /** Redirections after which a POST stays one (RFC 9110, section 15.4). */
  private static final Set<Integer> KEEPS_METHOD = Set.of(307, 308);

  private final HttpSettings settings;
  private final HttpErrors errors;
  private final Pacing pacing;
  private final Consumer<String> log;
  private final HttpClient client;
  private final Credentials credentials;
  private volatile Optional<CompletableFuture<?>> running = Optional.empty();
  private volatile boolean cancelled;
  private long requests;
  private long bytes;

  /** What an API works with. */
  record Tools(HttpErrors errors, Clock clock, Pacing.Waiting waiting) {}

  HttpApi(HttpSettings settings, Tools tools, Consumer<String> log) {
    this.settings = settings;
    this.errors = tools.errors();
    this.pacing = new Pacing(settings.limits().pace(), tools.clock(), tools.waiting());
    this.log = log;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // a secret must not follow
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    this.credentials = credentials(tools);
  }

  private Credentials credentials(Tools tools) {
    HttpSettings.Auth auth = settings.auth();
    if (auth instanceof HttpSettings.Auth.None) {
      return Credentials.none();
    } else if (auth instanceof HttpSettings.Auth.Header header) {
      return Credentials.header(header.name(), header.value());
    } else if (auth instanceof HttpSettings.Auth.Basic basic) {
      return Credentials.header(
          "Authorization", TokenCredentials.basic(basic.user(), basic.password()));
    } else if (auth instanceof HttpSettings.Auth.ClientCredentials oauth) {
      return new TokenCredentials(oauth, this::token, errors, tools.clock());
    }
    throw new AssertionError("Unhandled " + auth);
  }

  /**
   * An answer that says yes.
   *
   * @param request that was answered in the end
   */
  record Answer(PageRequest request, int status, HttpHeaders headers, Path body) {}

  /** Makes a request ready to be sent, each time that it is. */
  private interface Request {
    HttpRequest make();
  }

  /** How the body of an answer is kept, and what it says for people. */
  private record Kept<T>(HttpResponse.BodyHandler<T> handler, Function<T, String> text) {}

  /** Requests sent so far, tokens included. */
  long requests() {
    return requests;
  }

  /** Bytes of pages that came so far. */
  long bytes() {
    return bytes;
  }

  /** Ends what runs, from any thread. */
  void cancel() {
    cancelled = true;
    pacing.cancel();
    running.ifPresent(r -> r.cancel(true));
  }

  /**
   * Asks for a page.
   *
   * @param file where the answer will be
   * @throws EcluseException SOURCE_UNREACHABLE, SOURCE_REFUSED, SOURCE_MISSING_STREAM, SOURCE_LOST,
   *     TIMED_OUT, DATA_INVALID, CANCELLED
   */
  Answer ask(PageRequest page, Path file) {
    PageRequest at = page;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      if (at.body().isPresent() && !isOwn(at.uri())) {
        throw errors.error(
            ErrorCode.SOURCE_REFUSED,
            "%s leads on to another host, %s; the body of a POST is sent to %s only, the host of connection.url"
                .formatted(page, at.uri().getHost(), settings.base().getHost()));
      }
      HttpResponse<Path> answer = signed(at, file);
      int status = answer.statusCode();
      Optional<String> location = answer.headers().firstValue("Location");
      if (status < 300) {
        bytes += answer.body().toFile().length();
        return new Answer(at, status, answer.headers(), answer.body());
      } else if (status >= 400 || location.isEmpty()) {
        throw errors.status(
            at.uri(), status, answer.headers(), HttpErrors.beginning(answer.body()));
      }
      PageRequest from = at;
      URI to =
          Origin.lead(at.uri(), location.get())
              .orElseThrow(
                  () ->
                      errors.error(
                          ErrorCode.DATA_INVALID,
                          "%s leads on to what is no http or https URL".formatted(from)));
      if (at.body().isPresent() && !KEEPS_METHOD.contains(status)) {
        throw errors.error(
            ErrorCode.SOURCE_REFUSED,
            "%s answered %d to a POST, which asks for a GET of %s; correct connection.url or the stream's path (307 and 308 are followed)"
                .formatted(at, status, HttpErrors.shown(to)));
      }
      at = at.at(to);
    }
    throw errors.error(
        ErrorCode.SOURCE_REFUSED, "%s leads on and on; check connection.url".formatted(page));
  }

  private boolean isOwn(URI uri) {
    return Origin.of(uri).equals(Origin.of(settings.base()));
  }

  /** Sends a request with what says who we are, to our own host only. */
  private HttpResponse<Path> signed(PageRequest page, Path file) {
    boolean own = isOwn(page.uri());
    Request request =
        () -> {
          HttpRequest.Builder builder =
              HttpRequest.newBuilder(page.uri()).setHeader("Accept", "application/json");
          page.body()
              .ifPresent(
                  body ->
                      builder
                          .setHeader("Content-Type", "application/json")
                          .POST(HttpRequest.BodyPublishers.ofString(body)));
          if (own) {
            settings.headers().forEach(builder::setHeader);
            credentials.sign(builder);
          }
          return builder.build();
        };
    Kept<Path> kept =
        new Kept<>(r -> new BoundedFile(file, settings.limits().bytes()), HttpErrors::beginning);
    HttpResponse<Path> answer = patiently(request, kept);
    if (answer.statusCode() == 401 && own && credentials.renew()) {
      log.accept("%s no longer takes the token; asking for another".formatted(settings.name()));
      return patiently(request, kept);
    }
    return answer;
  }

  /** What the server of tokens answers; kept in memory only. */
  private String token(HttpRequest.Builder request) {
    HttpResponse<String> answer =
        patiently(request::build, new Kept<>(HttpResponse.BodyHandlers.ofString(), t -> t));
    if (answer.statusCode() >= 300) {
      throw errors.token(answer.uri(), answer.statusCode(), answer.headers(), answer.body());
    }
    return answer.body();
  }

  /** Tries until there is an answer that will not change by trying, or as often as allowed. */
  private <T> HttpResponse<T> patiently(Request request, Kept<T> kept) {
    for (int attempt = 1; ; attempt++) {
      HttpRequest made = request.make();
      URI uri = made.uri();
      Optional<Duration> asked = Optional.empty();
      EcluseException failure;
      try {
        HttpResponse<T> answer = send(made, kept.handler());
        pacing.exhausted(answer.headers()).ifPresent(pacing::hold);
        int status = answer.statusCode();
        if (status != 429 && status != 408 && status < 500) {
          return answer;
        }
        failure = errors.status(uri, status, answer.headers(), kept.text().apply(answer.body()));
        asked = pacing.retryAfter(answer.headers());
      } catch (Failed e) {
        failure = errors.failed(uri, Objects.requireNonNull(e.getCause()));
        if (!failure.code().retryable()) {
          throw failure;
        }
      }
      if (attempt > settings.limits().retries()) {
        throw failure;
      }
      Duration wait = asked.orElse(Pacing.backOff(attempt));
      log.accept(
          "%s did not work (%s); trying again in %d s, time %d of %d"
              .formatted(
                  HttpErrors.shown(uri),
                  failure.code(),
                  wait.toSeconds(),
                  attempt,
                  settings.limits().retries()));
      pacing.hold(wait);
    }
  }

  /** Whoever answers must not have us ask what only we can reach. */
  private void requirePublic(URI uri) {
    if (settings.leads() == HttpSettings.Leads.PUBLIC
        && !isKnown(uri.getHost())
        && PrivateAddresses.has(uri.getHost())) {
      throw errors.error(
          ErrorCode.SOURCE_REFUSED,
          "a link or redirection leads to %s, an address of this machine or of a network that is not the internet; if that is right, say connection.redirects: any"
              .formatted(uri.getHost()));
    }
  }

  /** Whether the project itself names a host. */
  private boolean isKnown(String host) {
    return host.equalsIgnoreCase(settings.base().getHost())
        || settings.auth() instanceof HttpSettings.Auth.ClientCredentials client
            && host.equalsIgnoreCase(client.tokenUrl().getHost());
  }

  /** Waits until the API wants a request, or refuses to wait for so long. */
  private void await(URI uri) {
    Duration left = pacing.left();
    if (left.compareTo(settings.limits().longestWait()) > 0) {
      throw errors.error(
          ErrorCode.SOURCE_LOST,
          "%s wants no request for %d s, which is longer than extract.max_wait (%d s); run it later, or raise that"
              .formatted(
                  HttpErrors.shown(uri),
                  left.toSeconds(),
                  settings.limits().longestWait().toSeconds()));
    }
    pacing.beforeRequest();
  }

  /** There was no answer, for the cause's reason. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(Throwable cause) {
      super(cause);
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws Failed {
    await(request.uri());
    requirePublic(request.uri()); // as late as can be: names may change their addresses
    requests++;
    CompletableFuture<HttpResponse<T>> sent = client.sendAsync(request, handler);
    running = Optional.of(sent);
    try {
      if (cancelled) {
        sent.cancel(true);
      }
      return sent.get(settings.limits().timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new Failed(e);
    } catch (ExecutionException e) {
      throw new Failed(
          Objects.requireNonNull(e.getCause()) == null ? e : Objects.requireNonNull(e.getCause()));
    } catch (CancellationException e) {
      throw ErrorCode.CANCELLED.error("The extract was cancelled");
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("The extract was interrupted", e);
    }
  }
}
