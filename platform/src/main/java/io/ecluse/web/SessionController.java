package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.AccessTokens;
import io.ecluse.access.Action;
import io.ecluse.access.SignInTries;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.JsonSchemas;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Signing in and out, and what anybody may know. */
@RestController
@RequestMapping("/api/v1")
final class SessionController {
  static final String PATH = "/api/v1/session";

  private final Platform platform;
  private final AccessTokens tokens;
  private final WebSettings settings;
  private final EventStreams streams;
  private final SignInTries tries = new SignInTries();

  SessionController(
      Platform platform, AccessTokens tokens, WebSettings settings, EventStreams streams) {
    this.platform = platform;
    this.tokens = tokens;
    this.settings = settings;
    this.streams = streams;
  }

  record Code(@Nullable String code) {}

  record Who(String user) {}

  record ProblemView(
      String severity, String file, int line, int column, String message, @Nullable String hint) {}

  @GetMapping("/session")
  @Asks.Nothing
  Who who(HttpServletRequest request) {
    return AccessFilter.caller(request)
        .map(caller -> new Who(caller.name()))
        .orElseThrow(
            () ->
                ErrorCode.UNAUTHENTICATED.error(
                    "Nobody is signed in; ecluse sign-in prints a link"));
  }

  @PostMapping("/session")
  @Asks.Nothing
  ResponseEntity<Void> signIn(@RequestBody Code code, HttpServletRequest request) {
    String client = Addresses.client(request.getRemoteAddr());
    if (!tries.mayTry(client)) {
      throw ErrorCode.TOO_MANY_REQUESTS.error("Too many tries to sign in; wait a minute");
    }
    Optional<String> session = Optional.ofNullable(code.code()).flatMap(tokens::openSession);
    if (session.isEmpty()) {
      tries.failed(client);
      throw ErrorCode.UNAUTHENTICATED.error(
          "This sign-in link was used already, or is older than an hour; ecluse sign-in prints a new one");
    }
    return ResponseEntity.noContent()
        .header(HttpHeaders.SET_COOKIE, cookie(session.get(), AccessTokens.SESSION_LIFE, request))
        .build();
  }

  @DeleteMapping("/session")
  @Asks.Nothing
  ResponseEntity<Void> signOut(HttpServletRequest request) {
    AccessFilter.session(request)
        .ifPresent(
            session -> {
              tokens.closeSession(session);
              streams.signedOut(AccessTokens.fingerprint(session));
            });
    return ResponseEntity.noContent()
        .header(HttpHeaders.SET_COOKIE, cookie("", Duration.ZERO, request))
        .build();
  }

  /**
   * Errors and warnings of the project's files, as they were last read: within seconds of a change.
   */
  @GetMapping("/project/problems")
  @Asks(value = Action.SEE, of = Subject.Kind.PROJECT)
  List<ProblemView> problems() {
    return platform.project().problems().stream()
        .map(
            p ->
                new ProblemView(
                    p.severity().name().toLowerCase(java.util.Locale.ROOT),
                    p.file(),
                    p.line(),
                    p.column(),
                    p.message(),
                    p.hint().orElse(null)))
        .toList();
  }

  @GetMapping(value = "/schemas/{name}.schema.json", produces = "application/schema+json")
  @Asks.Nothing
  String schema(@PathVariable String name) {
    Map<String, String> all = new JsonSchemas(platform.project().get().vocabulary()).all();
    String schema = all.get(name);
    if (schema == null) {
      throw ErrorCode.NOT_FOUND.error(
          "There is no schema %s; there are %s".formatted(name, String.join(", ", all.keySet())));
    }
    return schema;
  }

  private String cookie(String value, Duration life, HttpServletRequest request) {
    return ResponseCookie.from(AccessFilter.COOKIE, value)
        .httpOnly(true)
        .secure(request.isSecure() || settings.isSecure())
        .sameSite("Strict")
        .path("/")
        .maxAge(life)
        .build()
        .toString();
  }
}
