package io.ecluse.serve;

import io.ecluse.access.AccessTokens;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.MadeRequests;
import io.ecluse.warehouse.OpenCatalog;
import io.ecluse.warehouse.OpenFiles;
import io.ecluse.warehouse.OpenJob;
import io.ecluse.warehouse.OpenViews;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.responses.ConfigResponse;

/**
 * The catalog of Iceberg's REST protocol, whichever server a request comes by. {@code /iceberg} is
 * what is published, to read; {@code /iceberg/runs/RUN} is what a run has over that, and what is
 * committed there is staged for the run. Whoever asks has a bearer token: of the API, or a
 * {@linkplain IcebergWriters#ticket ticket}. Safe for use by several threads.
 */
public final class IcebergDoor {
  /** What all addresses begin with. */
  public static final String ROOT = "/iceberg";

  private static final String RUNS = ROOT + "/runs/";
  private static final String BEARER = "Bearer ";

  /** No address of the protocol: says that all is written, for the task that waits for that. */
  private static final String DONE = "/done";

  private static final String CONFIG = "/v1/config";
  private static final String TOKENS = "/v1/oauth/tokens";

  private final Who who;
  private final Catalogs catalogs;
  private final OpenRuns runs;
  private final List<Route> routes;

  /** Who comes in, and what they may. */
  public record Who(AccessTokens tokens, IcebergWriters writers, Policy policy) {}

  /**
   * @param reading which tables a view's SQL reads
   */
  public IcebergDoor(Who who, Catalogs catalogs, OpenRuns runs, OpenViews.Reading reading) {
    this.who = who;
    this.catalogs = catalogs;
    this.runs = runs;
    List<Route> all = new ArrayList<>(NamespaceRoutes.all());
    all.addAll(TableRoutes.all());
    all.addAll(new ViewRoutes(reading).all());
    this.routes = List.copyOf(all);
  }

  /** Answers, whatever happens; errors are in Iceberg's words. */
  public Answer answer(Ask ask) {
    try {
      Answer answer = answered(ask);
      return ask.method().equals("HEAD")
          ? new Answer(answer.status(), answer.headers(), new byte[0])
          : answer;
    } catch (RuntimeException e) {
      return Failures.of(e);
    }
  }

  private Answer answered(Ask ask) {
    String token = token(ask);
    Optional<IcebergWriters.Writer> writer = who.writers().writer(token);
    Caller caller =
        writer.isPresent()
            ? Caller.schedule(who.policy())
            : who.tokens().bearer(token).orElseThrow(IcebergDoor::unknown);
    who.policy().require(caller, Action.SEE, Subject.every(Subject.Kind.TABLE));
    Optional<String> run = run(ask.path());
    String address =
        run.map(r -> ask.path().substring(RUNS.length() + r.length()))
            .orElseGet(() -> ask.path().substring(ROOT.length()));
    if (writer.isPresent() && run.isPresent() && !writer.get().runId().equals(run.get())) {
      throw new ForbiddenException(
          "This ticket is for the catalog of run %s, not of %s", writer.get().runId(), run.get());
    }
    run.ifPresent(
        r -> {
          who.policy().require(caller, Action.SEE, new Subject(Subject.Kind.RUN, r));
          runs.require(r);
        });
    if (address.equals(CONFIG) && ask.method().equals("GET")) {
      return config(run, catalog(run, writer).files());
    }
    if (address.equals(DONE) && ask.method().equals("POST") && run.isPresent()) {
      who.policy().require(caller, Action.WRITE_ROWS, Subject.every(Subject.Kind.TABLE));
      catalog(run, writer).tables().done();
      return Answer.empty(204);
    }
    for (Route route : routes) {
      Optional<Map<String, String>> parts = route.parts(ask.method(), address);
      if (parts.isPresent()) {
        if (run.isEmpty() && route.effect() == Route.Effect.WRITES) {
          throw readOnly();
        }
        Visit visit = new Visit(ask, caller, who.policy(), run, catalog(run, writer), parts.get());
        Optional<MadeRequests.Keyed> key =
            route.effect() == Route.Effect.WRITES ? Repetition.key(ask) : Optional.empty();
        return key.isPresent()
            ? Repetition.once(route, visit, key.get(), k -> catalogOf(run.orElseThrow(), writer, k))
            : route.handler().answer(visit);
      }
    }
    return unsupported(ask, address);
  }

  private String token(Ask ask) {
    if (ask.path().endsWith(TOKENS)) {
      throw ErrorCode.INVALID_USAGE.error(
          "Tokens are not given out by OAuth here: ecluse token NAME prints one, to be set as the catalog's token");
    }
    return ask.header("Authorization")
        .filter(a -> a.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(a -> a.substring(BEARER.length()).strip())
        .orElseThrow(IcebergDoor::unknown);
  }

  private static EcluseException unknown() {
    return ErrorCode.UNAUTHENTICATED.error(
        "A bearer token is needed that is good: ecluse token NAME prints one, to be set as the catalog's token");
  }

  private static Optional<String> run(String path) {
    if (!path.startsWith(RUNS)) {
      return Optional.empty();
    }
    String rest = path.substring(RUNS.length());
    int end = rest.indexOf('/');
    return Optional.of(end < 0 ? rest : rest.substring(0, end));
  }

  private OpenCatalog catalog(Optional<String> run, Optional<IcebergWriters.Writer> writer) {
    return run.map(r -> catalogs.ofRun(r, fence(r, writer), job(writer)))
        .orElseGet(catalogs::published);
  }

  private OpenCatalog catalogOf(
      String run, Optional<IcebergWriters.Writer> writer, MadeRequests.Keyed key) {
    return catalogs.ofRun(run, key.behind(fence(run, writer), run), job(writer));
  }

  private static OpenJob job(Optional<IcebergWriters.Writer> writer) {
    return writer.map(IcebergWriters.Writer::job).orElse(OpenJob.NONE);
  }

  private Fence fence(String run, Optional<IcebergWriters.Writer> writer) {
    return writer
        .map(IcebergWriters.Writer::fence)
        .orElse(connection -> runs.hold(connection, run));
  }

  private Answer config(Optional<String> run, OpenFiles files) {
    List<Endpoint> endpoints =
        routes.stream()
            .filter(r -> run.isPresent() || r.effect() == Route.Effect.READS)
            .filter(r -> files.areSigned() || !r.endpoint().path().endsWith("/sign"))
            .map(Route::endpoint)
            .toList();
    ConfigResponse.Builder config =
        ConfigResponse.builder()
            .withDefaults(new HashMap<>(catalogs.access()))
            .withEndpoints(endpoints);
    run.ifPresent(r -> config.withIdempotencyKeyLifetime(Repetition.LIFETIME));
    return Wire.ok(config.build());
  }

  static ForbiddenException readOnly() {
    return new ForbiddenException(
        "What is published is read only here: write in the catalog of a run, at %sRUN, and it is tested and published with the run",
        RUNS);
  }

  private Answer unsupported(Ask ask, String address) {
    boolean known =
        Stream.of("GET", "HEAD", "POST", "DELETE")
            .anyMatch(m -> routes.stream().anyMatch(r -> r.parts(m, address).isPresent()));
    return Wire.error(
        known ? 405 : 404,
        known ? "MethodNotAllowedException" : "NoSuchEndpointException",
        "%s %s is nothing that this catalog does; GET %s lists what it does"
            .formatted(ask.method(), ask.path(), ROOT + CONFIG));
  }
}
