package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.AccessTokens;
import io.ecluse.project.JsonSchemas;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
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
import tools.jackson.databind.json.JsonMapper;

/** Signing in and out, and what anybody may know. */
@RestController
@RequestMapping("/api/v1")
final class SessionController {
  private static final Duration LIFE = Duration.ofDays(14);
  private static final int TRIES_A_MINUTE = 10;

  private final Platform platform;
  private final AccessTokens tokens;
  private final Deque<Instant> tries = new ArrayDeque<>();

  SessionController(Platform platform, AccessTokens tokens) {
    this.platform = platform;
    this.tokens = tokens;
  }

  record Code(@Nullable String code) {}

  record Who(String user) {}

  record ProblemView(
      String severity, String file, int line, int column, String message, @Nullable String hint) {}

  @GetMapping("/session")
  Who who(@Nullable Principal principal) {
    if (principal == null) {
      throw new EcluseException(
          ErrorCode.UNAUTHENTICATED, "Nobody is signed in; ecluse sign-in prints a link");
    }
    return new Who(principal.getName());
  }

  @PostMapping("/session")
  ResponseEntity<Void> signIn(@RequestBody Code code, HttpServletRequest request) {
    limitTries();
    String session =
        Optional.ofNullable(code.code())
            .flatMap(tokens::openSession)
            .orElseThrow(
                () ->
                    new EcluseException(
                        ErrorCode.UNAUTHENTICATED,
                        "This sign-in link was used already, or is older than an hour; ecluse sign-in prints a new one"));
    return ResponseEntity.noContent()
        .header(HttpHeaders.SET_COOKIE, cookie(session, LIFE, request.isSecure()))
        .build();
  }

  @DeleteMapping("/session")
  ResponseEntity<Void> signOut(HttpServletRequest request) {
    AccessFilter.session(request).ifPresent(tokens::closeSession);
    return ResponseEntity.noContent()
        .header(HttpHeaders.SET_COOKIE, cookie("", Duration.ZERO, request.isSecure()))
        .build();
  }

  /**
   * Errors and warnings of the project's files, as they were last read: within seconds of a change.
   */
  @GetMapping("/project/problems")
  List<ProblemView> problems() {
    return platform.project().reading().problems().stream()
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
  String schema(@PathVariable String name) {
    Map<String, String> all = new JsonSchemas(JsonMapper.shared()).all();
    String schema = all.get(name);
    if (schema == null) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "There is no schema %s; there are %s".formatted(name, String.join(", ", all.keySet())));
    }
    return schema;
  }

  private static String cookie(String value, Duration life, boolean secure) {
    return ResponseCookie.from(AccessFilter.COOKIE, value)
        .httpOnly(true)
        .secure(secure)
        .sameSite("Strict")
        .path("/")
        .maxAge(life)
        .build()
        .toString();
  }

  private void limitTries() {
    synchronized (tries) {
      Instant now = Instant.now();
      while (!tries.isEmpty() && tries.peek().isBefore(now.minusSeconds(60))) {
        tries.poll();
      }
      if (tries.size() >= TRIES_A_MINUTE) {
        throw new EcluseException(
            ErrorCode.TOO_MANY_REQUESTS, "Too many tries to sign in; wait a minute");
      }
      tries.add(now);
    }
  }
}
