package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import java.time.Instant;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * How the server is, for anybody. Alive: it answers. Ready: what every request needs is there, the
 * metadata database above all.
 */
@RestController
final class HealthController {
  private final Platform platform;
  private final Instant startedAt = Instant.now();

  HealthController(Platform platform) {
    this.platform = platform;
  }

  record Health(
      String status,
      String version,
      String environment,
      String project,
      @JsonProperty("started_at") Instant startedAt) {}

  record Live(String status) {}

  /** Whether the process answers, whatever else is wrong: if not, start it again. */
  @GetMapping({"/health/live", "/api/v1/health/live"})
  @Asks.Nothing
  Live live() {
    return new Live("ok");
  }

  /**
   * Whether requests would be served: 503 with the usual body while the database is away, or has no
   * space left.
   */
  @GetMapping({"/health", "/health/ready", "/healthz", "/api/v1/health", "/api/v1/health/ready"})
  @Asks.Nothing
  Health ready() {
    Readiness.require(platform);
    return new Health(
        "ok", version(), platform.environment(), platform.project().get().name(), startedAt);
  }

  private static String version() {
    return Optional.ofNullable(Platform.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
