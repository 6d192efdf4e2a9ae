package io.ecluse.cli;

import io.ecluse.access.AccessTokens;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Durations;
import io.ecluse.web.WebSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a server listens, and how those who come are protected. */
final class Listening {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:ECLUSE_PORT:-8080}",
      description = "where to listen (default: $ECLUSE_PORT, or 8080)")
  private int port = 8080;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "${env:ECLUSE_LISTEN:-127.0.0.1}",
      description =
          "on which address (default: $ECLUSE_LISTEN, or 127.0.0.1, this machine only); one of a network needs TLS, a --proxy, or --insecure")
  private String address = "127.0.0.1";

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "serve HTTPS with this certificate and its chain (PEM); read again on change")
  private Optional<Path> certificate = Optional.empty();

  @Option(names = "--tls-key", paramLabel = "FILE", description = "the certificate's key (PEM)")
  private Optional<Path> key = Optional.empty();

  @Option(
      names = "--proxy",
      paramLabel = "ADDRESS",
      defaultValue = "${env:ECLUSE_PROXY}",
      description =
          "a reverse proxy with TLS, whose X-Forwarded headers are believed, or a network of them as 10.42.0.0/16; may be repeated")
  private List<String> proxies = new ArrayList<>();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:ECLUSE_URL}",
      description = "what people type, as https://data.school.example, for links and checks")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--insecure",
      description = "listen on a network by HTTP: whoever is on the way reads and signs in")
  private boolean insecure;

  @Option(
      names = "--session-idle",
      paramLabel = "DURATION",
      description = "after how long without use sessions end (default: 24h)")
  private Optional<String> sessionIdle = Optional.empty();

  WebSettings settings() {
    if (certificate.isPresent() != key.isPresent()) {
      throw ErrorCode.INVALID_USAGE.error(
          "TLS needs both, --tls-certificate FILE and --tls-key FILE");
    }
    WebSettings settings =
        new WebSettings(
            address,
            port,
            certificate.map(c -> new WebSettings.Tls(c, key.orElseThrow())),
            new HashSet<>(proxies.stream().filter(p -> !p.isBlank()).toList()),
            url.filter(u -> !u.toString().isBlank()), // a variable may be there and empty
            sessionIdle.map(d -> duration("--session-idle", d)).orElse(AccessTokens.SESSION_IDLE));
    if (!settings.isLocal()
        && settings.tls().isEmpty()
        && settings.proxies().isEmpty()
        && !insecure) {
      throw ErrorCode.INVALID_USAGE.error(
          "On %s others could read all that is sent: give --tls-certificate and --tls-key, or name a reverse proxy with TLS by --proxy ADDRESS; --insecure listens all the same"
              .formatted(address));
    }
    return settings;
  }

  static Duration duration(String option, String text) {
    return Durations.parse(text)
        .filter(d -> !d.isZero())
        .orElseThrow(
            () ->
                ErrorCode.INVALID_USAGE.error(
                    "%s must be a duration as 12h or 30d, but is '%s'".formatted(option, text)));
  }
}
