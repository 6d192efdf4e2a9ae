package io.ecluse.web;

import io.ecluse.access.AccessTokens;
import io.ecluse.access.Caller;
import io.ecluse.error.ErrorCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds out who asks: by bearer token or by the session's cookie. A page of another site cannot use
 * the cookie to change anything, as it cannot send our header; nor can it reach a server on this
 * machine under a name of its own.
 */
final class AccessFilter extends OncePerRequestFilter {
  static final String COOKIE = "ecluse_session";
  static final String HEADER = "X-Ecluse-Request";
  private static final String ACCESS = AccessFilter.class.getName();
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final AccessTokens tokens;
  private final WebSettings settings;

  AccessFilter(AccessTokens tokens, WebSettings settings) {
    this.tokens = tokens;
    this.settings = settings;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getAttribute(ACCESS) instanceof Access known) {
      enter(known.caller()); // the same request, its body or its answer complete
      chain.doFilter(request, response);
      return;
    }
    if (!settings.answersTo(request.getServerName())) {
      refuse(
          response,
          ErrorCode.FORBIDDEN,
          "This server answers to localhost, 127.0.0.1 and the name in its --url only");
      return;
    }
    if (isHealth(request)) { // answered at once to anybody, also while the database is away
      chain.doFilter(request, response);
      return;
    }
    Optional<String> bearer = bearer(request);
    Optional<String> secret = bearer.or(() -> session(request));
    Optional<Caller> caller =
        bearer.isPresent() ? bearer.flatMap(tokens::bearer) : secret.flatMap(tokens::session);
    boolean changes = !SAFE.contains(request.getMethod());
    if (caller.isPresent() && bearer.isEmpty() && changes && request.getHeader(HEADER) == null) {
      refuse(
          response,
          ErrorCode.FORBIDDEN,
          "A change by a browser's session needs the header " + HEADER + ": 1");
      return;
    }
    if (caller.isPresent()) {
      request.setAttribute(
          ACCESS, new Access(caller.get(), AccessTokens.fingerprint(secret.orElseThrow())));
      enter(caller.get());
    }
    chain.doFilter(request, response);
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  private static boolean isHealth(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.startsWith("/health") || path.startsWith("/api/v1/health");
  }

  private record Access(Caller caller, String fingerprint) {}

  /** Who sent a request; empty if nobody is signed in. */
  static Optional<Caller> caller(HttpServletRequest request) {
    return request.getAttribute(ACCESS) instanceof Access known
        ? Optional.of(known.caller())
        : Optional.empty();
  }

  /** The fingerprint of what the one who asks came in by; empty if it needed nothing. */
  static String access(HttpServletRequest request) {
    return request.getAttribute(ACCESS) instanceof Access known ? known.fingerprint() : "";
  }

  private static Optional<String> bearer(HttpServletRequest request) {
    return Optional.ofNullable(request.getHeader("Authorization"))
        .filter(a -> a.startsWith("Bearer "))
        .map(a -> a.substring("Bearer ".length()).strip());
  }

  static Optional<String> session(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null) {
      return Optional.empty();
    }
    for (Cookie cookie : cookies) {
      if (cookie.getName().equals(COOKIE)) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  private static void enter(Caller caller) {
    SecurityContextHolder.getContext()
        .setAuthentication(
            UsernamePasswordAuthenticationToken.authenticated(caller.name(), "", List.of()));
  }

  static void refuse(HttpServletResponse response, ErrorCode code, String message)
      throws IOException {
    response.setStatus(ErrorBody.status(code).value());
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    response
        .getOutputStream()
        .write(
            JsonMapper.shared()
                .writeValueAsString(ErrorBody.of(code.error(message)))
                .getBytes(StandardCharsets.UTF_8));
  }
}
